#!/usr/bin/env python3
"""Makes Tests/NetworksTests/Goldens.

    pip install numpy==2.4.6 safetensors==0.8.0 torch==2.15.0
    scripts/goldens/networks.py

`weights.safetensors` is written by PyPI safetensors. `logits.json` holds what PyTorch makes of these
weights and of sequences as one-hot tensors (unknown bases 0.25) with conv1d, on either strand of
the sequence itself.
"""

import json
import pathlib

import numpy
import torch
import torch.nn.functional as functional
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "NetworksTests" / "Goldens"
FILTERS, WIDTH, HIDDEN, TASKS = 5, 7, 4, 3


def draw_weights(random):
    shapes = {
        "front.weight": (WIDTH, 4, FILTERS),
        "front.bias": (FILTERS,),
        "layer1.weight": (2 * FILTERS, HIDDEN),
        "layer1.bias": (HIDDEN,),
        "output.weight": (HIDDEN, TASKS),
        "output.bias": (TASKS,),
    }
    return {
        name: torch.from_numpy(random.normal(0, 0.5, shape).astype("float32"))
        for name, shape in shapes.items()
    }


def one_hot(sequence):
    rows = {base: [float(base == other) for other in "ACGT"] for base in "ACGT"}
    return torch.tensor([rows.get(base, [0.25] * 4) for base in sequence])


def reverse_complement(sequence):
    return sequence[::-1].translate(str.maketrans("ACGT", "TGCA"))


def strand_logits(weights, sequence, pooling):
    # [width, channel, filter] to PyTorch's [filter, channel, width].
    filters = weights["front.weight"].permute(2, 1, 0).double()
    bases = one_hot(sequence).T[None].double()
    active = functional.relu(functional.conv1d(bases, filters, weights["front.bias"].double()))
    features = active.amax(dim=2)
    if pooling == "maxAndMean":
        features = torch.cat([features, active.mean(dim=2)], dim=1)
    weight = weights["layer1.weight"].double()[: features.shape[1]]
    hidden = functional.relu(features @ weight + weights["layer1.bias"].double())
    return hidden @ weights["output.weight"].double() + weights["output.bias"].double()


def logits(weights, sequence, pooling, strands):
    forward = strand_logits(weights, sequence, pooling)
    reverse = strand_logits(weights, reverse_complement(sequence), pooling)
    return {
        "forward": forward,
        "max": torch.maximum(forward, reverse),
        "mean": (forward + reverse) / 2,
    }[strands][0].tolist()


if __name__ == "__main__":
    random = numpy.random.default_rng(7)
    weights = draw_weights(random)
    lengths = [7, 8, 20, 33, 64, 101]
    sequences = ["".join(random.choice(list("ACGTACGTN"), length)) for length in lengths]
    save_file(weights, FOLDER / "weights.safetensors", metadata={"made by": "PyPI \"safetensors\""})
    cases = [
        {
            "pooling": pooling,
            "strands": strands,
            "logits": [logits(weights, sequence, pooling, strands) for sequence in sequences],
        }
        for pooling in ["max", "maxAndMean"]
        for strands in ["forward", "max", "mean"]
    ]
    (FOLDER / "logits.json").write_text(
        json.dumps({"sequences": sequences, "cases": cases}, indent=1) + "\n"
    )
