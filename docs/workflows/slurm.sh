#!/usr/bin/env bash
# A genome scan in shards, as a Slurm array and a job that joins it:
#
#     slurm.sh MODEL GENOME OUTPUT [SHARDS]
#
# OUTPUT.bed.gz and the track, OUTPUT.bw, are byte for byte those of one scan without shards. RULE, such
# as "--fdr 0.05", says what a site is.
set -euo pipefail

if [[ ${1:-} == --task ]]; then
  shift
  # shellcheck disable=SC2086 # RULE is an option and its value.
  exec seqcnn scan --model "$1" --genome "$2" ${RULE:-} --quiet --force \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --shard "$SLURM_ARRAY_TASK_ID/$4" \
    --output "$3.shard$SLURM_ARRAY_TASK_ID.bed.gz" --bigwig "$3.shard$SLURM_ARRAY_TASK_ID.bw"
fi

model=$1 genome=$2 output=$3 shards=${4:-20}
script=$(realpath "$0")
export RULE=${RULE:-}
array=$(sbatch --parsable --export ALL --array "1-$shards" --cpus-per-task 2 \
  "$script" --task "$model" "$genome" "$output" "$shards")
files=()
for ((i = 1; i <= shards; i++)); do files+=("$output.shard$i.bed.gz"); done
sbatch --export ALL --dependency "afterok:$array" \
  --wrap "seqcnn scan merge$(printf ' %q' "${files[@]}") \
--output $(printf '%q' "$output.bed.gz") --bigwig $(printf '%q' "$output.bw") --quiet --force"
