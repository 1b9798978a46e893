"""Times programs in turn and reports medians: what run.sh calls once everything is built."""

import argparse
import functools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import report
from deep_networks import DEEP_NETWORKS
from networks import NETWORKS

HERE = Path(__file__).parent
BUILD = Path(".build/release")
SEQCNN, BENCH = BUILD / "seqcnn", BUILD / "seqcnn-bench"
MOTIFS, MOTIF_COUNT = "motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme", 64
SLICE, CHROMOSOME = Path("data/GRCh37.chr20.slice.fa.gz"), Path("data/fetched/GRCh37.chr20.fa.gz")
THREADS = [threads for threads in (1, 2) if threads <= len(os.sched_getaffinity(0))]


def figures(*command):
    """The numbers that a program prints."""
    result = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True)
    return [float(word) for word in result.stdout.split()]


def side_by_side(*command):
    """The sums of the numbers that two runs of a program at once print."""
    words = [str(word) for word in command]
    runs = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [run.communicate()[0].split() for run in runs]
    if any(run.returncode != 0 for run in runs):
        sys.exit(f"compare.py: {command[0]} {command[1]} failed")
    return [sum(map(float, numbers)) for numbers in zip(*outputs)]


def python_figures(script, *arguments, threads):
    return figures("env", f"OMP_NUM_THREADS={threads}", sys.executable, HERE / script, *arguments)


def time_command(*command):
    """Seconds and megabytes (at most, resident) of a whole command."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"compare.py: {command[0]} {command[1]} failed")
    return seconds, usage.ru_maxrss / 1024


def in_turn(round_index, *measures):
    """Runs each; every second round the other way round, so that a drift hits all alike."""
    for measure in measures if round_index % 2 == 0 else reversed(measures):
        measure()


@functools.cache
def known_networks():
    """The names of the networks that seqcnn times."""
    return subprocess.run([BENCH, "networks"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()


class Measurements:
    """What the rounds gave: lists, one entry a round."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.networks = defaultdict(list)  # (program, network, threads): [training, inference] a second
        self.scaling = defaultdict(list)  # (threads or "side by side", network): [training, inference] a second
        self.motifs = defaultdict(list)  # program: motif positions a second
        self.commands = defaultdict(list)  # (command, threads): (seconds, megabytes)
        self.growth = []  # (what grows, value, positions · filters, training ns, inference ns)
        self.peak = 0  # rows of 16 floats that a thread adds up a second

    def time_networks(self, round_index):
        def seqcnn(network, threads):
            if network.name in known_networks():
                rates = figures(BENCH, "network", network.name, threads, self.seconds)
                self.networks["seqcnn", network.name, threads].append(rates)

        def pytorch(network, threads):
            rates = python_figures("pytorch_rates.py", network.name, threads, self.seconds, threads=threads)
            self.networks["PyTorch", network.name, threads].append(rates)

        for network in NETWORKS + DEEP_NETWORKS:
            for threads in THREADS:
                in_turn(round_index, lambda: seqcnn(network, threads), lambda: pytorch(network, threads))

    def time_scaling(self, round_index):
        """One thread, two, and two programs of one thread at once: no more can be had of two processors."""
        for name in known_networks() if len(THREADS) > 1 else []:
            def add(kind, measure, threads):
                self.scaling[kind, name].append(measure(BENCH, "network", name, threads, self.seconds))

            in_turn(
                round_index,
                lambda: add(1, figures, 1),
                lambda: add(2, figures, 2),
                lambda: add("side by side", side_by_side, 1),
            )

    def time_motifs(self, round_index):
        arguments = MOTIFS, MOTIF_COUNT, SLICE, self.seconds

        def seqcnn():
            self.motifs["seqcnn"] += figures(BENCH, "motifs", *arguments)

        def others():
            names = "lightmotif, every score", "lightmotif, hits", "MOODS, hits"
            for name, rate in zip(names, python_figures("motif_scanners.py", *arguments, threads=1)):
                self.motifs[name].append(rate)

        in_turn(round_index, seqcnn, others)

    def time_commands(self, table, folder):
        for threads in THREADS:
            options = "--threads", threads, "--quiet", "--force"
            model = folder / f"model-{threads}"
            config = write_json(folder / "epochs.json", {"training": {"patience": 20}})
            measured = time_command(
                SEQCNN, "train", "--preset", "deepbind", "--table", table, "--config", config, "--output", model, *options
            )
            self.commands["train", threads].append(measured)
            if not CHROMOSOME.exists():
                continue
            for filters, scanned in (16, model), (128, wide_model(folder, model, table)):
                self.commands[f"scan {filters}×24", threads].append(
                    time_command(
                        SEQCNN, "scan", "--model", scanned / "model.safetensors", "--genome", CHROMOSOME,
                        "--output", folder / "sites.bed", *options,
                    )
                )

    def time_growth(self):
        lines = subprocess.run([BENCH, "growth", str(self.seconds)], check=True, stdout=subprocess.PIPE, text=True)
        for line in lines.stdout.splitlines():
            grows, *numbers = line.split("\t")
            self.growth.append((grows, *map(float, numbers)))


def write_json(path, value):
    path.write_text(json.dumps(value))
    return path


def wide_model(folder, model, table):
    """A model as `model`, but with 128 filters; trained once, for an epoch, since only its speed counts."""
    wide = folder / "model-wide"
    if not wide.exists():
        front = json.loads((model / "run.json").read_text())["recipe"]["network"]["front"]
        front["motifConvolution"]["filters"] = 128
        config = write_json(folder / "wide.json", {"network": {"front": front}})
        time_command(
            SEQCNN, "train", "--preset", "deepbind", "--table", table, "--config", config, "--epochs", 1, "--output", wide, "--quiet"
        )
    return wide


def write_peaks(path):
    """8,526 random sequences of 101 bases, each with a site of one motif: a peak set's size and kind."""
    chance = random.Random(1)
    with open(path, "w") as table:
        table.write("seq\tbound\n")
        for _ in range(8526):
            bases = chance.choices("ACGT", k=101)
            start = chance.randrange(20, 70)
            site = [base if chance.random() < 0.85 else chance.choice("ACGT") for base in "CCACTAGGTGGCA"]
            bases[start : start + len(site)] = site
            table.write("".join(bases) + "\t1\n")


def main():
    parser = argparse.ArgumentParser(prog="run.sh")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each program is timed (5)")
    parser.add_argument("--quick", action="store_true", help="two short rounds")
    parser.add_argument("--no-write", action="store_true", help="only print the tables")
    parser.add_argument("--table", type=Path, metavar="TSV", help="peaks to train on, instead of made ones")
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds takes 1 or more")
    rounds = options.rounds or (2 if options.quick else 5)

    measured = Measurements(seconds=0.1 if options.quick else 0.5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = options.table or folder / "peaks.tsv"
        if not options.table:
            write_peaks(table)
        for index in range(rounds):
            print(f"round {index + 1} of {rounds}", file=sys.stderr)
            measured.time_networks(index)
            measured.time_scaling(index)
            measured.time_motifs(index)
            measured.time_commands(table, folder)
            measured.peak = max(measured.peak, *figures(".build/bench-peak"))
        measured.time_growth()
    text = report.render(measured, rounds, THREADS, has_chromosome=CHROMOSOME.exists())
    print(text)
    if not options.no_write:
        report.write(text, Path("docs/benchmarks.md"))


if __name__ == "__main__":
    main()
