#!/usr/bin/env python3
"""Writes the newest version of each JASPAR CORE matrix of a taxonomic group in MEME format.

    pip download --no-deps pyjaspar==4.0.0
    unzip pyjaspar-4.0.0-py3-none-any.whl pyjaspar/data/JASPAR2026.sqlite
    scripts/jaspar-to-meme.py pyjaspar/data/JASPAR2026.sqlite vertebrates \
        > motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme

A maintainer runs this once a release; seqcnn itself needs no Python.
"""

import sqlite3
import sys

NEWEST = """
    SELECT ID, BASE_ID, VERSION, NAME FROM MATRIX AS newest
    WHERE COLLECTION = 'CORE'
      AND VERSION = (SELECT max(VERSION) FROM MATRIX
                     WHERE COLLECTION = 'CORE' AND BASE_ID = newest.BASE_ID)
      AND EXISTS (SELECT 1 FROM MATRIX_ANNOTATION
                  WHERE ID = newest.ID AND TAG = 'tax_group' AND VAL = ?)
    ORDER BY BASE_ID
"""
COUNTS = "SELECT row, col, val FROM MATRIX_DATA WHERE ID = ? ORDER BY col"

HEADER = """MEME version 5

ALPHABET= ACGT

strands: + -

Background letter frequencies
A 0.250000 C 0.250000 G 0.250000 T 0.250000
"""


def decimals(counts):
    """Probabilities with 6 decimals that sum to 1 exactly: the largest takes up the rounding."""
    millionths = [round(1_000_000 * count / sum(counts)) for count in counts]
    millionths[millionths.index(max(millionths))] += 1_000_000 - sum(millionths)
    return " ".join(f"{value / 1_000_000:.6f}" for value in millionths)


def main(path, group):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    print(HEADER, end="")
    for key, base, version, name in database.execute(NEWEST, (group,)):
        columns = {}
        for letter, position, count in database.execute(COUNTS, (key,)):
            columns.setdefault(position, {})[letter] = count
        rows = [[column[letter] for letter in "ACGT"] for column in columns.values()]
        site_count = max(1, round(min(map(sum, rows))))
        identifier = f"{base}.{version}"
        print(f"\nMOTIF {identifier} {'_'.join(name.split())}")
        print(f"letter-probability matrix: alength= 4 w= {len(rows)} nsites= {site_count} E= 0")
        for row in rows:
            print(f" {decimals(row)}")
        print(f"\nURL https://jaspar.elixir.no/matrix/{identifier}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} JASPAR.sqlite TAXONOMIC_GROUP > OUT.meme")
    main(*sys.argv[1:])
