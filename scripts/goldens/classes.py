#!/usr/bin/env python3
"""Makes Tests/TrainingTests/Goldens/classes.json.

    pip install numpy==2.4.6 scikit-learn==1.9.1 scipy torch==2.15.0
    scripts/goldens/classes.py

`classes`: probabilities of classes, the examples' classes, and what scikit-learn measures of them. `counts`: counts, their
predicted means, and scikit-learn's deviances. `scaling`: two sets of logits, and the weights that scipy finds for their sum in a
softmax, with labels `(n + 1) / (n + 2)` for a class of n examples. `averages`: a weight per step and PyTorch's moving average of
them, the decay being the lesser of 0.5 and `(1 + n) / (10 + n)`.
"""

import json
import pathlib

import numpy
import torch
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn import metrics
from torch.optim.swa_utils import AveragedModel

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TrainingTests" / "Goldens" / "classes.json"


def classes(random):
    count, kinds = 60, 4
    own = random.choice(kinds, count, p=[0.5, 0.3, 0.15, 0.05])
    own[:kinds] = range(kinds)
    logits = random.normal(0, 1, (count, kinds)) + 1.5 * numpy.eye(kinds)[own]
    shares = softmax(logits, axis=1).astype("float32").astype("float64")
    called = shares.argmax(axis=1)
    return {
        "predictions": shares.tolist(), "classes": own.tolist(),
        "accuracy": metrics.accuracy_score(own, called),
        "balancedAccuracy": metrics.balanced_accuracy_score(own, called),
        # scikit-learn wants rows that add up to 1 more exactly than single precision has them.
        "crossEntropy": -numpy.log(shares[range(count), own]).mean(),
        "confusion": metrics.confusion_matrix(own, called).tolist(),
        "auroc": float(numpy.mean([metrics.roc_auc_score(own == kind, shares[:, kind]) for kind in range(kinds)])),
    }


def counts(random):
    means = random.gamma(2, 3, 40).astype("float32").astype("float64")
    labels = random.poisson(means)
    return {
        "predictions": means.tolist(), "labels": labels.tolist(),
        "deviance": metrics.mean_poisson_deviance(labels, means),
        "devianceExplained": metrics.d2_tweedie_score(labels, means, power=1),
    }


def scaling(random, slope):
    count, kinds = 80, 3
    own = random.integers(0, kinds, count)
    networks = (3 * random.normal(0, 1, (count, kinds)) + 4 * numpy.eye(kinds)[own]).astype("float32").astype("float64")
    kmers = (random.normal(0, 1, (count, kinds)) + slope * numpy.eye(kinds)[own]).astype("float32").astype("float64")
    weights = random.uniform(0.5, 2, count).astype("float32").astype("float64")
    sizes = numpy.bincount(own, minlength=kinds)[own]
    targets = numpy.where(
        numpy.eye(kinds)[own] == 1, ((sizes + 1) / (sizes + 2))[:, None], (1 / (sizes + 2) / (kinds - 1))[:, None])

    def loss(factors):
        logits = factors[0] * networks + (factors[1] if len(factors) > 1 else 0) * kmers
        return -(weights[:, None] * targets * log_softmax(logits, axis=1)).sum()

    options = {"method": "Nelder-Mead", "options": {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20000}}
    best = minimize(loss, [0.5, 0.5], **options).x
    if best[1] < 0:
        best = [minimize(loss, [0.5], **options).x[0], 0.0]
    return {
        "networks": networks.tolist(), "kmers": kmers.tolist(), "weights": weights.tolist(), "classes": own.tolist(),
        "networkWeight": float(best[0]), "kmerWeight": float(best[1]),
    }


def averages(random):
    model = torch.nn.Linear(1, 1, bias=False)
    average = AveragedModel(
        model, avg_fn=lambda old, new, n: old + (1 - min(0.5, (1 + float(n)) / (10 + float(n)))) * (new - old))
    weights, means = random.normal(0, 1, 20).astype("float32").tolist(), []
    for weight in weights:
        model.weight.data.fill_(weight)
        average.update_parameters(model)
        means.append(average.module.weight.item())
    return {"weights": weights, "averages": means}


if __name__ == "__main__":
    random = numpy.random.default_rng(29)
    golden = {
        "classes": classes(random), "counts": counts(random),
        "scaling": [scaling(random, 1.0), scaling(random, -1.0)], "averages": averages(random),
    }
    GOLDEN.write_text(json.dumps(golden) + "\n")
