#!/usr/bin/env python3
"""Makes Tests/NetworksTests/Goldens/losses.json.

    pip install numpy==2.4.6 torch==2.15.0
    scripts/goldens/losses.py

Outputs, labels (null: not measured), weights of the examples and settings; the loss that PyTorch computes from them in double
precision, times 0.5, and its gradient by the outputs. A class that wasn't measured has the logit minus infinity. Class
weights of `binary` multiply the whole loss of a positive, whose label may be smoothed. `ordinal` is written out: PyTorch has no
such loss.
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "NetworksTests" / "Goldens"
SCALE = 0.5


def binary(outputs, labels, weights, smoothing, classes):
    target = (1 - smoothing) * labels + smoothing / 2
    losses = functional.binary_cross_entropy_with_logits(outputs, target, reduction="none")
    return losses * torch.where(labels > 0.5, torch.tensor(classes, dtype=torch.float64), 1.0) * weights[:, None]


def categorical(outputs, labels, weights, smoothing, classes):
    rows = []
    for row, label in zip(outputs, labels):
        measured = ~torch.isnan(label)
        # With the default reduction PyTorch divides by the sum of the weights.
        rows.append(
            functional.cross_entropy(
                row[measured][None], label[measured].argmax()[None],
                weight=torch.tensor(classes, dtype=torch.float64)[measured], label_smoothing=smoothing, reduction="sum")
            if measured.any() else row.sum() * 0)
    return torch.stack(rows) * weights


def count(outputs, labels, weights, dispersion):
    if dispersion == 0:
        losses = functional.poisson_nll_loss(outputs, labels, log_input=True, reduction="none")
    else:
        model = torch.distributions.NegativeBinomial(
            total_count=torch.tensor(1 / dispersion, dtype=torch.float64), logits=outputs + numpy.log(dispersion))
        losses = -model.log_prob(labels)
        # What doesn't depend on the outputs is left out.
        constant = (
            torch.lgamma(labels + 1 / dispersion) - torch.lgamma(torch.tensor(1 / dispersion, dtype=torch.float64))
            - torch.lgamma(labels + 1) + labels * numpy.log(dispersion))
        losses = losses + constant
    return losses * weights[:, None]


def ordinal(outputs, labels, weights):
    reached = torch.cat([torch.ones(len(outputs), 1), torch.sigmoid(outputs), torch.zeros(len(outputs), 1)], dim=1)
    shares = reached[:, :-1] - reached[:, 1:]
    known = ~torch.isnan(labels).any(dim=1)
    levels = labels.nan_to_num().sum(dim=1).long()
    return torch.where(known, -torch.log(shares[range(len(outputs)), levels]), 0) * weights


def number(outputs, labels, weights):
    return functional.mse_loss(outputs, labels, reduction="none") / 2 * weights[:, None]


def case(objective, outputs, labels, weights, loss, **settings):
    leaf = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    known = torch.tensor(labels, dtype=torch.float64)
    # Of a label per task those that weren't measured are left out behind the loss; so that their slope is 0 they are numbers.
    terms = loss(leaf, known if objective in ("categorical", "ordinal") else known.nan_to_num(), torch.tensor(weights, dtype=torch.float64))
    if terms.dim() == 2:
        terms = terms[~torch.isnan(known)]
    total = SCALE * terms.sum()
    total.backward()
    return {
        "objective": objective, "outputs": outputs.tolist(),
        "labels": [[None if numpy.isnan(label) else label for label in row] for row in labels.tolist()],
        "weights": weights.tolist(), **settings, "loss": total.item(), "gradient": leaf.grad.tolist(),
    }


def main():
    random = numpy.random.default_rng(16)
    rows, tasks = 7, 4
    single = lambda values: values.astype("float32").astype("float64")
    outputs = single(random.normal(0, 2, (rows, tasks)))
    weights = single(random.uniform(0.2, 3, rows))
    classes = single(random.uniform(0.5, 2, tasks)).tolist()
    missing = random.random((rows, tasks)) < 0.2
    bound = numpy.where(missing, numpy.nan, random.integers(0, 2, (rows, tasks)))
    one = numpy.eye(tasks)[random.integers(0, tasks, rows)]
    # A class that an example belongs to is measured; one example isn't measured at all.
    one = numpy.where(missing & (one == 0), numpy.nan, one)
    one[3] = numpy.nan
    numbers = numpy.where(missing, numpy.nan, single(random.normal(0, 2, (rows, tasks))))
    counts = numpy.where(missing, numpy.nan, random.poisson(4, (rows, tasks)))
    even = [1.0] * tasks
    cases = []
    for smoothing, weighed in [(0.0, even), (0.125, even), (0.125, classes)]:
        settings = {"labelSmoothing": smoothing, "classWeights": weighed}
        cases.append(case("classification", outputs, bound, weights, lambda z, y, w: binary(z, y, w, smoothing, weighed), **settings))
        cases.append(case("categorical", outputs, one, weights, lambda z, y, w: categorical(z, y, w, smoothing, weighed), **settings))
    cases.append(case("regression", outputs, numbers, weights, number))
    for dispersion in [0.0, 0.25, 3.0]:
        cases.append(case("count", outputs, counts, weights, lambda z, y, w: count(z, y, w, dispersion), dispersion=dispersion))
    scale = -numpy.sort(-outputs, axis=1)
    levels = (numpy.arange(tasks) < random.integers(0, tasks + 1, (rows, 1))).astype(float)
    levels[2] = numpy.nan
    cases.append(case("ordinal", scale, levels, weights, ordinal))
    (GOLDENS / "losses.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
