"""How the best window tells long peaks from other stretches: lengths.py SEQCNN MODEL PEAKS GENOME

Cuts the 300 strongest peaks of GENOME's first sequence (narrowPeak, by signal value) at their summits to lengths from
101 to 5,000 bases, draws as many stretches without a peak or an unknown base, scores all with `seqcnn predict`, and
prints for each length the share with a probability above 0.5 and the shares with an evalue of at most 0.1,
0.05 and 0.01.
"""

import csv
import gzip
import io
import random
import subprocess
import sys

LENGTHS, COUNT, SEED = [101, 200, 500, 1000, 2000, 5000], 300, 1
EVALUES = [0.1, 0.05, 0.01]


def opened(path):
    return gzip.open(path, "rt") if path.endswith(".gz") else open(path)


def read_first_sequence(path):
    with opened(path) as text:
        name = text.readline()[1:].split()[0]
        lines = []
        for line in text:
            if line.startswith(">"):
                break
            lines.append(line.strip().upper())
    return name, "".join(lines)


def read_peaks(path, chromosome):
    """Start, end, summit and signal of each peak on a chromosome."""
    with opened(path) as lines:
        fields = [line.split("\t") for line in lines]
    same = [f for f in fields if f[0].removeprefix("chr") == chromosome.removeprefix("chr")]
    return [(int(f[1]), int(f[2]), int(f[1]) + int(f[9]), float(f[6])) for f in same]


def scores(seqcnn, model, sequences):
    """Probability and E-value of each sequence."""
    fasta = "".join(f">{i}\n{bases}\n" for i, bases in enumerate(sequences))
    command = [seqcnn, "predict", "--model", model, "--fasta", "-", "--quiet"]
    run = subprocess.run(command, input=fasta, capture_output=True, text=True, check=True)
    header, *rows = csv.reader(io.StringIO(run.stdout), delimiter="\t")
    column = header.index("evalue")
    return [(float(row[1]), float(row[column])) for row in rows if row[1] != "NA"]


def main():
    seqcnn, model, peak_file, genome_file = sys.argv[1:]
    name, genome = read_first_sequence(genome_file)
    peaks = read_peaks(peak_file, name)
    strongest = sorted(peaks, key=lambda peak: -peak[3])[:COUNT]
    taken = bytearray(len(genome))
    for start, end, _, _ in peaks:
        taken[start:end] = b"\1" * (end - start)
    draw = random.Random(SEED)

    def stretch(length):
        while True:
            start = draw.randrange(len(genome) - length)
            bases = genome[start : start + length]
            if "N" not in bases and not any(taken[start : start + length]):
                return bases

    print("\t".join(["sequences", "length", "P > 0.5"] + [f"evalue <= {e}" for e in EVALUES]))
    for length in LENGTHS:
        cut = [genome[max(0, p[2] - length // 2) :][:length] for p in strongest]
        drawn = [stretch(length) for _ in range(COUNT)]
        for kind, sequences in ("peaks", cut), ("without a peak", drawn):
            read = scores(seqcnn, model, sequences)
            shares = [sum(p > 0.5 for p, _ in read)]
            shares += [sum(e <= limit for _, e in read) for limit in EVALUES]
            percent = [f"{100 * share / len(read):.1f} %" for share in shares]
            print("\t".join([kind, str(length)] + percent))


main()
