#!/usr/bin/env python3
"""Makes Tests/MotifsTests/Goldens, and checks that Biopython and memelite read what we ship.

    pip install biopython==1.88 memelite==0.5.0
    scripts/goldens/motifs.py

`biopython.json` holds what Biopython computes from a handful of aligned sites. The file in motifs/
is, to the byte, what `memeText` writes (a test says so): that both programs read it is checked here.
"""

import json
import pathlib

import numpy
from Bio import motifs
from memelite.io import read_meme

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITES = [
    "TGACTCAGC", "TGAGTCATA", "TGACTCATT", "AGAGTCAGG", "TGAATCACA", "TTACTCATC", "TGAGTAACG",
]
BACKGROUND = {"A": 0.3, "C": 0.2, "G": 0.2, "T": 0.3}
SEQUENCE = "ACGTTGACTCAGCATTGCATGAGTCATACCGGTA"


def rows(matrix):
    return [list(row) for row in zip(*(map(float, matrix[letter]) for letter in "ACGT"))]


def biopython_golden():
    motif = motifs.create(SITES)
    probabilities = motif.counts.normalize(pseudocounts=0.25)
    motif.pseudocounts = 0.25
    motif.background = BACKGROUND
    log_odds = probabilities.log_odds(BACKGROUND)
    return {
        "sites": SITES,
        "background": [BACKGROUND[letter] for letter in "ACGT"],
        "sequence": SEQUENCE,
        "counts": rows(motif.counts),
        "probabilities": rows(probabilities),
        "relativeEntropy": [float(bits) for bits in motif.relative_entropy],
        "logOdds": rows(log_odds),
        "scores": [float(score) for score in log_odds.calculate(SEQUENCE)],
        "reverseScores": [
            float(score) for score in log_odds.reverse_complement().calculate(SEQUENCE)
        ],
    }


def check_meme(path):
    with open(path) as file:
        biopython = motifs.parse(file, "minimal")
    memelite = read_meme(path)
    assert len(biopython) == len(memelite) == 1019
    for motif, (name, matrix) in zip(biopython, memelite.items()):
        assert name.split()[0] == motif.name and matrix.shape == (4, motif.length)
        assert numpy.abs(matrix.sum(axis=0) - 1).max() < 1e-9
        # Biopython keeps counts: probability times nsites, rounded.
        counts = numpy.array([motif.counts[letter] for letter in "ACGT"])
        assert numpy.abs(counts - matrix * motif.num_occurrences).max() <= 0.500001


if __name__ == "__main__":
    check_meme(ROOT / "motifs" / "JASPAR2026_CORE_vertebrates_non-redundant.meme")
    golden = ROOT / "Tests" / "MotifsTests" / "Goldens" / "biopython.json"
    golden.write_text(json.dumps(biopython_golden(), indent=1) + "\n")
