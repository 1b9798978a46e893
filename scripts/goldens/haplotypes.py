#!/usr/bin/env python3
"""Makes Tests/InferenceTests/Goldens/Haplotypes: a sample's haplotypes by bcftools consensus.

    apt install bcftools samtools
    scripts/goldens/haplotypes.py

`reference.fa` is random. `phased.vcf` holds changes of all kinds close together, and some that no haplotype gets:
unphased ones, one that isn't called, and an SNV within a deletion of the same haplotype. `haplotype1.fa` and
`haplotype2.fa` are what `bcftools consensus` makes of the phased ones; it leaves out the later of two that overlap.
"""

import pathlib
import random
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "Tests" / "InferenceTests" / "Goldens" / "Haplotypes"
HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=s,length=4000>\n"
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tother\tsample\n"
)


def bases(count):
    return "".join(random.choice("ACGT") for _ in range(count))


def other(base):
    return random.choice([b for b in "ACGT" if b != base])


def alternate(kind, reference):
    """The allele that replaces some bases; the first one stays, unless it is a substitution."""
    if kind == "insertion":
        return reference[0] + other(reference[0]) + bases(random.randint(0, 12))
    if kind == "deletion":
        return reference[0]
    return other(reference[0]) + bases(max(0, len(reference) - 2)) + (other(reference[-1]) if len(reference) > 1 else "")


def records(sequence):
    position = 30
    while position < len(sequence) - 100:
        kind = random.choice(["snv", "snv", "snv", "mnv", "insertion", "deletion"])
        length = {"snv": 1, "mnv": random.randint(2, 5), "insertion": 1, "deletion": random.randint(2, 40)}[kind]
        reference = sequence[position : position + length]
        alleles = [alternate(kind, reference)]
        genotype = random.choice(["0|1", "1|0", "1|1", "1/1", "0/1", "0|0", ".|."])
        if kind == "snv" and random.random() < 0.2:
            alleles.append(next(b for b in "ACGT" if b not in (reference, alleles[0])))
            genotype = random.choice(["1|2", "2|1", "0|2", "2|2"])
        yield position, reference, alleles, genotype
        if kind == "deletion" and genotype in ("0|1", "1|0") and length > 5:
            within = position + length // 2
            yield within, sequence[within], [other(sequence[within])], genotype
        position += length + random.choice([1, 2, 5, 20, 60])


def line(position, reference, alleles, genotype):
    return f"s\t{position + 1}\t.\t{reference}\t{','.join(alleles)}\t.\t.\t.\tGT\t1|1\t{genotype}\n"


def main():
    random.seed(20)
    GOLDENS.mkdir(exist_ok=True)
    sequence = bases(4000)
    (GOLDENS / "reference.fa").write_text(f">s\n{sequence}\n")
    everything = list(records(sequence))
    (GOLDENS / "phased.vcf").write_text(HEADER + "".join(line(*record) for record in everything))
    with tempfile.TemporaryDirectory() as folder:
        phased = pathlib.Path(folder) / "phased.vcf"
        phased.write_text(HEADER + "".join(line(*r) for r in everything if r[3] not in ("0/1", ".|.")))
        subprocess.run(["bcftools", "view", "-Oz", "-o", f"{phased}.gz", phased], check=True)
        subprocess.run(["bcftools", "index", f"{phased}.gz"], check=True)
        for haplotype in "12":
            consensus = subprocess.run(
                ["bcftools", "consensus", "-f", GOLDENS / "reference.fa", "-s", "sample", "-H", haplotype, f"{phased}.gz"],
                check=True, capture_output=True, text=True)
            print(consensus.stderr.strip())
            (GOLDENS / f"haplotype{haplotype}.fa").write_text(consensus.stdout)


if __name__ == "__main__":
    main()
