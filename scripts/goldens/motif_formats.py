#!/usr/bin/env python3
"""Checks that Biopython, memelite and GimmeMotifs read the formats that `seqcnn motifs convert` writes.

    pip install biopython==1.88 memelite==0.5.0 gimmemotifs==0.18.4
    scripts/goldens/motif_formats.py .build/release/seqcnn [Biopython's Tests/motifs]

All motifs of motifs/ are written in each format. Names, widths and numbers must be what MEME's file has. The files of
Biopython's own tests, if their folder is given, must become the numbers that Biopython reads in them.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy
from Bio import motifs as biopython
from gimmemotifs.motif import read_motifs
from memelite.io import read_meme

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOTIFS = ROOT / "motifs" / "JASPAR2026_CORE_vertebrates_non-redundant.meme"


def normalized(matrix):
    matrix = numpy.asarray(matrix, dtype=float)
    return matrix / matrix.sum(axis=0)


def check(kind, reader, found, expected, names):
    assert len(found) == len(expected), (kind, reader, len(found))
    for (name, matrix), (full, probabilities) in zip(found, expected.items()):
        assert name in names(full), (kind, reader, name, full)
        assert numpy.abs(normalized(matrix) - probabilities).max() < 2e-6, (kind, reader, name)
    print(f"{reader} reads {kind}: {len(found)} motifs")


FILES = [
    ("Arnt.sites", "sites"), ("MA0056.1.transfac", "transfac"), ("REB1.pfm", "pfm"), ("SRF.pfm", "pfm"),
    ("abdb.xms", "xms"), ("alignace.out", "alignace"), ("clusterbuster.pfm", "clusterbuster"),
    ("fourcolumns.pfm", "pfm-four-columns"), ("fourrows.pfm", "pfm-four-rows"), ("transfac.dat", "transfac"),
    ("meme.INO_up800.classic.oops.xml", "meme"), ("meme.psp_test.classic.zoops.xml", "meme"),
]


def check_reading(program, folder):
    for name, kind in FILES:
        with open(f"{folder}/{name}") as file:
            expected = biopython.parse(file, kind, strict=False)
        command = [program, "motifs", "convert", f"{folder}/{name}", "--to", "gimme-pwm", "--output", "-", "--quiet"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        blocks = [block.splitlines()[1:] for block in text.split(">")[1:]]
        assert len(blocks) == len(expected), name
        for rows, motif in zip(blocks, expected):
            found = numpy.array([row.split() for row in rows], dtype=float).T
            counts = normalized([motif.counts[base] for base in "ACGT"])
            assert numpy.abs(normalized(found) - counts).max() < 2e-6, (name, motif.name)
        print(f"{name}: {len(blocks)} motifs, as Biopython reads them")


def main(program, folder=None):
    if folder:
        check_reading(program, folder)
    expected = read_meme(str(MOTIFS))
    both = lambda full: (full.split()[0], full.split()[1], full, full.replace(" ", "\t"), full.replace(" ", "_"))
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for kind in ["meme", "jaspar", "transfac", "homer", "cluster-buster", "gimme-pfm", "gimme-pwm"]:
            paths[kind] = f"{folder}/{kind}.txt"
            subprocess.run([program, "motifs", "convert", MOTIFS, "--to", kind, "--output", paths[kind], "--quiet"], check=True)
        assert pathlib.Path(paths["meme"]).read_bytes() == MOTIFS.read_bytes()
        check("meme", "memelite", list(read_meme(paths["meme"]).items()), expected, both)
        for kind, fmt in [("jaspar", "jaspar"), ("transfac", "transfac"), ("cluster-buster", "clusterbuster")]:
            with open(paths[kind]) as file:
                read = biopython.parse(file, fmt)
            found = [
                (motif["AC"] if kind == "transfac" else motif.matrix_id if kind == "jaspar" else motif.name,
                 [motif.counts[base] for base in "ACGT"])
                for motif in read
            ]
            check(kind, "Biopython", found, expected, both)
        # GimmeMotifs reads MEME's format only if numbers have one space between, and an empty line ends a matrix.
        for kind, fmt in [("meme", "meme"), ("jaspar", "jaspar"), ("transfac", "transfac"), ("gimme-pfm", "pfm"), ("gimme-pwm", "pfm"), ("homer", "pfm")]:
            read = read_motifs(paths[kind], fmt=fmt)
            consensus_first = kind == "homer"
            names = (lambda full: [motif.id for motif in read]) if consensus_first else both
            check(kind, "GimmeMotifs", [(motif.id, numpy.array(motif.pfm).T) for motif in read], expected, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
