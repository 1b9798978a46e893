#!/usr/bin/env python3
"""Writes what scripts/goldens/models.sh trains: toy inputs, and a recipe for each kind of network.

    scripts/goldens/models.py FOLDER
"""

import json
import pathlib
import random
import sys

MOTIFS = {"a": "TGATAAGC", "b": "CCACGTGA"}
LENGTH = 40
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def bases(random, count):
    return "".join(random.choice("ACGT") for _ in range(count))


def planted(random, sequence, motif):
    """The sequence with the motif on either strand, one base of it changed now and then, near the middle."""
    site = list(motif)
    if random.random() < 0.3:
        site[random.randrange(len(site))] = random.choice("ACGT")
    site = "".join(site)
    if random.random() < 0.5:
        site = site.translate(COMPLEMENT)[::-1]
    start = len(sequence) // 2 - len(site) // 2 + random.randrange(-8, 9)
    return sequence[:start] + site + sequence[start + len(site):]


def fasta(records, width=60):
    return "".join(
        f">{name}\n" + "".join(f"{text[i:i + width]}\n" for i in range(0, len(text), width))
        for name, text in records)


def genome(random):
    """Two chromosomes with a motif every 300 bases, unknown and lower-case bases, and a short one."""
    records, peaks = [], []
    for name, length in [("chr1", 21_000), ("chr2", 12_000)]:
        text = bases(random, length)
        for start in range(200, length - 300, 300):
            start += random.randrange(100)
            text = text[:start] + planted(random, text[start:start + 60], MOTIFS["a"]) + text[start + 60:]
            peaks.append(f"{name}\t{start}\t{start + 60}\tp{len(peaks) + 1}\t{random.randrange(1, 1000)}\n")
        text = text[:900] + "N" * 70 + text[970:2000] + text[2000:2400].lower() + text[2400:]
        records.append((name, text))
    records.append(("chrS", bases(random, 35)))
    return records, "".join(peaks)


def variants(random, records, peaks):
    """Single bases, small insertions and deletions, several alternates, and alleles without a score, at peaks."""
    lines = ["##fileformat=VCFv4.2", "\t".join("#CHROM POS ID REF ALT QUAL FILTER INFO".split())]
    text = dict(records)["chr1"]
    for index in range(24):
        start = int(peaks.split("\n")[index].split("\t")[1]) + random.randrange(22, 38)
        known = text[start:start + 4].upper()
        others = [base for base in "ACGT" if base != known[0]]
        if index % 6 == 2:
            reference, alternate = known[0], known[0] + bases(random, 1 + index % 4)
        elif index % 6 == 4:
            reference, alternate = known, known[0]
        elif index == 7:
            reference, alternate = known[0], ",".join(others[:2])
        elif index == 13:
            reference, alternate = known[0], "<DEL>"
        else:
            reference, alternate = known[0], random.choice(others)
        lines.append(f"chr1\t{start + 1}\tv{index + 1}\t{reference}\t{alternate}\t.\t.\t.")
    lines.append("chr1\t925\tn\tN\tA\t.\t.\t.")
    lines.append(f"chrS\t10\ts\t{dict(records)['chrS'][9]}\t*\t.\t.\t.")
    return "\n".join(lines) + "\n"


