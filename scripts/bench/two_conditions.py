#!/usr/bin/env python3
"""How well `seqcnn compare` tells which of two conditions binds a peak.

    two_conditions.py SEQCNN GENOME.fa A.narrowPeak B.narrowPeak WORK [CUT]

Peaks before CUT (36,000,000) of the genome's first sequence are learned from, those behind it measured. Prints the area
under the ROC curve of the difference A - B, peaks of A alone against those of B alone, for

- one model with two tasks that learned the peaks of A and of B against each other (`--make-negatives given`),
- one that learned them against random windows of the genome, by log odds and by rank,
- two models with one task each, by log odds and by rank,
- and, as a yardstick, a model that learned peaks of A alone against peaks of B alone;

and the share of every second peak of both conditions with a p-value below 0.05, without `--shared` and with the other
peaks of both as such. Needs scikit-learn.
"""
import gzip
import pathlib
import subprocess
import sys

from sklearn.metrics import roc_auc_score

SEQCNN, GENOME, PEAKS, WORK = sys.argv[1], sys.argv[2], sys.argv[3:5], pathlib.Path(sys.argv[5])
CUT = int(sys.argv[6]) if len(sys.argv) > 6 else 36_000_000
HALF = 50


def lines(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        yield from file


def run(*arguments):
    subprocess.run([SEQCNN, *map(str, arguments), "--quiet", "--force"], check=True)


def genome():
    name, bases = None, []
    for line in lines(GENOME):
        if line.startswith(">"):
            if name:
                break
            name = line[1:].split()[0]
        else:
            bases.append(line.strip().upper())
    return name, "".join(bases)


def write_fasta(path, records):
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in records))


def peaks_of(path, sequence):
    rows = [line.rstrip("\n").split("\t") for line in lines(path)]
    return [row for row in rows if row[0] in (sequence, "chr" + sequence)]


def overlaps(row, others):
    return any(int(o[1]) < int(row[2]) and int(row[1]) < int(o[2]) for o in others)


def shifted(row, start):
    return [row[0], str(int(row[1]) - start), str(int(row[2]) - start), *row[3:]]


def write_peaks(path, rows):
    path.write_text("".join("\t".join(row) + "\n" for row in rows))


def window(row, bases):
    centre = int(row[1]) + int(row[9])
    return bases[centre - HALF : centre + HALF + 1]


def differences(output, regions, genome_path, *models):
    path = WORK / output
    run("compare", *models, "--genome", genome_path, "--regions", regions, "--output", path)
    rows = [line.rstrip("\n").split("\t") for line in path.open() if not line.startswith("#")]
    return [float(row[8]) for row in rows], [row[11] for row in rows]


def below(alone, both):
    return tuple(round(sum(float(p) < 0.05 for p in ps) / len(ps), 3) for ps in (alone, both))


def area(first, second):
    return roc_auc_score([1] * len(first) + [0] * len(second), list(first) + list(second))


def known(rows):
    return [row for row in rows if int(row[2]) + HALF < CUT]


def held(rows):
    return [shifted(row, CUT) for row in rows if int(row[1]) - HALF > CUT]


def write_halves():
    """Writes the genome before and behind CUT; returns its sequence's name and bases, and the two paths."""
    name, bases = genome()
    left, right = WORK / "left.fa", WORK / "right.fa"
    write_fasta(left, [(name, bases[:CUT])])
    write_fasta(right, [(name, bases[CUT:])])
    return name, bases, left, right


def write_tasks(rows, alone, bases):
    """Writes the known peaks of each task; of those that it alone has, the held out ones and windows of the known ones."""
    for i, task in enumerate("AB"):
        write_peaks(WORK / f"{task}.narrowPeak", known(rows[i]))
        write_peaks(WORK / f"{task}.held.narrowPeak", held(alone[i]))
        write_fasta(
            WORK / f"{task}.alone.fa",
            [(f"{task}{k}", window(r, bases)) for k, r in enumerate(known(alone[i]))])


def train(left):
    """Trains the models of the two tasks; returns, for each comparison, its name and the options of `compare`."""
    both = ["--peaks", f"A={WORK}/A.narrowPeak", f"B={WORK}/B.narrowPeak", "--genome", left]
    run("train", *both, "--make-negatives", "given", "--output", WORK / "contrast")
    run("train", *both, "--output", WORK / "joint")
    for task in "AB":
        run("train", "--peaks", f"{task}={WORK}/{task}.narrowPeak", "--genome", left, "--output",
            WORK / task)
    contrast = ["--model", WORK / "contrast/model.safetensors"]
    joint = ["--model", WORK / "joint/model.safetensors"]
    single = ["--model", WORK / "A/model.safetensors", "--model", WORK / "B/model.safetensors"]
    return [
        ("against each other", contrast), ("against each other, ranks", contrast + ["--scale", "rank"]),
        ("against random windows", joint),
        ("against random windows, ranks", joint + ["--scale", "rank"]),
        ("two models", single), ("two models, ranks", single + ["--scale", "rank"]),
    ]


def compare(what, models, right, regions, shared, counts):
    """Prints how models tell the two conditions, of regions of A alone, of B alone and of both."""
    output = what.replace(", ", "-").replace(" ", "-") + ".tsv"
    found, own = differences(output, regions, right, *models)
    _, given = differences(output, regions, right, *models, "--shared", shared)
    a, b = found[: counts[0]], found[counts[0] : counts[0] + counts[1]]
    shares = [below(p[: sum(counts[:2])], p[sum(counts[:2]) :]) for p in (own, given)]
    print(f"{what}: AUROC {area(a, b):.3f}; p < 0.05 of peaks of one, of both: "
          f"{shares[0]}; with --shared {shares[1]}", flush=True)


def learn_directly(right):
    """Prints how a model that learned peaks of A alone against peaks of B alone tells them."""
    run("train", "--positives", WORK / "A.alone.fa", "--negatives", WORK / "B.alone.fa", "--output",
        WORK / "direct")
    scores = []
    for task in "AB":
        path = WORK / f"direct.{task}.tsv"
        run("predict", "--model", WORK / "direct/model.safetensors", "--regions",
            WORK / f"{task}.held.narrowPeak", "--genome", right, "--output", path)
        table = [line.split("\t") for line in path.read_text().splitlines()[1:]]
        scores.append([float(row[4]) for row in table if row[4] != "NA"])
    print(f"A against B directly: AUROC {area(*scores):.3f}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    name, bases, left, right = write_halves()
    rows = [peaks_of(path, name) for path in PEAKS]
    alone = [[r for r in rows[i] if not overlaps(r, rows[1 - i])] for i in (0, 1)]
    write_tasks(rows, alone, bases)
    common = held([r for r in rows[0] if overlaps(r, rows[1])])
    counts = [len(held(alone[0])), len(held(alone[1])), len(common)]
    print(f"held out: {counts[0]} peaks of A alone, {counts[1]} of B alone, {counts[2]} of both")
    regions, shared = WORK / "regions.narrowPeak", WORK / "shared.narrowPeak"
    write_peaks(regions, held(alone[0]) + held(alone[1]) + common[1::2])
    write_peaks(shared, common[::2])
    for what, models in train(left):
        compare(what, models, right, regions, shared, counts)
    learn_directly(right)


main()
