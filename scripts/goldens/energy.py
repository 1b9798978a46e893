#!/usr/bin/env python3
"""Makes energy.json and helmholtz.json in Tests/TrainingTests/Goldens, and Tests/MotifsTests/Goldens/coupled.json.

    pip install numpy==2.4.6 scipy==1.17.1
    scripts/goldens/energy.py

energy.json: restricted Boltzmann machines of both kinds of visible units, with numpy in double precision: means, free energies, the
logarithm of the partition function by counting all visible states, the probability of each state, and the gradient of contrastive
divergence for given data and dreams.

helmholtz.json: a directed machine of bases and two hidden layers, whose states are all counted: the probability of some bases, the
bound that the recognition weights give it, and the expected gradients of wake and sleep, written out from the chain rule.

coupled.json: aligned sites, and the fields and couplings of the regularised pseudolikelihood's minimum as scipy finds it from a loss
written out with one-hot arrays and no gradient of ours: scipy's L-BFGS-B with the gradient of the dense formula.
"""

import itertools
import json
import pathlib

import numpy
from scipy.optimize import minimize
from scipy.special import logsumexp

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def states(units, visible):
    if units == "binary":
        return numpy.array(list(itertools.product([0.0, 1.0], repeat=visible)))
    rows = []
    for codes in itertools.product(range(4), repeat=visible // 4):
        row = numpy.zeros((visible // 4, 4))
        row[numpy.arange(visible // 4), codes] = 1
        rows.append(row.ravel())
    return numpy.array(rows)


def machine(units, visible, hidden, rng):
    weight = rng.normal(0, 0.8, (visible, hidden)).astype("f4").astype("f8")
    b = rng.normal(0, 0.5, visible).astype("f4").astype("f8")
    c = rng.normal(0, 0.5, hidden).astype("f4").astype("f8")

    def free(v):
        return -v @ b - numpy.logaddexp(0, c + v @ weight).sum(1)

    def statistics(v):
        h = sigmoid(c + v @ weight)
        return [v.T @ h / len(v), v.mean(0), h.mean(0)]

    every = states(units, visible)
    data = every[rng.integers(0, len(every), 6)]
    dreams = every[rng.integers(0, len(every), 4)]
    gradient = [dream - awake for dream, awake in zip(statistics(dreams), statistics(data))]
    log_partition = logsumexp(-free(every))
    h = sigmoid(c + data @ weight)
    logits = b + h @ weight.T
    if units == "binary":
        v = sigmoid(logits)
    else:
        groups = logits.reshape(len(data), -1, 4)
        v = numpy.exp(groups - logsumexp(groups, axis=2, keepdims=True)).reshape(len(data), -1)
    return dict(
        units=units, weight=weight, visibleBias=b, hiddenBias=c, data=data, dreams=dreams, freeEnergies=free(data),
        hiddenMeans=h, visibleMeans=v, logPartition=log_partition, probabilities=numpy.exp(-free(every) - log_partition),
        gradient=gradient)


def bernoulli(x, logits):
    return (x * numpy.log(sigmoid(logits)) + (1 - x) * numpy.log(sigmoid(-logits))).sum()


def base_shares(logits):
    groups = logits.reshape(-1, 4)
    return numpy.exp(groups - logsumexp(groups, axis=1, keepdims=True)).ravel()


def joint(x, g, prior, down):
    """The logarithm of the probability, and the gradient of minus that: prior, then weight and bias from the lowest layer up."""
    bases = base_shares(g[0] @ down[0][0] + down[0][1])
    low = g[1] @ down[1][0] + down[1][1]
    log = (x * numpy.log(bases)).sum() + bernoulli(g[0], low) + bernoulli(g[1], prior)
    errors = [bases - x, sigmoid(low) - g[0], sigmoid(prior) - g[1]]
    return log, [errors[2], numpy.outer(g[0], errors[0]), errors[0], numpy.outer(g[1], errors[1]), errors[1]]


def recognized(x, g, up):
    """The same of the hidden states given the bases: weight and bias from the lowest layer up."""
    first, second = x @ up[0][0] + up[0][1], g[0] @ up[1][0] + up[1][1]
    errors = [sigmoid(first) - g[0], sigmoid(second) - g[1]]
    log = bernoulli(g[0], first) + bernoulli(g[1], second)
    return log, [numpy.outer(x, errors[0]), errors[0], numpy.outer(g[0], errors[1]), errors[1]]


def helmholtz(rng):
    length, hidden = 2, [3, 2]
    sizes = [4 * length] + hidden

    def draw(*shape):
        return rng.normal(0, 0.8, shape).astype("f4").astype("f8")

    prior = draw(sizes[-1])
    down = [(draw(above, below), draw(below)) for below, above in zip(sizes, sizes[1:])]
    up = [(draw(below, above), draw(above)) for below, above in zip(sizes, sizes[1:])]
    every = [(a, b) for a in states("binary", hidden[0]) for b in states("binary", hidden[1])]
    x = states("bases", 4 * length)[6]
    logs = [joint(x, g, prior, down)[0] for g in every]
    shares = [numpy.exp(recognized(x, g, up)[0]) for g in every]
    wake = [sum(share * joint(x, g, prior, down)[1][k] for share, g in zip(shares, every)) for k in range(5)]
    sleep = [0, 0, 0, 0]
    for bases in states("bases", 4 * length):
        for g in every:
            share, gradient = numpy.exp(joint(bases, g, prior, down)[0]), recognized(bases, g, up)[1]
            sleep = [total + share * own for total, own in zip(sleep, gradient)]
    return dict(
        bases=x, generation=[prior] + [part for pair in down for part in pair],
        recognition=[part for pair in up for part in pair], logLikelihood=logsumexp(logs),
        bound=sum(share * (log - numpy.log(share)) for share, log in zip(shares, logs)), wake=wake, sleep=sleep)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, numpy.ndarray):
        return [float(number) for number in value.ravel()]
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, numpy.floating) else value


# Of aligned sites: their number of positions, all pairs of those, and the penalties of fields and couplings.
WIDTH = 5
PAIRS = [(i, j) for i in range(WIDTH) for j in range(i + 1, WIDTH)]
FIELD_PENALTY, COUPLING_PENALTY = 0.002, 0.01


def drawn_sites(count, rng):
    codes = rng.integers(0, 4, (count, WIDTH))
    codes[:, 3] = numpy.where(rng.random(count) < 0.7, 3 - codes[:, 1], codes[:, 3])
    codes[:, 0] = numpy.where(rng.random(count) < 0.6, 2, codes[:, 0])
    return codes


def unpack(x):
    """The fields, and the couplings of each pair both ways."""
    h = x[: 4 * WIDTH].reshape(WIDTH, 4)
    j = numpy.zeros((WIDTH, WIDTH, 4, 4))
    for (first, second), block in zip(PAIRS, x[4 * WIDTH:].reshape(-1, 4, 4)):
        j[first, second], j[second, first] = block, block.T
    return h, j


def conditional_logs(h, j, onehot):
    """The logarithm of the probability of each base at each position, given the other positions."""
    logits = h + numpy.einsum("ijab,njb->nia", j, onehot)
    return logits - logsumexp(logits, axis=2, keepdims=True)


def penalized_loss(x, onehot):
    """Minus the pseudolikelihood per site, with penalties, and its gradient."""
    count = len(onehot)
    h, j = unpack(x)
    logs = conditional_logs(h, j, onehot)
    value = -(logs * onehot).sum() / count
    error = (numpy.exp(logs) - onehot) / count
    dense = numpy.einsum("nia,njb->ijab", error, onehot)
    gradient = numpy.concatenate(
        [(error.sum(0) + 2 * FIELD_PENALTY * h).ravel()]
        + [(dense[i, k] + dense[k, i].T + 2 * COUPLING_PENALTY * j[i, k]).ravel() for i, k in PAIRS])
    value += FIELD_PENALTY * (h ** 2).sum() + COUPLING_PENALTY * sum((j[i, k] ** 2).sum() for i, k in PAIRS)
    return value, gradient


def coupled(rng):
    count = 80
    codes = drawn_sites(count, rng)
    onehot = numpy.eye(4)[codes]
    start = numpy.zeros(4 * WIDTH + 16 * len(PAIRS))
    found = minimize(
        lambda x: penalized_loss(x, onehot), start, jac=True, method="L-BFGS-B",
        options=dict(gtol=1e-11, ftol=1e-16, maxiter=10000, maxls=50))
    h, j = unpack(found.x)

    def log_weight(site):
        return sum(h[i, site[i]] for i in range(WIDTH)) + sum(j[i, k, site[i], site[k]] for i, k in PAIRS)

    logs = conditional_logs(h, j, onehot)
    return dict(
        sites=["".join("ACGT"[code] for code in site) for site in codes], fieldPenalty=FIELD_PENALTY,
        couplingPenalty=COUPLING_PENALTY, loss=float(found.fun), fields=h, pairs=found.x[4 * WIDTH:],
        logPartition=float(logsumexp([log_weight(site) for site in itertools.product(range(4), repeat=WIDTH)])),
        logWeights=numpy.array([log_weight(site) for site in codes]),
        pseudoLogLikelihood=float((logs * onehot).sum() / count / numpy.log(2)))


def main():
    rng = numpy.random.default_rng(1)
    machines = [machine("bases", 12, 5, rng), machine("binary", 6, 4, rng)]
    (TESTS / "TrainingTests/Goldens/energy.json").write_text(json.dumps(plain(machines)) + "\n")
    (TESTS / "TrainingTests/Goldens/helmholtz.json").write_text(json.dumps(plain(helmholtz(numpy.random.default_rng(2)))) + "\n")
    (TESTS / "MotifsTests/Goldens/coupled.json").write_text(json.dumps(plain(coupled(rng))) + "\n")


main()