def inputs(random):
    """The inputs by name."""
    records, peaks = genome(random)
    files = {"genome.fa": fasta(records), "peaks.bed": peaks, "variants.vcf": variants(random, records, peaks)}
    files["regions.bed"] = "".join(
        f"{name}\t{start}\t{end}\n" for name, start, end in [
            ("chr1", 230, 290), ("chr1", 500, 540), ("chr1", 880, 940), ("chr1", 905, 965), ("chr1", 2100, 2400),
            ("chr1", 20_990, 21_000), ("chr2", 0, 5), ("chr2", 3000, 3041), ("chrS", 5, 20), ("chrX", 5, 20)])
    files["positives.fa"] = fasta(
        (f"s{i + 1}", planted(random, bases(random, 42 + i % 12), MOTIFS["a"])) for i in range(150))
    files["bound.fa"] = fasta((f"b{i + 1}", planted(random, bases(random, LENGTH), MOTIFS["a"])) for i in range(60))
    tasks, numbers = ["seq\tfirst\tsecond\n"], ["seq\tintensity\n"]
    for i in range(120):
        text = bases(random, LENGTH)
        text = planted(random, text, MOTIFS["a"]) if i % 2 else text
        text = planted(random, text, MOTIFS["b"]) if i % 4 > 1 else text
        tasks.append(f"{text}\t{i % 2}\t{'NA' if i % 17 == 3 else i // 2 % 2}\n")
        text = bases(random, LENGTH)
        text = planted(random, text, MOTIFS["a"]) if i % 3 else text
        numbers.append(f"{text}\t{(3 if i % 3 else 0) + random.random():.3f}\n")
    files["tasks.tsv"], files["numbers.tsv"] = "".join(tasks), "".join(numbers)
    files["sequences.fa"] = fasta([
        ("equal", planted(random, bases(random, LENGTH), MOTIFS["a"])),
        ("none", bases(random, LENGTH)),
        ("both", planted(random, bases(random, 12), "AC") + MOTIFS["a"] + bases(random, 6) + MOTIFS["b"] + "ACGTAC"),
        ("short", planted(random, bases(random, 30), MOTIFS["a"])), ("tiny", "A"),
        ("long", planted(random, bases(random, 130), MOTIFS["a"])),
        ("longer", bases(random, 300) + MOTIFS["b"] + bases(random, 81)),
        ("unknown", "ACGTNNRYACGTTGATAAGCNNNNACGTTGCATGCATTTG"), ("mostly", "N" * 25 + bases(random, 15)),
        ("gap", bases(random, 60) + "N" * 50 + planted(random, bases(random, 70), MOTIFS["a"])),
        ("lower", planted(random, bases(random, LENGTH), MOTIFS["b"]).lower()),
    ])
    files["mutated.fa"] = fasta([("m", planted(random, bases(random, 44), MOTIFS["a"]))])
    return files


def conv(filters, width):
    return {"convolution": {"filters": filters, "width": width}}


def front(filters, width, pooling="max", **more):
    return {"motifConvolution": {"filters": filters, "width": width, "pooling": pooling, **more}}


def pool(pooling, window):
    return {"windowPooling": {"pooling": pooling, "window": window}}


def everywhere(pooling):
    return {"globalPooling": {"pooling": pooling}}


def dense(units):
    return {"dense": {"units": units}}


def dropout(rate):
    return {"dropout": {"rate": rate}}


RECTIFIER, FLATTEN, ONE_HOT = {"rectifier": {}}, {"flatten": {}}, {"oneHot": {}}
SEQUENCES = "--positives inputs/positives.fa"
FIXED = f"{SEQUENCES} --length {LENGTH}"
PEAKS = f"--peaks inputs/peaks.bed --genome inputs/genome.fa --length {LENGTH}"
TASKS, NUMBERS = "--table inputs/tasks.tsv", "--table inputs/numbers.tsv"
POOLED = front(3, 8, "maxAndMean", meanScale=4, initialScale=0.15, initialBias=-0.5)

TRAINING = {
    "epochs": 40, "leastSteps": 0, "batchSize": 16, "shardSize": 8, "learningRate": 0.02, "l2": 0.001, "patience": 40}

# Seeds of which the network learns something: so small a one often doesn't.
SEEDS = {
    "ensemble": 3, "lengths": 5, "numbers": 3, "numbers-ensemble": 7, "padding": 4, "padding-pooled": 10, "peaks": 3, "two-tasks": 8,
    "two-tasks-ensemble": 9, "windows": 3}

