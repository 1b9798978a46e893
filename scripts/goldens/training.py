#!/usr/bin/env python3
"""Makes Tests/TrainingTests/Goldens.

    pip install numpy==2.4.6 scikit-learn==1.9.1 torch==2.15.0
    scripts/goldens/training.py

`optimizers.json`: weights as PyTorch's optimizers move them, with given gradients, step by step.
`areas.json`: scores with ties, and what scikit-learn says of them.
"""

import json
import pathlib

import numpy
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TrainingTests" / "Goldens"
STEPS = 12


def trajectory(kind, momentum, l2, rate, start, gradients):
    """All rows follow the penalty, as the weights of a layer do."""
    weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    if kind == "sgd":
        optimizer = torch.optim.SGD(
            [weights], lr=rate, momentum=momentum, nesterov=momentum > 0, weight_decay=l2)
    else:
        optimizer = torch.optim.AdamW([weights], lr=rate, betas=(momentum, 0.999), weight_decay=l2)
    rows = []
    for gradient in gradients:
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        rows.append(weights.tolist())
    return rows


def optimizers(random):
    start = random.normal(0, 1, 6).astype("float32").tolist()
    gradients = random.normal(0, 1, (STEPS, 6)).astype("float32").tolist()
    cases = []
    for kind, momentum, l2, rate in [
        ("sgd", 0.0, 0.0, 0.1), ("sgd", 0.9, 0.0, 0.05), ("sgd", 0.5, 0.25, 0.05),
        ("adam", 0.9, 0.0, 0.1), ("adam", 0.9, 0.25, 0.1), ("adam", 0.5, 0.0, 0.01),
    ]:
        rows = trajectory(kind, momentum, l2, rate, start, gradients)
        cases.append({"kind": kind, "momentum": momentum, "l2": l2, "rate": rate, "weights": rows})
    return {"start": start, "gradients": gradients, "cases": cases}


def areas(random):
    cases = []
    for count, levels in [(2, 2), (10, 3), (60, 7), (200, 10), (500, 100_000), (1000, 2)]:
        truth = random.integers(0, 2, count)
        truth[:2] = [0, 1]
        scores = (random.integers(0, levels, count) + 0.3 * truth * (levels > 5)).astype("float32")
        cases.append({
            "scores": scores.tolist(),
            "isPositive": [bool(value) for value in truth],
            "auroc": float(roc_auc_score(truth, scores)),
            "auprc": float(average_precision_score(truth, scores)),
        })
    return cases


if __name__ == "__main__":
    random = numpy.random.default_rng(11)
    for name, golden in [("optimizers", optimizers(random)), ("areas", areas(random))]:
        (FOLDER / f"{name}.json").write_text(json.dumps(golden) + "\n")
