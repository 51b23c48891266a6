"""The same nets in PyTorch, eager, as its tutorials write them; float64 on one thread.

`python pytorch.py NET STEPS` prints the microseconds of one step.
"""

from __future__ import annotations

import itertools
import sys
import time

import torch
from nets import EXAMPLES, NETS, widths
from torch import nn

PHI = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}


def step_microseconds(name: str, steps: int) -> float:
    """Time of one training step of the net `name`."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    net = NETS[name]
    sizes = widths(net)
    phi = PHI[net["network"]["hidden"][0]["activation"]]
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), phi()]
    model = nn.Sequential(*layers[:-1])
    training = net["training"]
    kind = torch.optim.Adam if training["optimizer"] == "adam" else torch.optim.SGD
    optimizer = kind(model.parameters(), lr=training["learning_rate"])
    criterion = nn.BCEWithLogitsLoss()
    x = torch.randn(EXAMPLES, sizes[0])
    y = (torch.hypot(x[:, :1], x[:, 1:2]) < 1).double()
    order, at = torch.randperm(EXAMPLES), 0

    start = time.perf_counter()
    for _ in range(steps):
        if at >= EXAMPLES:
            order, at = torch.randperm(EXAMPLES), 0
        chosen = order[at : at + training["batch_size"]]
        at += training["batch_size"]
        optimizer.zero_grad()
        loss = criterion(model(x[chosen]), y[chosen])
        loss.backward()
        optimizer.step()
    return (time.perf_counter() - start) / steps * 1e6


if __name__ == "__main__":
    print(step_microseconds(sys.argv[1], int(sys.argv[2])))
