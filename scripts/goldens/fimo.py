#!/usr/bin/env python3
"""Makes Tests/InferenceTests/Goldens: motif hits by MEME Suite's FIMO and by memelite's.

    pip install pymemesuite==0.1.0a4 memelite==0.5.0
    scripts/goldens/fimo.py

`sequences.fa` holds the first example peaks, end to end, with unknown bases among them. `fimo.tsv`: the
hits of every motif in motifs/ by MEME Suite's own code, on the background of its non-redundant
database, which it also mixes into the motifs. `memelite.tsv`: the hits of each tenth motif on the uniform background.
memelite rounds scores otherwise than FIMO, so it gets FIMO's whole numbers as powers of 2, with
bins of 1: then its distribution, thresholds and places must be the same.
"""

import pathlib

import numpy
from memelite.fimo import fimo as memelite_fimo
from pymemesuite.common import Alphabet, Background, MotifFile, Sequence
from pymemesuite.fimo import FIMO

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOTIFS = ROOT / "motifs" / "JASPAR2026_CORE_vertebrates_non-redundant.meme"
PEAKS = ROOT / "data" / "Gm12878.CTCF.top500.w200.fa"
GOLDENS = ROOT / "Tests" / "InferenceTests" / "Goldens"
P_VALUE = 1e-4


def sequences():
    bases = [block.split("\n", 1)[1].replace("\n", "") for block in PEAKS.read_text().split(">")[1:13]]
    return {"a": "".join(bases[:8]), "b": bases[8] + "NNNNN" + bases[9] + "n" + bases[10][:70] + "RY" + bases[11]}


def write(name, hits):
    hits.sort()
    lines = ["sequence\tstart\tend\tmotif\tstrand\tscore\tpvalue\n"]
    lines += ["\t".join(map(str, hit)) + "\n" for hit in hits]
    (GOLDENS / name).write_text("".join(lines))


def fimo_hits(found):
    background = Background.from_nrdb(Alphabet.dna())
    # The program's loop leaves out each sequence's last window, which an unknown base behind it makes up for.
    inputs = [Sequence(bases + "N", name.encode()) for name, bases in found.items()]
    finder = FIMO(both_strands=True, threshold=P_VALUE)
    for motif in MotifFile(str(MOTIFS)):
        for hit in finder.score_motif(motif, inputs, background).matched_elements:
            start, end = sorted((hit.start, hit.stop))
            name = hit.source.accession.decode()
            yield name, start - 1, end, motif.accession.decode(), hit.strand, hit.score, hit.pvalue


def whole_scores(text):
    """FIMO's matrix of a motif, its scale and its offset, on the uniform background."""
    lines = text.split("\n")
    keys = dict(zip(lines[1].split()[2::2], lines[1].split()[3::2]))
    width, sites = int(keys["w="]), float(keys["nsites="])
    matrix = numpy.array([line.split() for line in lines[2 : 2 + width]], float)
    log_odds = numpy.log2((matrix * sites + 0.1 * 0.25) / (sites + 0.1) / 0.25)
    offset = numpy.floor(log_odds.min())
    scale = numpy.floor(1000 / (log_odds.max() - offset))
    return lines[0].split()[0], numpy.rint((log_odds - offset) * scale), scale, offset


def memelite_hits(found, fasta):
    for text in MOTIFS.read_text().split("\nMOTIF ")[1::10]:
        name, scores, scale, offset = whole_scores(text)
        # A quarter more, which rounds away, since memelite wants more than the threshold.
        raised = scores + 0.25 * (numpy.arange(len(scores)) == 0)[:, None]
        table = memelite_fimo({name: 0.25 * 2**raised.T}, str(fasta), bin_size=1.0, eps=0.0, threshold=P_VALUE)[0]
        for _, hit in table.iterrows():
            window = found[hit["sequence_name"]][hit["start"] : hit["end"]].upper()
            if set(window) <= set("ACGT"):
                bits = int(hit["score"]) / scale + len(scores) * offset
                yield hit["sequence_name"], hit["start"], hit["end"], name, hit["strand"], bits, hit["p-value"]


if __name__ == "__main__":
    GOLDENS.mkdir(exist_ok=True)
    found = sequences()
    fasta = GOLDENS / "sequences.fa"
    fasta.write_text("".join(f">{name}\n{bases}\n" for name, bases in found.items()))
    write("fimo.tsv", list(fimo_hits(found)))
    write("memelite.tsv", list(memelite_hits(found, fasta)))
    (GOLDENS / "sequences.fa.fai").unlink(missing_ok=True)
