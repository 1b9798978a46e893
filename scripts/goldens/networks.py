#!/usr/bin/env python3
"""Makes Tests/NetworksTests/Goldens.

    pip install numpy==2.4.6 safetensors==0.8.0 torch==2.15.0
    scripts/goldens/networks.py

`weights.safetensors` is written by PyPI safetensors. `logits.json` holds what PyTorch makes of these
weights and of sequences as one-hot tensors (unknown bases 0.25) with conv1d, on either strand of
the sequence itself.

`lecture.safetensors` and `lecture.json`: the same for a convolution of 9 filters of width 15, a rectifier, pooling in windows of
5 (MaxPool1d, AvgPool1d; a last partial window is dropped), and a dense layer over the flattened windows; and the gradients of
the sum of the squared logits by each parameter, of the forward strand and windows of maxima.
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


def logits(weights, sequence, pooling, strands, strand_logits=strand_logits):
    forward = strand_logits(weights, sequence, pooling)
    reverse = strand_logits(weights, reverse_complement(sequence), pooling)
    return {
        "forward": forward,
        "max": torch.maximum(forward, reverse),
        "mean": (forward + reverse) / 2,
    }[strands][0].tolist()


class Lecture:
    """Filters, windows of 5, one dense layer; weights as seqcnn holds them."""

    filters, width, window, length, tasks = 9, 15, 5, 152, 2
    windows = (length - width + 1) // window

    def draw_weights(self, random):
        shapes = {
            "front.weight": (self.width, 4, self.filters),
            "front.bias": (self.filters,),
            "output.weight": (self.windows * 2 * self.filters, self.tasks),
            "output.bias": (self.tasks,),
        }
        return {
            name: torch.from_numpy(random.normal(0, 0.3, shape).astype("float32"))
            for name, shape in shapes.items()
        }

    def strand_logits(self, weights, sequence, pooling):
        filters = weights["front.weight"].permute(2, 1, 0).double()
        bases = one_hot(sequence).T[None].double()
        active = functional.relu(functional.conv1d(bases, filters, weights["front.bias"].double()))
        maxima = torch.nn.MaxPool1d(self.window)(active)
        means = torch.nn.AvgPool1d(self.window)(active)
        pooled = {
            "max": maxima, "mean": means, "maxAndMean": torch.cat([maxima, means], dim=1)
        }[pooling]
        # [feature, window] to seqcnn's [window, feature].
        features = pooled[0].T.flatten()
        weight = weights["output.weight"].double()[: len(features)]
        return (features @ weight + weights["output.bias"].double())[None]

    def gradients(self, weights, sequences):
        own = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
        logits = [self.strand_logits(own, sequence, "max") for sequence in sequences]
        torch.cat(logits).square().sum().backward()
        count = self.windows * self.filters
        return {
            name: (weight.grad[:count] if name == "output.weight" else weight.grad).flatten().tolist()
            for name, weight in own.items()
        }


def write_lecture(random):
    lecture = Lecture()
    weights = lecture.draw_weights(random)
    sequences = ["".join(random.choice(list("ACGTACGTN"), lecture.length)) for _ in range(3)]
    cases = [
        {
            "pooling": pooling,
            "strands": strands,
            "logits": [
                logits(weights, sequence, pooling, strands, lecture.strand_logits)
                for sequence in sequences
            ],
        }
        for pooling in ["max", "mean", "maxAndMean"]
        for strands in ["forward", "max", "mean"]
    ]
    save_file(weights, FOLDER / "lecture.safetensors")
    golden = {
        "sequences": sequences,
        "cases": cases,
        "gradients": lecture.gradients(weights, sequences),
    }
    (FOLDER / "lecture.json").write_text(json.dumps(golden) + "\n")


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
    write_lecture(numpy.random.default_rng(11))
