#!/usr/bin/env bash
# Builds seqcnn and runs it on the example data: trains on CTCF peaks, exports the motifs, scans part
# of chromosome 20 with DeepBind's network and scores variants. Arguments go to the build.
set -euo pipefail
cd "$(dirname "$0")/.."

data=data
output=demo-output
model=$output/model/model.safetensors
seqcnn=$PWD/.build/release/seqcnn

# Says what a step is for, shows its command, and runs it.
step() {
  local purpose=$1
  shift
  printf '\n%s\n  seqcnn %s\n' "$purpose" "$*"
  "$seqcnn" "$@"
}

scripts/setup.sh
swift build -c release --product seqcnn "$@"
mkdir -p "$output"

step "1. Learn from the 500 strongest CTCF peaks of GM12878" \
  train --positives $data/Gm12878.CTCF.top500.w200.fa --output $output/model --force
auroc=$(sed -n 's/^  "auroc" : \([0-9.]*\),$/\1/p' $output/model/metrics.json)
awk -v auroc="$auroc" 'BEGIN { exit !(auroc >= 0.95) }' || {
  echo "demo: held-out AUROC is '$auroc', expected 0.95 or more" >&2
  exit 1
}

step "2. Write the motifs that it learned" \
  motifs export --model $model --positives $data/Gm12878.CTCF.top500.w200.fa \
  --output $output/motifs.meme --force

step "3. Learn with DeepBind's network alone, which repeats in a genome don't mislead" \
  train --preset deepbind --positives $data/Gm12878.CTCF.top500.w200.fa --output $output/deepbind --force

step "4. Find binding sites in the first 2 Mb of chromosome 20" \
  scan --model $output/deepbind/model.safetensors --genome $data/GRCh37.chr20.slice.fa.gz \
  --output $output/sites.bed --bigwig $output/track.bw --force
sed -n '/^#chrom/,+3p' $output/sites.bed

step "5. Score what variants do to binding" \
  variants --model $model --vcf $data/variants.vcf --genome $data/GRCh37.chr20.slice.fa.gz \
  --output $output/scored.vcf --force
grep -v '^#' $output/scored.vcf | cut -f 1,2,4,5,8

cat <<END

Held-out AUROC: $auroc. Look at
  $output/model/report.html   figures, curves and motif logos; open it in a browser
  $output/motifs.meme         motifs for MEME's tools, such as tomtom
  $output/sites.bed           sites, for bedtools or a genome browser
  $output/track.bw            the score of every base, for a genome browser
  $output/scored.vcf          the variants with SEQCNN_* fields in INFO
END
