#!/usr/bin/env bash
# Formats the Swift sources in place; with --check, reports what is off and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1-}" in
  "") swift format --in-place --parallel --recursive Sources Tests Package.swift scripts/bench docs/example ;;
  --check) swift format lint --strict --parallel --recursive Sources Tests Package.swift scripts/bench docs/example ;;
  *)
    echo "usage: $0 [--check]" >&2
    exit 64
    ;;
esac
