"""How long lightmotif takes for what `seqcnn motifs scan` does: motif_scan.py MEME FASTA BASES P_VALUE

Prints the seconds for matrices and thresholds, and for the hits of all motifs on both strands in the middle BASES
of the file's only sequence, which are counted and not written; and their number. One thread.
"""

import gzip
import math
import sys
import time

import lightmotif


def read_motifs(path):
    """Log-odds in bits, `[motif][position][base]`, with FIMO's pseudocount for 20 sites."""
    motifs, rows = [], []
    with open(path) as lines:
        for line in lines:
            fields = line.split()
            if line.startswith("MOTIF"):
                rows = []
                motifs.append(rows)
            elif motifs and len(fields) == 4 and fields[0][0] in "01":
                rows.append([math.log2((float(p) * 20 + 0.025) / 20.1 / 0.25) for p in fields])
    return motifs


def read_middle(path, count):
    with gzip.open(path, "rt") as lines:
        sequence = "".join(line.strip() for line in lines if not line.startswith(">")).upper()
    start = max(0, (len(sequence) - count) // 2)
    return sequence[start : start + count]


def main(meme, fasta, count, p_value):
    sequence = read_middle(fasta, count)
    motifs = read_motifs(meme)
    began = time.perf_counter()
    forward = [lightmotif.ScoringMatrix(dict(zip("ACGT", map(list, zip(*motif))))) for motif in motifs]
    scoring = [matrix for motif in forward for matrix in (motif, motif.reverse_complement())]
    thresholds = [matrix.score(p_value) for matrix in scoring]
    prepared = time.perf_counter()
    striped = lightmotif.stripe(sequence)
    hits = sum(
        sum(1 for _ in lightmotif.scan(matrix, striped, threshold=threshold))
        for matrix, threshold in zip(scoring, thresholds)
    )
    ended = time.perf_counter()
    print(f"{prepared - began:.2f}\t{ended - prepared:.2f}\t{hits}")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
