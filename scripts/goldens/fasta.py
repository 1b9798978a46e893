#!/usr/bin/env python3
"""Makes Tests/GenomicsIOTests/FASTA/Goldens: a FASTA file, and what samtools reads from it.

Needs samtools. Run from the root of the package:  scripts/goldens/fasta.py
"""
import pathlib
import random
import subprocess

folder = pathlib.Path("Tests/GenomicsIOTests/FASTA/Goldens")
folder.mkdir(exist_ok=True)
random.seed(1)


def bases(count, letters):
    return "".join(random.choices(letters, k=count))


def record(name, text, width, end):
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    return end.join([f">{name}"] + lines) + end


fasta = folder / "toy.fa"
fasta.write_bytes(
    (
        record("one first sequence", bases(995, "ACGT"), 60, "\n")
        + record("two", bases(300, "ACGTacgtNnRY"), 50, "\r\n")
        + record("three\tlast", bases(70, "ACGU"), 70, "\n")
    ).encode()
)
subprocess.run(["samtools", "faidx", fasta], check=True)
(folder / "toy.fa.fai").rename(folder / "toy.index")
lengths = {"one": 995, "two": 300, "three": 70}
regions = [f"{name}:1-{length}" for name, length in lengths.items()]
for _ in range(30):
    name = random.choice(list(lengths))
    first, last = sorted(random.choices(range(1, lengths[name] + 1), k=2))
    regions.append(f"{name}:{first}-{last}")
answer = subprocess.run(
    ["samtools", "faidx", fasta] + regions, check=True, capture_output=True
)
(folder / "toy.fa.fai").unlink()
(folder / "toy.regions").write_bytes(answer.stdout)
version = subprocess.run(["samtools", "--version"], capture_output=True)
(folder / "README.md").write_text(
    "`toy.index` and `toy.regions`: `samtools faidx toy.fa` and `samtools faidx toy.fa "
    f"REGION …`,\n{version.stdout.splitlines()[0].decode()}, made by `scripts/goldens/fasta.py`.\n"
)
