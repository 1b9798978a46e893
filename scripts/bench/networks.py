"""The networks that are timed: as PyTorch modules, and what their arithmetic comes to."""

from dataclasses import dataclass
from math import ceil

KMER = 3  # bases a row of a look-up table: such tables of a block of filters fit the first-level cache
LANES = 16  # filters a row


@dataclass(frozen=True)
class Network:
    """One motif convolution, a rectifier, max pooling, and dense layers with one output."""

    name: str  # as in Workload.swift
    filters: int
    width: int
    length: int
    batch: int
    steps: int  # batches a pass
    window: int | None = None  # positions that are pooled together; all of them without it
    hidden: int | None = 32  # units of the layer before the output

    @property
    def positions(self):
        return self.length - self.width + 1

    @property
    def features(self):
        return self.filters * (self.positions // self.window if self.window else 1)

    def module(self):
        from torch import nn

        class GlobalMax(nn.Module):
            def forward(self, features):
                return features.amax(2)

        pool = nn.MaxPool1d(self.window) if self.window else GlobalMax()
        dense = [nn.Linear(self.features, 1)]
        if self.hidden:
            dense = [nn.Linear(self.features, self.hidden), nn.ReLU(), nn.Linear(self.hidden, 1)]
        return nn.Sequential(nn.Conv1d(4, self.filters, self.width), nn.ReLU(), pool, nn.Flatten(), *dense)

    @property
    def forward_rows(self):
        """Additions of rows of 16 numbers: a row a k-mer of each window, and the dense layers."""
        return self._table_rows + self._dense_rows

    @property
    def backward_rows(self):
        """The same: a number a k-mer of each winner's window, or a row a k-mer of each window where
        that is less; and the dense layers, for their weights and for their input."""
        winners = self.features * ceil(self.width / KMER)
        return min(winners, self._table_rows) + 2 * self._dense_rows

    @property
    def bytes_moved(self):
        """Codes in; each maximum, its place and its gradient once."""
        return self.length + 12 * self.features

    @property
    def _table_rows(self):
        return self.positions * ceil(self.filters / LANES) * ceil(self.width / KMER)

    @property
    def _dense_rows(self):
        weights = self.features * self.hidden + self.hidden if self.hidden else self.features
        return ceil(weights / LANES)


NETWORKS = [
    Network("DeepBind 16×24, 101 bp, batch 64", 16, 24, 101, batch=64, steps=64),
    Network("DeepBind 128×24, 101 bp, batch 256", 128, 24, 101, batch=256, steps=8),
    Network("DeepBind 128×24, 200 bp, batch 256", 128, 24, 200, batch=256, steps=8),
    Network(
        "lecture 128×15, max pool 5, 150 bp, batch 1000", 128, 15, 150, batch=1000, steps=2, window=5, hidden=None
    ),
    Network("lecture 10×15, max pool 5, 150 bp, batch 1000", 10, 15, 150, batch=1000, steps=2, window=5, hidden=None),
    Network("lecture 10×15, max pool 5, dense 32, 150 bp, batch 1000", 10, 15, 150, batch=1000, steps=2, window=5),
]
