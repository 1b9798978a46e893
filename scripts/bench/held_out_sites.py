"""How many called sites lie in peaks: held_out_sites.py SEQCNN PEAKS GENOME CHROMOSOME CONFIG MEME MOTIF FOLDER

Cuts a chromosome into stretches of 2 Mb, leaves out every third (three times, so that each stretch is left out
once), and trains `--preset deepbind --config CONFIG` on the 101 bases around the summits of the other
peaks and on 25 dinucleotide shuffles a peak of windows drawn beside them. Scans the whole chromosome at false discovery
rates of 0.01, 0.05 and 0.1, and prints for the stretches left out how many sites are called, how many of them lie in
a peak, and how many of as many best hits of a motif do. GENOME is uncompressed and names the chromosome as PEAKS
does, or without `chr`. FOLDER takes the files.
"""

import bisect
import gzip
import itertools
import random
import subprocess
import sys

STRETCH, WINDOW, SHUFFLES, FOLDS = 2_000_000, 101, 25, 3
RATES = [0.01, 0.05, 0.1]


def read_peaks(path, chromosome):
    """Start, end and summit of each peak, ascending."""
    open_ = gzip.open if path.endswith(".gz") else open
    with open_(path, "rt") as lines:
        fields = [line.split() for line in lines]
    return sorted(
        (int(f[1]), int(f[2]), int(f[1]) + int(f[9])) for f in fields if f[0] == chromosome
    )


def read_sequence(path, chromosome):
    with open(path) as text:
        for record in text.read().split(">")[1:]:
            name, _, bases = record.partition("\n")
            if name.split()[0] in (chromosome, chromosome.removeprefix("chr")):
                return name.split()[0], bases.replace("\n", "").upper()
    sys.exit(f"{path}: no {chromosome}")


def shuffled(bases):
    """A sequence with the same dinucleotides (Altschul & Erickson 1985)."""
    edges = {}
    for base, following in zip(bases, bases[1:]):
        edges.setdefault(base, []).append(following)
    end = bases[-1]
    while True:
        last = {base: random.choice(ways) for base, ways in edges.items() if base != end}
        if all(reaches(base, end, last) for base in last):
            break
    for base, ways in edges.items():
        if base in last:
            ways.remove(last[base])
        random.shuffle(ways)
        if base in last:
            ways.append(last[base])
    walk, ways = [bases[0]], {base: iter(found) for base, found in edges.items()}
    for _ in bases[1:]:
        walk.append(next(ways[walk[-1]]))
    return "".join(walk)


def reaches(base, end, last):
    seen = set()
    while base != end and base not in seen:
        seen.add(base)
        base = last[base]
    return base == end


def fold_of(position):
    return position // STRETCH % FOLDS


def is_left_out(start, fold):
    return fold in (fold_of(start), fold_of(start + WINDOW))


def write_training_data(folder, fold, peaks, bases):
    starts = [summit - WINDOW // 2 for _, _, summit in peaks]
    starts = [start for start in starts if not is_left_out(start, fold)]
    with open(f"{folder}/{fold}.positives.fa", "w") as file:
        for start in starts:
            file.write(f">{start}\n{bases[start:start + WINDOW]}\n")
    random.seed(1 + fold)
    count = SHUFFLES * len(starts)
    with open(f"{folder}/{fold}.negatives.fa", "w") as file:
        while count:
            start = random.randrange(len(bases) - WINDOW)
            window = bases[start : start + WINDOW]
            if is_left_out(start, fold) or "N" in window:
                continue
            file.write(f">{count}\n{shuffled(window)}\n")
            count -= 1


def read_sites(path):
    with open(path) as lines:
        return [line.split("\t") for line in lines if not line.startswith("#")]


def main(seqcnn, peaks_path, genome, chromosome, config, meme, motif, folder):
    peaks = read_peaks(peaks_path, chromosome)
    name, bases = read_sequence(genome, chromosome)
    ends = list(itertools.accumulate((end for _, end, _ in peaks), max))

    def is_in_peak(site):
        middle = (int(site[1]) + int(site[2])) // 2
        index = bisect.bisect_right(peaks, (middle, float("inf"), 0)) - 1
        return index >= 0 and middle < ends[index]

    called = {rate: [] for rate in RATES}
    for fold in range(FOLDS):
        write_training_data(folder, fold, peaks, bases)
        data = [f"{folder}/{fold}.{side}.fa" for side in ("positives", "negatives")]
        model, sites = f"{folder}/{fold}", f"{folder}/{fold}.bed"
        for command in [
            ["train", "--preset", "deepbind", "--config", config, "--positives", data[0],
             "--negatives", data[1], "--length", "61", "--test", "0.05", "--output", model],
            ["scan", "--model", f"{model}/model.safetensors", "--genome", genome, "--q-value",
             str(max(RATES)), "--output", sites],
        ]:
            subprocess.run([seqcnn, *command, "--force", "--quiet"], check=True)
        for site in read_sites(sites):
            if site[0] == name and fold_of(int(site[1])) == fold:
                for rate in RATES:
                    if float(site[9]) <= rate:
                        called[rate].append(is_in_peak(site))
    for background in ("uniform", "genome"):
        hits = f"{folder}/hits.{background}.bed"
        subprocess.run(
            [seqcnn, "motifs", "scan", "--motifs", meme, "--motif", motif, "--genome", genome,
             "--background", background, "--output", hits, "--force", "--quiet"], check=True)
        best = sorted(
            (site for site in read_sites(hits) if site[0] == name),
            key=lambda site: (float(site[7]), -float(site[6])))
        for rate, sites in called.items():
            motif_hits = sum(map(is_in_peak, best[: len(sites)]))
            print(rate, len(sites), sum(sites), background, motif_hits, sep="\t", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
