#!/usr/bin/env python3
"""Makes Tests/TrainingTests/Goldens/presets.json.

    pip install torch==2.15.0
    scripts/goldens/presets.py

The networks of the presets as PyTorch modules, and how many numbers each trains. PyTorch's LSTM and GRU add two biases per sum;
seqcnn's LSTM has one, as Keras's, so that one of PyTorch's two isn't counted.
"""

import json
import pathlib

import torch
from torch import nn

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TrainingTests" / "Goldens" / "presets.json"


class Residual(nn.Module):
    def __init__(self, *inner):
        super().__init__()
        self.inner = nn.Sequential(*inner)

    def forward(self, x):
        return x + self.inner(x)


class Recurrent(nn.Module):
    def __init__(self, kind, channels, units):
        super().__init__()
        self.cell = kind(channels, units, bidirectional=True, batch_first=True)

    def forward(self, x):
        return self.cell(x.transpose(1, 2))[0].transpose(1, 2)


class Attention(nn.Module):
    """Self-attention over the positions of normalized channels, with a bias per head and distance."""

    def __init__(self, channels, heads, distance):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.attention = nn.MultiheadAttention(channels, heads, batch_first=True)
        self.distances = nn.Parameter(torch.zeros(heads, 2 * distance + 1))

    def forward(self, x):
        normal = self.norm(x.transpose(1, 2))
        return self.attention(normal, normal, normal)[0].transpose(1, 2)


class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        return self.norm(x.transpose(1, 2)).transpose(1, 2)


class AttentionPooling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.score = nn.Linear(channels, 1, bias=False)

    def forward(self, x):
        x = x.transpose(1, 2)
        return (torch.softmax(self.score(x), dim=1) * x).sum(dim=1)


class Maximum(nn.Module):
    def forward(self, x):
        return x.amax(dim=2)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=2)


class MaximumAndMean(nn.Module):
    def forward(self, x):
        return torch.cat([x.amax(dim=2), x.mean(dim=2)], dim=1)


def pooled(filters, channels, width, window):
    return [nn.Conv1d(channels, filters, width), nn.ReLU(), nn.MaxPool1d(window)]


def normalized(filters, channels, width, window):
    return [nn.Conv1d(channels, filters, width), nn.BatchNorm1d(filters), nn.ReLU(), nn.MaxPool1d(window)]


def danq(filters, width, window, units):
    return [
        *pooled(filters, 4, width, window), nn.Dropout(0.2), Recurrent(nn.LSTM, filters, units), nn.Dropout(0.5),
        nn.Flatten(), nn.LazyLinear(925), nn.ReLU()]


def recurrent(kind):
    return [
        *pooled(64, 4, 15, 5), Recurrent(kind, 64, 32), Maximum(), nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.3)]


def residual_block():
    return [
        Residual(
            nn.Conv1d(64, 64, 5, padding=2), nn.BatchNorm1d(64), nn.ReLU(), nn.Conv1d(64, 64, 5, padding=2),
            nn.BatchNorm1d(64)), nn.ReLU()]


def attention_block():
    return [
        Residual(Attention(64, 4, 32)),
        Residual(Norm(64), nn.Conv1d(64, 128, 1), nn.GELU(), nn.Conv1d(128, 64, 1), nn.Dropout(0.2))]


def explainn(networks, length):
    """As github.com/wassermanlab/ExplaiNN: the networks are groups of channels."""
    places = (length - 18) // 7
    return [
        nn.Conv1d(4, networks, 19), nn.BatchNorm1d(networks), nn.MaxPool1d(7), nn.Flatten(), nn.Unflatten(1, (-1, 1)),
        nn.Conv1d(networks * places, 100 * networks, 1, groups=networks), nn.BatchNorm1d(100 * networks), nn.ReLU(),
        nn.Dropout(0.3), nn.Conv1d(100 * networks, networks, 1, groups=networks), nn.BatchNorm1d(networks), nn.ReLU(),
        nn.Flatten()]


PRESETS = {
    "perceptron": (101, 1, lambda: [nn.Flatten()]),
    "mlp": (101, 2, lambda: [
        nn.Flatten(), nn.LazyLinear(128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.3)]),
    "lecture": (150, 1, lambda: [*pooled(10, 4, 15, 5), nn.Flatten()]),
    "deepbind": (101, 1, lambda: [nn.Conv1d(4, 16, 24), nn.ReLU(), Maximum(), nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.2)]),
    "basset": (600, 164, lambda: [
        *normalized(300, 4, 19, 3), *normalized(200, 300, 11, 4), *normalized(200, 200, 7, 4), nn.Flatten(),
        nn.LazyLinear(1000), nn.BatchNorm1d(1000), nn.ReLU(), nn.Dropout(0.3),
        nn.Linear(1000, 1000), nn.BatchNorm1d(1000), nn.ReLU(), nn.Dropout(0.3)]),
    "deepsea": (1000, 919, lambda: [
        *pooled(320, 4, 8, 4), nn.Dropout(0.2), *pooled(480, 320, 8, 4), nn.Dropout(0.2), nn.Conv1d(480, 960, 8), nn.ReLU(),
        nn.Dropout(0.5), nn.Flatten(), nn.LazyLinear(925), nn.ReLU()]),
    "danq": (1000, 919, lambda: danq(320, 26, 13, 320)),
    "danq-jaspar": (1000, 919, lambda: danq(1024, 30, 15, 512)),
    "bpnet": (1000, 1, lambda: [
        nn.Conv1d(4, 64, 25, padding=12), nn.ReLU(),
        *[Residual(nn.Conv1d(64, 64, 3, padding=2 ** n, dilation=2 ** n), nn.ReLU()) for n in range(1, 10)], Mean()]),
    "resnet": (101, 1, lambda: [
        *normalized(64, 4, 15, 2), *residual_block(), nn.MaxPool1d(2), *residual_block(), nn.MaxPool1d(2),
        *residual_block(), *residual_block(), MaximumAndMean(), nn.Dropout(0.3)]),
    "cnn-lstm": (101, 3, lambda: recurrent(nn.LSTM)),
    "cnn-gru": (101, 3, lambda: recurrent(nn.GRU)),
    "attention": (101, 1, lambda: [
        *pooled(64, 4, 15, 5), nn.Dropout(0.2), *attention_block(), *attention_block(), Norm(64), AttentionPooling(64),
        nn.Dropout(0.2)]),
    "explainn": (200, 8, lambda: explainn(100, 200)),
}


def parameters(layers, length, tasks):
    network = nn.Sequential(*layers, nn.LazyLinear(tasks))
    network(torch.zeros(2, 4, length))
    count = sum(parameter.numel() for parameter in network.parameters())
    second = sum(
        parameter.numel() for module in network.modules() if isinstance(module, nn.LSTM)
        for name, parameter in module.named_parameters() if name.startswith("bias_hh"))
    return count - second


if __name__ == "__main__":
    torch.manual_seed(1)
    rows = [
        {"preset": name, "length": length, "tasks": tasks, "parameters": parameters(layers(), length, tasks)}
        for name, (length, tasks, layers) in PRESETS.items()
    ]
    GOLDEN.write_text(json.dumps(rows, indent=1) + "\n")
