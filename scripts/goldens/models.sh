#!/usr/bin/env bash
# Makes Tests/CommandTests/Goldens/Models: toy inputs, a model of each kind, and what the commands make of it.
#
#     scripts/goldens/models.sh path/to/seqcnn
#
# The models are for every later version to read: run it with the version whose format is to be kept.
set -euo pipefail

(($# == 1)) || {
  echo "usage: $0 SEQCNN" >&2
  exit 64
}
seqcnn=$(realpath "$1")
script=$(realpath "$0")
goldens=$(dirname "$script")/../../Tests/CommandTests/Goldens/Models
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The sites that stand out of shuffles of the genome.
significant() {
  "$seqcnn" scan -q --model "$1/model.safetensors" --genome inputs/genome.fa --p-value 0.005 --top 8 \
    --output "$1/significant.bed"
}

# The largest value of each 1,000 bases of a bedGraph track.
binned() {
  awk -v OFS='\t' '{
    for (bin = int($2 / 1000); bin <= int(($3 - 1) / 1000); bin++) {
      key = $1 OFS bin
      if (!(key in largest)) keys[++count] = key
      if (!(key in largest) || $4 > number[key]) { largest[key] = $4; number[key] = $4 + 0 }
    }
  } END { for (i = 1; i <= count; i++) print keys[i], largest[keys[i]] }' "$1"
}

# What each command makes of model.safetensors, the arguments of which are those of OldModelTests.swift.
outputs() {
  local model=$1/model.safetensors genome=inputs/genome.fa
  "$seqcnn" predict -q --model "$model" --fasta inputs/sequences.fa --output "$1/predict.tsv"
  "$seqcnn" predict -q --model "$model" --regions inputs/regions.bed --genome $genome --output "$1/regions.tsv"
  "$seqcnn" scan -q --model "$model" --genome $genome --threshold 0 --top 12 --output "$1/sites.bed" \
    --bedgraph "$scratch/track.bedgraph" --force
  binned "$scratch/track.bedgraph" >"$1/track.tsv"
  "$seqcnn" variants -q --model "$model" --vcf inputs/variants.vcf --genome $genome --output "$1/variants.tsv"
  "$seqcnn" mutate -q --model "$model" --fasta inputs/mutated.fa --maps 0 --output "$scratch/mutate" --force
  cp "$scratch/mutate/mutations.tsv" "$1"
  grep -qs oneHot "$1/recipe.json" || # It has no filters.
    "$seqcnn" motifs export -q --model "$model" --positives inputs/bound.fa --output "$1/motifs.meme"
}

rm -rf "${goldens:?}"/*/
"$(dirname "$script")/models.py" "$goldens"
cd "$goldens"
for recipe in */recipe.json; do
  kind=${recipe%/*}
  # shellcheck disable=SC2046 # words are meant
  "$seqcnn" train -q $(<"$kind/arguments") --config "$recipe" --output "$scratch/train" --force
  cp "$scratch/train/model.safetensors" "$kind"
  outputs "$kind"
done
significant ensemble
significant deepbind
for parameters in */deepbind.txt; do
  kind=${parameters%/*}
  "$seqcnn" import deepbind -q "$parameters" --output "$kind/model.safetensors"
  outputs "$kind"
  "$seqcnn" predict -q --model "$kind/model.safetensors" --fasta inputs/sequences.fa --average --window-size 9 \
    --output "$kind/average.tsv"
done