# Of each kind the arguments of `train`, the network, and the rest of the recipe; strands are in the network.
KINDS = {
    "deepbind": (f"{FIXED} --preset deepbind", {"front": front(4, 8), "layers": [dense(4), RECTIFIER, dropout(0.2)]}, {}),
    "hidden-free": (
        f"{FIXED} --preset deepbind", {"front": front(3, 9, "maxAndMean"), "layers": [], "strands": "mean"}, {}),
    "padding": (
        f"{SEQUENCES} --preset deepbind",
        {"front": front(3, 8, padding=5), "layers": [dense(3), RECTIFIER, dense(2), RECTIFIER], "strands": "forward"},
        {"training": {"optimizer": "sgd", "momentum": 0.8, "learningRate": 0.05}}),
    "padding-pooled": (
        FIXED, {"front": front(2, 6, "maxAndMean", padding=7, meanScale=2), "layers": [dropout(0.1)]},
        {"ensemble": {"networks": 1, "gappedKmers": False}}),
    "lengths": (
        SEQUENCES, {"front": POOLED, "layers": [dense(3), RECTIFIER]},
        {"ensemble": {"networks": 1, "gappedKmers": False, "refit": False}}),
    "ensemble": (
        PEAKS, {"front": POOLED, "layers": [dropout(0.2), dense(4), RECTIFIER, dropout(0.3)], "strands": "pooled"},
        {"ensemble": {"networks": 2, "gappedKmers": False, "starts": [4, 1]}}),
    "peaks": (f"{PEAKS} --preset deepbind", {"front": front(3, 7), "layers": [dense(3), RECTIFIER]}, {}),
    "windows": (
        f"{FIXED} --preset deepbind",
        {"front": front(4, 6, window=3), "layers": [conv(3, 2), RECTIFIER, pool("max", 2), everywhere("max"), dense(3), RECTIFIER],
         "strands": "mean"}, {}),
    "windows-mean": (
        f"{FIXED} --preset deepbind",
        {"front": front(3, 6, "mean", window=2, initialScale=0.3, initialBias=-0.2),
         "layers": [dropout(0.1), conv(3, 3), RECTIFIER, pool("mean", 3), everywhere("maxAndMean")], "strands": "max"}, {}),
    "flatten": (
        f"{FIXED} --preset deepbind",
        {"front": front(3, 6, "maxAndMean", window=3), "layers": [conv(3, 2), RECTIFIER, pool("maxAndMean", 2), FLATTEN, dense(3), RECTIFIER],
         "strands": "max"}, {}),
    "lecture": (
        f"{FIXED} --preset deepbind", {"front": front(4, 7, window=5), "layers": [FLATTEN], "strands": "forward"}, {}),
    "one-hot": (
        f"{FIXED} --preset deepbind",
        {"front": ONE_HOT,
         "layers": [conv(4, 8), RECTIFIER, pool("max", 3), conv(3, 2), RECTIFIER, dropout(0.1), everywhere("mean")],
         "strands": "mean"}, {}),
    "one-hot-flatten": (
        f"{FIXED} --preset deepbind",
        {"front": ONE_HOT, "layers": [conv(3, 8), RECTIFIER, pool("maxAndMean", 4), FLATTEN, dropout(0.2)],
         "strands": "forward"}, {}),
    "bases": (f"{FIXED} --preset deepbind", {"front": ONE_HOT, "layers": [FLATTEN], "strands": "max"}, {}),
    "two-tasks": (
        f"{TASKS} --preset deepbind", {"front": front(4, 8, "maxAndMean"), "layers": [dropout(0.1), dense(4), RECTIFIER]}, {}),
    "two-tasks-ensemble": (
        TASKS, {"front": front(3, 8, "maxAndMean"), "layers": [dense(3), RECTIFIER], "strands": "pooled"},
        {"ensemble": {"networks": 2, "gappedKmers": False}}),
    "numbers": (f"{NUMBERS} --preset deepbind", {"front": front(3, 8), "layers": [dense(3), RECTIFIER]}, {}),
    "numbers-ensemble": (
        NUMBERS, {"front": front(3, 8, "maxAndMean", meanScale=3), "layers": [dropout(0.2), dense(3), RECTIFIER]},
        {"ensemble": {"networks": 2, "gappedKmers": False}}),
}

# Detectors, thresholds and weights by a formula: a maximum and a mean of each of 3 detectors, 2 hidden units.
DEEPBIND = {
    "imported": (
        ("reverse_complement", [0]), ("num_detectors", [1]), ("detector_len", [2]), ("has_avg_pooling", [0]),
        ("num_hidden", [0]), ("detectors", [0, 1, 0, 0, 0, 0, 1, 0]), ("thresholds", [-1]), ("weights1", [2]),
        ("biases1", [-0.5]), ("weights2", []), ("biases2", [])),
    "imported-hidden": (
        ("reverse_complement", [1]), ("num_detectors", [3]), ("detector_len", [8]), ("has_avg_pooling", [1]),
        ("num_hidden", [2]), ("detectors", [(i * 37 % 23 - 11) / 16 for i in range(96)]),
        ("thresholds", [-0.5, 0.25, -1]), ("weights1", [(i * 5 % 7 - 2) / 4 for i in range(12)]),
        ("biases1", [0.25, -0.5]), ("weights2", [1.5, -0.75]), ("biases2", [-0.25])),
}


def main(folder):
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    for name, text in inputs(random.Random(7)).items():
        (folder / "inputs" / name).write_text(text)
    for name, (arguments, network, rest) in KINDS.items():
        training = {**TRAINING, **rest.get("training", {})}
        recipe = {"network": network, **rest, "training": training}
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n")
        (folder / name / "arguments").write_text(f"{arguments} --seed {SEEDS.get(name, 1)}\n")
    for name, values in DEEPBIND.items():
        (folder / name).mkdir(exist_ok=True)
        lines = [f"{key} = {','.join(map(str, numbers))}" for key, numbers in values]
        (folder / name / "deepbind.txt").write_text("\n".join(["# deepbind 0.1"] + lines) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
