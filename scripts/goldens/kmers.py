#!/usr/bin/env python3
"""Makes Tests/TrainingTests/Goldens/kmers.json: what liblinear and ridge regression learn from gapped k-mers.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    scripts/goldens/kmers.py

Features by their definition: for each pattern, k-mer and sequence how often the k-mer stands under the
pattern in a window without an unknown base, on either strand, over sqrt(2 * patterns * windows).
"""

import itertools
import json
import pathlib

import numpy
from sklearn.linear_model import Ridge
from sklearn.svm import LinearSVC

GOLDEN = (
    pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TrainingTests" / "Goldens" / "kmers.json"
)
SPAN, INFORMATIVE, PATTERNS, COST = 10, 3, 5, 0.7


def patterns():
    """Evenly spread over those that differ in more than place and direction, in lexicographic order."""
    distinct = []
    for choice in itertools.combinations(range(SPAN), INFORMATIVE):
        mirrored = tuple(sorted(choice[-1] - offset for offset in choice))
        if choice[0] == 0 and mirrored not in distinct:
            distinct.append(choice)
    return [distinct[i * len(distinct) // PATTERNS] for i in range(PATTERNS)]


def features(sequence):
    counts = numpy.zeros((PATTERNS, 4**INFORMATIVE))
    windows = max(1, len(sequence) - SPAN + 1)
    for start in range(len(sequence) - SPAN + 1):
        window = sequence[start : start + SPAN]
        if "N" in window:
            continue
        for strand in (window, window[::-1].translate(str.maketrans("ACGT", "TGCA"))):
            for row, pattern in enumerate(patterns()):
                kmer = 0
                for offset in pattern:
                    kmer = 4 * kmer + "ACGT".index(strand[offset])
                counts[row, kmer] += 1
    return counts.ravel() / numpy.sqrt(2 * PATTERNS * windows)


def decisions(table, labels, weights):
    known = ~numpy.isnan(labels) & (weights > 0)
    machine = LinearSVC(C=COST, loss="squared_hinge", dual=True, tol=1e-9, max_iter=10_000_000)
    machine.fit(table[known], labels[known] > 0.5, sample_weight=weights[known])
    return machine.decision_function(table)


def predictions(table, numbers, weights):
    """The bias is the weight of a feature that is always 1, and penalized as the others."""
    known = ~numpy.isnan(numbers) & (weights > 0)
    rows = numpy.hstack([table, numpy.ones((len(table), 1))])
    machine = Ridge(alpha=0.5, fit_intercept=False, solver="cholesky")
    machine.fit(rows[known], numbers[known], sample_weight=COST * weights[known])
    return machine.predict(rows)


if __name__ == "__main__":
    random = numpy.random.default_rng(12)
    sequences, labels = [], []
    for index in range(80):
        letters = random.choice(list("ACGTN"), random.integers(25, 60), p=[0.3, 0.2, 0.19, 0.3, 0.01])
        own = random.integers(0, 2, 2).astype(float)
        for task, site in enumerate(["GATAAG", "CACGTG"]):
            if own[task] == 1 and random.random() < 0.8:
                start = random.integers(0, len(letters) - 6)
                letters[start : start + 6] = list(site)
        sequences.append("".join(letters))
        labels.append([value if random.random() < 0.8 else numpy.nan for value in own])
    sequences += ["ACGTACGTA", "", "NNNNNNNNNNNN"]
    labels += [[1, 0], [0, numpy.nan], [1, 1]]
    labels = numpy.array(labels)
    weights = random.choice([0, 0.25, 0.5, 1, 2], len(sequences)).astype("float32")
    table = numpy.array([features(sequence) for sequence in sequences])
    outputs = [decisions(table, labels[:, task], weights) for task in range(2)]
    numbers = 3 * labels - 1 + random.normal(size=labels.shape)
    fitted = [predictions(table, numbers[:, task], weights) for task in range(2)]
    GOLDEN.write_text(json.dumps({
        "informative": INFORMATIVE,
        "patterns": PATTERNS,
        "cost": COST,
        "sequences": sequences,
        "labels": [[None if numpy.isnan(x) else x for x in row] for row in labels.tolist()],
        "weights": weights.tolist(),
        "outputs": numpy.transpose(outputs).tolist(),
        "numbers": [[None if numpy.isnan(x) else x for x in row] for row in numbers.tolist()],
        "fitted": numpy.transpose(fitted).tolist(),
    }) + "\n")
