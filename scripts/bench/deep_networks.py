"""Networks of several convolutions that are timed, as PyTorch modules."""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class DeepNetwork:
    name: str  # as in Workload.swift
    length: int
    batch: int
    steps: int  # batches a pass
    module: Callable[[], "torch.nn.Module"]


def basset():
    """The body of Kelley et al. 2016: batch normalisation and dropout left out, valid convolutions, one output."""
    from torch import nn

    layers, channels = [], 4
    for filters, width, window in (300, 19, 3), (200, 11, 4), (200, 7, 4):
        layers += [nn.Conv1d(channels, filters, width), nn.ReLU(), nn.MaxPool1d(window)]
        channels = filters
    layers.append(nn.Flatten())
    features = 2000  # 10 positions of 200 filters
    for units in 1000, 1000:
        layers += [nn.Linear(features, units), nn.ReLU()]
        features = units
    return nn.Sequential(*layers, nn.Linear(features, 1))


def residual():
    """The body of Avsec et al. 2021 (BPNet): each dilated convolution adds to what it reads."""
    from torch import nn

    class Residual(nn.Module):
        def __init__(self, dilation):
            super().__init__()
            self.convolution = nn.Conv1d(64, 64, 3, padding=dilation, dilation=dilation)

        def forward(self, features):
            return features + self.convolution(features).relu()

    class GlobalMean(nn.Module):
        def forward(self, features):
            return features.mean(2)

    blocks = [Residual(2**power) for power in range(1, 10)]
    return nn.Sequential(nn.Conv1d(4, 64, 25, padding=12), nn.ReLU(), *blocks, GlobalMean(), nn.Linear(64, 1))


def danq():
    """Quang & Xie 2016: dropout left out, one output."""
    from torch import nn

    class Bidirectional(nn.Module):
        def __init__(self):
            super().__init__()
            self.recurrent = nn.LSTM(320, 320, batch_first=True, bidirectional=True)

        def forward(self, features):
            return self.recurrent(features.transpose(1, 2))[0].flatten(1)

    # 975 positions in windows of 13 are 75.
    return nn.Sequential(
        nn.Conv1d(4, 320, 26), nn.ReLU(), nn.MaxPool1d(13), Bidirectional(),
        nn.Linear(75 * 640, 925), nn.ReLU(), nn.Linear(925, 1),
    )


DEEP_NETWORKS = [
    DeepNetwork("Basset's body, 600 bp, batch 64", 600, batch=64, steps=4, module=basset),
    DeepNetwork("residual 64×3, dilated to 512, 1000 bp, batch 32", 1000, batch=32, steps=8, module=residual),
    DeepNetwork("DanQ, 1000 bp, batch 64", 1000, batch=64, steps=8, module=danq),
]
