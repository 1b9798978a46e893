#!/usr/bin/env python3
"""Makes Tests/InferenceTests/Goldens/exact_tests.tsv: SciPy's Fisher's exact test and binomial tail.

    pip install scipy==1.17.1
    scripts/goldens/exact_tests.py
"""

import pathlib
import random

from scipy.stats import binom, fisher_exact

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "InferenceTests" / "Goldens" / "exact_tests.tsv"


def main():
    draw = random.Random(1)
    lines = ["test\tcount\ttrials\tother\tp\n"]
    tables = [(0, 5, 0, 7), (5, 5, 0, 7), (5, 5, 7, 7), (0, 5, 7, 7), (1, 1, 0, 1), (400, 500, 3, 500), (30000, 47000, 29000, 47000)]
    for _ in range(60):
        trials, others = (int(10 ** draw.uniform(0, 4)) for _ in range(2))
        tables.append((draw.randint(0, trials), trials, draw.randint(0, others), others))
        share = draw.random()
        first = sum(draw.random() < share for _ in range(trials))
        tables.append((first, trials, sum(draw.random() < share for _ in range(others)), others))
    for count, trials, other, others in tables:
        p = fisher_exact([[count, trials - count], [other, others - other]], alternative="greater").pvalue
        lines.append(f"fisher\t{count}\t{trials}\t{other},{others}\t{float(p)!r}\n")
    for _ in range(60):
        trials, share = int(10 ** draw.uniform(0, 4)), draw.uniform(0.001, 0.999)
        for count in {0, trials, draw.randint(0, trials), min(trials, int(trials * share) + 3)}:
            lines.append(f"binomial\t{count}\t{trials}\t{share!r}\t{float(binom.sf(count - 1, trials, share))!r}\n")
    GOLDEN.write_text("".join(lines))


if __name__ == "__main__":
    main()
