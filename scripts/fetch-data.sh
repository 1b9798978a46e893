#!/usr/bin/env bash
# Fetches larger public data into data/fetched/: the whole of GRCh37's chromosome 20 and indels on
# it, both from Debian's package vt-examples (MIT). What is there and sound isn't fetched again.
set -euo pipefail
cd "$(dirname "$0")/.."

target=data/fetched
# SHA-256, and the name, of each file that must be there in the end.
sums="\
83c80b3fb23822ff0a66f26306e46f5db3c83d48fcff68bcddc353a3d8ef581b  GRCh37.chr20.fa.gz
9d25ad9f68b9deeff4a681d2315930ed3ac8a788d873e6fcf9e91c1c1755cabd  GRCh37.chr20.fa.gz.fai
eb1a55928180169ef4890ae4b5c259ff62960e877c8070af77ca9d94007f1802  GRCh37.chr20.fa.gz.gzi
8c8278a4d6ab4ace8d07cb7eed6c5293729ffb5822c4fe4122e5a96ddd84daf7  vt_normalize_in.vcf.gz"

is_complete() {
  [[ -d "$1" ]] && (cd "$1" && sha256sum --check --quiet --strict - <<<"$sums")
}

if is_complete "$target" 2>/dev/null; then
  echo "fetch-data: $target is complete" >&2
  exit 0
fi
for program in apt-get dpkg-deb gunzip sha256sum; do
  command -v "$program" >/dev/null || {
    echo "fetch-data: needs $program; run it on Debian or Ubuntu" >&2
    exit 1
  }
done

mkdir -p "$target"
work=$(mktemp -d "$target/.fetching-XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "fetch-data: downloading vt-examples (18 MB) with apt" >&2
(cd "$work" && apt-get download -q vt-examples) || {
  echo "fetch-data: apt can't download vt-examples; run apt-get update first" >&2
  exit 1
}
dpkg-deb --extract "$work"/vt-examples_*.deb "$work/package"

examples=$work/package/usr/share/doc/vt/examples
mkdir "$work/ready"
mv "$examples/ref/20.fa.gz" "$work/ready/GRCh37.chr20.fa.gz"
mv "$examples/ref/20.fa.gz.fai" "$work/ready/GRCh37.chr20.fa.gz.fai"
gunzip --stdout "$examples/ref/20.fa.gz.gzi.gz" >"$work/ready/GRCh37.chr20.fa.gz.gzi"
mv "$examples/normalize/01_IN.vcf.gz" "$work/ready/vt_normalize_in.vcf.gz"
is_complete "$work/ready" || {
  echo "fetch-data: vt-examples holds other data than expected; nothing was kept" >&2
  exit 1
}
mv -f "$work"/ready/* "$target/"
echo "fetch-data: $target is complete" >&2
