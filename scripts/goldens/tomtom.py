#!/usr/bin/env python3
"""Makes Tests/MotifsTests/Goldens/tomtom.tsv: memelite's comparison of motifs of the database in motifs/.

    pip install memelite==0.5.0
    scripts/goldens/tomtom.py

How far memelite's p-values are from those without its two approximations, all columns apart and medians in bins of one
value each, is printed.
"""

import pathlib

import numpy
from memelite import tomtom
from memelite.io import read_meme

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOTIFS = ROOT / "motifs" / "JASPAR2026_CORE_vertebrates_non-redundant.meme"
GOLDEN = ROOT / "Tests" / "MotifsTests" / "Goldens" / "tomtom.tsv"
QUERIES, TARGETS = slice(0, None, 32), slice(0, None, 16)


def main():
    motifs = read_meme(str(MOTIFS))
    names = [name.split()[0] for name in motifs]
    matrices = [numpy.asarray(matrix, dtype="float64") for matrix in motifs.values()]
    queries = matrices[QUERIES]
    matches = tomtom(queries, matrices, n_jobs=1)
    exact = tomtom(queries, matrices, n_target_bins=None, n_median_bins=10_000_000, n_jobs=1)
    likely = exact[0] > 1e-12
    error = numpy.abs(matches[0] / exact[0] - 1)[likely]
    print(f"{(error <= 0.01).mean():.1%} of p-values within 1 % of those without merging and bins, the worst {error.max():.0%} off")
    lines = ["query\ttarget\tpvalue\tscore\toffset\toverlap\tstrand\n"]
    for query, query_name in enumerate(names[QUERIES]):
        for target, name in list(enumerate(names))[TARGETS]:
            p, score, offset, overlap, strand = (float(values[query, target]) for values in matches)
            lines.append(f"{query_name}\t{name}\t{p!r}\t{score:.0f}\t{offset:.0f}\t{overlap:.0f}\t{'-' if strand else '+'}\n")
    GOLDEN.write_text("".join(lines))


if __name__ == "__main__":
    main()
