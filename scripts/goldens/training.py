#!/usr/bin/env python3
"""Makes Tests/TrainingTests/Goldens.

    pip install numpy==2.4.6 scikit-learn==1.9.1 torch==2.15.0
    scripts/goldens/training.py

`optimizers.json`: weights as PyTorch's optimizers move them, with given gradients, step by step.
`schedules.json`: the learning rates of PyTorch's schedulers. `norms.json`: what its functions make of gradients and weights
whose norms are limited.
`areas.json`: scores with ties, and what scikit-learn says of them.
`calibration.json`: probabilities, their Brier score and reliability curve by scikit-learn, and the
scaling of scores by its implementation of Platt's.
`kmer-regression.json`: sequences, and the logits that scikit-learn's logistic regression on their 6-mers gives.
"""

import json
import pathlib

import numpy
import torch
from sklearn.calibration import _sigmoid_calibration, calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TrainingTests" / "Goldens"
STEPS = 12


def trajectory(kind, momentum, l2, rate, start, gradients):
    """All rows follow the penalty, as the weights of a layer do."""
    weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    if kind in ("sgd", "momentum"):
        nesterov = kind == "sgd" and momentum > 0
        optimizer = torch.optim.SGD([weights], lr=rate, momentum=momentum, nesterov=nesterov, weight_decay=l2)
    elif kind == "rmsprop":
        # 1 - 0.999 in single precision differs from 0.001 in the fifth digit.
        alpha = float(numpy.float32(0.999))
        optimizer = torch.optim.RMSprop([weights], lr=rate, alpha=alpha, momentum=momentum, weight_decay=l2)
    else:
        adam = torch.optim.AdamW if kind == "adam" else torch.optim.Adam
        optimizer = adam([weights], lr=rate, betas=(momentum, 0.999), weight_decay=l2)
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
        ("momentum", 0.9, 0.0, 0.05), ("momentum", 0.5, 0.25, 0.05), ("rmsprop", 0.0, 0.0, 0.01),
        ("rmsprop", 0.9, 0.25, 0.01), ("adamL2", 0.9, 0.25, 0.1),
    ]:
        rows = trajectory(kind, momentum, l2, rate, start, gradients)
        cases.append({"kind": kind, "momentum": momentum, "l2": l2, "rate": rate, "weights": rows})
    return {"start": start, "gradients": gradients, "cases": cases}


def rates(make, steps):
    """The learning rate of each step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler, found = make(optimizer), []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def schedules():
    """Rates of at most 0.5 over some steps."""
    rate = torch.optim.lr_scheduler
    makers = [
        ({"schedule": "steps", "drops": 2, "dropFactor": 0.5}, 30, lambda o: rate.StepLR(o, 10, 0.5)),
        ({"schedule": "restarts", "cycles": 3}, 30, lambda o: rate.CosineAnnealingWarmRestarts(o, 10)),
        ({"schedule": "constant"}, 30, lambda o: rate.ConstantLR(o, 1)),
        ({"schedule": "oneCycle", "warmup": 0.3}, 40, lambda o: rate.OneCycleLR(o, 0.5, 40, pct_start=0.3)),
        ({"schedule": "oneCycle", "warmup": 0.5}, 10, lambda o: rate.OneCycleLR(o, 0.5, 10, pct_start=0.5)),
    ]
    return [{"keys": keys, "rates": rates(make, steps)} for keys, steps, make in makers]


def norms(random):
    """Gradients whose norm is limited, and weights whose columns' norms are."""
    gradient = random.normal(0, 1, 7).astype("float32")
    weights = random.normal(0, 1, (5, 3)).astype("float32")
    cases = []
    for limit in [0.5, 2.0, 100.0]:
        parameter = torch.nn.Parameter(torch.zeros(7, dtype=torch.float64))
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        torch.nn.utils.clip_grad_norm_([parameter], limit)
        limited = torch.renorm(torch.tensor(weights, dtype=torch.float64), 2, 1, limit)
        cases.append({"limit": limit, "gradient": parameter.grad.tolist(), "weights": limited.flatten().tolist()})
    return {"gradient": gradient.tolist(), "weights": weights.flatten().tolist(), "cases": cases}


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


def calibration(random):
    cases = []
    for count in [20, 100, 400]:
        scores = random.normal(0, 2, count).astype("float32")
        truth = (random.uniform(0, 1, count) < 1 / (1 + numpy.exp(-0.6 * scores - 0.3))).astype(int)
        truth[:2] = [0, 1]
        weights = random.choice([0.25, 1, 2], count)
        probabilities = (1 / (1 + numpy.exp(-scores))).astype("float32")
        observed, predicted = calibration_curve(truth, probabilities, n_bins=15)
        slope, intercept = _sigmoid_calibration(scores.astype(float), truth, weights)
        cases.append({
            "scores": scores.tolist(),
            "probabilities": probabilities.tolist(),
            "isPositive": [bool(value) for value in truth],
            "weights": weights.tolist(),
            "brier": float(brier_score_loss(truth, probabilities.astype(float))),
            "observed": observed.tolist(),
            "predicted": predicted.tolist(),
            "slope": float(-slope),
            "intercept": float(-intercept),
        })
    return cases


def kmers(random, penalty=0.1, width=6):
    letters = numpy.array(list("ACGT"))
    sequences = ["".join(random.choice(letters, random.integers(30, 60))) for _ in range(80)]
    truth = [index % 2 for index in range(80)]
    for index in range(0, 80, 4):
        sequences[index + 1] = sequences[index + 1][:10] + "TGACTCA" + sequences[index + 1][17:]
    sequences[3] = sequences[3][:12] + "N" + sequences[3][13:]
    weights = random.choice([0.5, 1, 3], 80)
    complement = str.maketrans("ACGT", "TGCA")
    columns, rows = {}, []
    for sequence in sequences:
        counts = {}
        for start in range(len(sequence) - width + 1):
            kmer = sequence[start:start + width]
            if "N" in kmer:
                continue
            kmer = min(kmer, kmer[::-1].translate(complement))
            columns.setdefault(kmer, len(columns))
            counts[kmer] = counts.get(kmer, 0) + 1
        rows.append(counts)
    features = numpy.zeros((80, len(columns)))
    for row, counts in enumerate(rows):
        for kmer, count in counts.items():
            features[row, columns[kmer]] = count
        features[row] /= numpy.linalg.norm(features[row])
    model = LogisticRegression(C=1 / penalty, solver="newton-cg", tol=1e-12, max_iter=1000)
    model.fit(features, truth, sample_weight=weights)
    return {
        "sequences": sequences,
        "isPositive": [bool(value) for value in truth],
        "weights": weights.tolist(),
        "penalty": penalty,
        "logits": model.decision_function(features).tolist(),
        "intercept": float(model.intercept_[0]),
    }


if __name__ == "__main__":
    random = numpy.random.default_rng(11)
    for name, golden in [
        ("optimizers", optimizers(random)), ("areas", areas(random)),
        ("calibration", calibration(random)), ("kmer-regression", kmers(random)),
        ("schedules", schedules()), ("norms", norms(random)),
    ]:
        (FOLDER / f"{name}.json").write_text(json.dumps(golden) + "\n")
