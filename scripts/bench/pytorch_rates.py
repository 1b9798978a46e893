"""Sequences a second that PyTorch trains and predicts: pytorch_rates.py NAME THREADS SECONDS

The one-hot tensors are made beforehand. Medians of passes, counted as in Timing.swift.
"""

import sys

import torch
from torch import nn

from deep_networks import DEEP_NETWORKS
from networks import NETWORKS
from timing import median_time


def times(model, batches, labels, seconds):
    """The seconds of a pass in training and in inference."""
    loss = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True)

    def train():
        for batch, label in zip(batches, labels):
            optimizer.zero_grad()
            loss(model(batch), label).backward()
            optimizer.step()

    def predict():
        with torch.inference_mode():
            for batch in batches:
                model(batch)

    training = median_time(seconds, train)
    model.eval()
    return training, median_time(seconds, predict)


def main(name, threads, seconds):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = next(network for network in NETWORKS + DEEP_NETWORKS if network.name == name)
    codes = torch.randint(4, (network.steps, network.batch, network.length))
    batches = nn.functional.one_hot(codes, 4).float().transpose(2, 3).contiguous()
    labels = torch.randint(2, (network.steps, network.batch, 1)).float()
    passes = times(network.module(), batches, labels, seconds)
    print(*(round(network.steps * network.batch / time) for time in passes), sep="\t")


main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
