"""Turns measurements into the tables of docs/benchmarks.md."""

import datetime
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from statistics import median

from deep_networks import DEEP_NETWORKS
from networks import NETWORKS

BEGIN, END = "<!-- scripts/bench/run.sh writes from here -->", "<!-- to here -->"
CHROMOSOME_BASES, GENOME_BASES = 63_025_520, 3.1e9


def render(measured, rounds, threads, has_chromosome):
    parts = [
        heading(rounds, measured.seconds),
        networks_table(measured, threads),
        scaling_table(measured),
        motifs_table(measured),
        commands_table(measured, threads, has_chromosome),
        growth_table(measured),
        floor_table(measured),
    ]
    return "\n\n".join(part for part in parts if part)


def write(text, path):
    """Puts the text between the markers, in place of what stands there."""
    before, rest = path.read_text().split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def heading(rounds, seconds):
    versions = [
        f"seqcnn {output('.build/release/seqcnn', '--version')}",
        f"Swift {re.search(r'Swift version ([0-9.]+)', output('swift', '--version')).group(1)}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(package)}" for name, package in PACKAGES.items()),
    ]
    return (
        f"{datetime.date.today()}, {processor()}.\n{', '.join(versions)}.\n"
        f"Medians of {rounds} round{'s' * (rounds > 1)}, the programs in turn; a figure is the median of passes over\n"
        f"{seconds:g} s. In brackets the least and the largest ratio."
    )


PACKAGES = {"PyTorch": "torch", "lightmotif": "lightmotif", "MOODS": "MOODS-python"}


def networks_table(measured, threads):
    header = ["network", "threads"] + ["training: seqcnn", "PyTorch", "ratio"] + ["inference: seqcnn", "PyTorch", "ratio"]
    rows = []
    for network in NETWORKS + DEEP_NETWORKS:
        for count in threads:
            ours = measured.networks["seqcnn", network.name, count]
            theirs = measured.networks["PyTorch", network.name, count]
            cells = [network.name, str(count)]
            for task in (0, 1):
                left, right = [rates[task] for rates in ours], [rates[task] for rates in theirs]
                cells += [rate(left), rate(right), ratio(left, right)]
            rows.append(cells)
    return f"### Networks, sequences a second\n\n{table(header, rows)}"


def scaling_table(measured):
    if not measured.scaling:
        return ""
    header = ["against 1 thread", "training: 2 threads", "2 programs", "inference: 2 threads", "2 programs"]
    rows = []
    for network in NETWORKS + DEEP_NETWORKS:
        one, two, both = (measured.scaling[kind, network.name] for kind in (1, 2, "side by side"))
        if not one:
            continue
        rows.append([network.name])
        for task in (0, 1):
            rows[-1] += [ratio([r[task] for r in many], [r[task] for r in one], 2) for many in (two, both)]
    return (
        "### From one thread to two\n\n"
        "Beside it what two programs of one thread reach together, run at once: the most that these two\n"
        f"processors give at that time.\n\n{table(header, rows)}"
    )


def motifs_table(measured):
    ours = measured.motifs["seqcnn"]
    rows = [["seqcnn, every score", billions(ours), ""]]
    for name, rates in measured.motifs.items():
        if name != "seqcnn":
            rows.append([name, billions(rates), ratio(ours, rates)])
    return (
        "### Motifs along a chromosome, billions of motif positions a second\n\n"
        + table(["program", "rate", "seqcnn's every score against it"], rows)
    )


def commands_table(measured, threads, has_chromosome):
    names = list(dict.fromkeys(command for command, _ in measured.commands))
    header = ["command"] + [f"{count} thread{'s' * (count > 1)}" for count in threads] + ["peak memory", "3.1 Gb"]
    rows = []
    for name in names:
        times = [median(seconds for seconds, _ in measured.commands[name, count]) for count in threads]
        memory = max(megabytes for count in threads for _, megabytes in measured.commands[name, count])
        genome = f"{times[-1] * GENOME_BASES / CHROMOSOME_BASES:.0f} s" if name.startswith("scan") else ""
        rows.append([COMMANDS[name], *(f"{seconds:.2f} s" for seconds in times), f"{memory:.0f} MB", genome])
    text = f"### Whole commands, start to finish\n\n{table(header, rows)}"
    if not has_chromosome:
        text += "\n\nNo `scan` of chromosome 20: scripts/fetch-data.sh had not fetched it."
    return text


COMMANDS = {
    "train": "`train --preset deepbind --table`, 20 epochs, fresh shuffles, both strands",
    "scan 16×24": "`scan` of chromosome 20, 63 Mb, both strands, 16×24",
    "scan 128×24": "the same, 128×24",
}


def growth_table(measured):
    rows = []
    for grows in dict.fromkeys(entry[0] for entry in measured.growth):
        entries = [entry for entry in measured.growth if entry[0] == grows]
        sizes = " ".join(f"{entry[1]:.0f}" for entry in entries)
        cells = [f"{grows}: {sizes}"]
        for column in (3, 4):
            costs = [entry[column] / entry[2] for entry in entries]
            cells += [" ".join(f"{cost:.2f}" for cost in costs), f"{max(costs) / min(costs):.2f}"]
        rows.append(cells)
    header = ["what grows", "training, ns", "most : least", "inference, ns", "most : least"]
    return (
        f"### How cost grows\n\nNanoseconds a position and filter, 1 thread, batch 64; what falls is a fixed\n"
        f"part a sequence that more positions or filters share:\n\n{table(header, rows)}"
    )


def floor_table(measured):
    header = ["network", "rows forward", "rows backward", "bytes moved", "training: floor", "measured", "times"]
    header += ["inference: floor", "measured", "times"]
    rows = []
    for network in NETWORKS:
        forward, backward = network.forward_rows, network.backward_rows
        cells = [network.name, f"{forward:,}", f"{backward:,}", f"{network.bytes_moved:,}"]
        rates = measured.networks["seqcnn", network.name, 1]
        for task, additions in (0, forward + backward), (1, forward):
            floor = 1e9 * additions / measured.peak
            cells.append(f"{floor:,.0f} ns")
            if rates:
                time = 1e9 / median(r[task] for r in rates)
                cells += [f"{time:,.0f} ns", f"{time / floor:.1f}"]
            else:
                cells += ["—", "—"]
        rows.append(cells)
    return (
        "### The floor\n\n"
        f"A sequence, 1 thread; this CPU adds {measured.peak / 1e9:.1f} billion rows of 16 floats a second out of its\n"
        f"first-level cache (scripts/bench/peak.c):\n\n{table(header, rows)}"
    )


def rate(rates):
    return f"{float(f'{median(rates):.3g}'):,.0f}" if rates else "—"


def billions(rates):
    return f"{median(rates) / 1e9:.2f}"


def ratio(left, right, digits=1):
    """The median of the rounds' ratios, and their range."""
    if not left or not right:
        return "—"
    ratios = [a / b for a, b in zip(left, right)]
    return f"{median(ratios):.{digits}f}× ({min(ratios):.{digits}f}–{max(ratios):.{digits}f})"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def processor():
    """Its name and family, the vectors it has, and how many cores this process may use."""
    fields = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    flags = fields.get("flags", "").split()
    vectors = next((name for flag, name in VECTORS.items() if flag in flags), "no AVX2")
    family = f"family {fields.get('cpu family', '?')} model {fields.get('model', '?')}"
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of an {fields.get('model name', platform.machine())} ({family}, {vectors})"


VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
