#!/usr/bin/env bash
# Times seqcnn beside PyTorch, lightmotif and MOODS, and writes the tables into docs/benchmarks.md.
#
#   scripts/bench/run.sh [--rounds N] [--quick] [--no-write] [--table PEAKS.tsv.gz]
#
# --rounds    how often each program is timed, in turn (5)
# --quick     two short rounds, for a first look
# --no-write  only print the tables
# --table     train on these peaks instead of made ones
#
# A virtual environment in .build/bench-python takes torch, lightmotif and MOODS-python from where pip's settings
# point; an installed torch is used as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=.build/bench-python/bin/python
if ! "$python" -c "import torch, lightmotif, MOODS.scan" 2>/dev/null; then
  python3 -m venv --clear --system-site-packages .build/bench-python
  "$python" -m pip install --quiet torch lightmotif MOODS-python
fi

scripts/setup.sh
swift build -c release --product seqcnn
swift build -c release --product seqcnn-bench
clang -O3 -march=native scripts/bench/peak.c -o .build/bench-peak

PYTHONDONTWRITEBYTECODE=1 exec "$python" scripts/bench/compare.py "$@"
