"""How fast lightmotif and MOODS go over a sequence: motif_scanners.py MEME COUNT FASTA SECONDS

For the first COUNT motifs that are at least 8 wide, both strands, one thread, prints motif positions a
second: every score (lightmotif), and the hits with p < 1e-4 (lightmotif, MOODS). Reading the files, the
matrices and thresholds aren't timed; a sequence's preparation is.
"""

import gzip
import sys

import lightmotif
import MOODS.scan
import MOODS.tools

from timing import median_time

UNIFORM = [0.25] * 4


def read_motifs(path, count):
    """Log-odds in bits, `[motif][position][base]`."""
    motifs, rows = [], []
    with open(path) as lines:
        for line in lines:
            fields = line.split()
            if line.startswith("MOTIF"):
                rows = []
                motifs.append(rows)
            elif motifs and len(fields) == 4 and fields[0][0] in "01":
                rows.append([float(field) for field in fields])
    kept = [rows for rows in motifs if len(rows) >= 8][:count]
    return [MOODS.tools.log_odds([list(base) for base in zip(*rows)], UNIFORM, 0.01, 2) for rows in kept]


def read_sequence(path):
    """The file's only sequence, in upper case."""
    with gzip.open(path, "rt") as lines:
        return "".join(line.strip() for line in lines if not line.startswith(">")).upper()


def main(meme, count, fasta, seconds):
    sequence = read_sequence(fasta)
    forward = read_motifs(meme, count)
    matrices = [m for motif in forward for m in (motif, MOODS.tools.reverse_complement(motif))]
    thresholds = [MOODS.tools.threshold_from_p(matrix, UNIFORM, 1e-4) for matrix in matrices]
    scoring = [lightmotif.ScoringMatrix(dict(zip("ACGT", map(list, matrix)))) for matrix in matrices]
    scanner = MOODS.scan.Scanner(7)  # the window that MOODS's own script uses
    scanner.set_motifs(matrices, UNIFORM, thresholds)

    def every_score():
        striped = lightmotif.stripe(sequence)
        for matrix in scoring:
            matrix.calculate(striped)

    def lightmotif_hits():
        striped = lightmotif.stripe(sequence)
        return sum(
            sum(1 for _ in lightmotif.scan(matrix, striped, threshold=threshold))
            for matrix, threshold in zip(scoring, thresholds)
        )

    def moods_hits():
        return sum(len(hits) for hits in scanner.scan(sequence))

    found = lightmotif_hits(), moods_hits()
    if abs(found[0] - found[1]) > 0.01 * found[1]:
        sys.exit(f"lightmotif finds {found[0]} hits and MOODS {found[1]}: not the same work")
    work = len(sequence) * len(matrices)
    runs = every_score, lightmotif_hits, moods_hits
    print(*(round(work / median_time(seconds, run)) for run in runs), sep="\t")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
