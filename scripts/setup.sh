#!/usr/bin/env bash
# Installs with apt whatever seqcnn needs to build and isn't here yet, and checks Swift.
set -euo pipefail

packages=(libopenblas-openmp-dev zlib1g-dev libdeflate-dev libhts-dev libbigwig-dev libssl-dev pkg-config)
swift_needed=6.2

is_installed() {
  [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

install_missing() {
  local missing=() package
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0

  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "setup: ${missing[*]} missing; run as root: apt-get install ${missing[*]}" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]} with apt" >&2
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
}

check_swift() {
  local found
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*[0-9]\).*/\1/p')
  if [[ -z "$found" ]]; then
    echo "setup: no swift on the PATH; install $swift_needed or newer: https://www.swift.org/install/linux/" >&2
    exit 1
  fi
  if [[ "$(printf '%s\n' "$swift_needed" "$found" | sort --version-sort | head -n 1)" != "$swift_needed" ]]; then
    echo "setup: swift is $found; install $swift_needed or newer: https://www.swift.org/install/linux/" >&2
    exit 1
  fi
}

if ! command -v dpkg-query >/dev/null; then
  echo "setup: no apt here; install OpenBLAS, zlib, libdeflate, htslib, libBigWig, OpenSSL and pkg-config yourself" >&2
else
  install_missing
fi
check_swift
