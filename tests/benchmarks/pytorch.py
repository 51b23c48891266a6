"""PyTorch: eager as its tutorials write it; or compiled, the model alone or the step as a whole."""

from __future__ import annotations

import itertools

import torch
from contender import Epochs, Train, compete
from nets import RATE, Net
from torch import nn

PHI = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}


def prepare(net: Net, dtype: str, form: str) -> Train:
    """`form`: `eager`, `model` (compiled forward and backward) or `step` (the optimizer too)."""
    torch.set_num_threads(1)
    torch.set_default_dtype(getattr(torch, dtype))
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(net.widths):
        layers += [nn.Linear(inputs, outputs), PHI[net.activation]()]
    model = nn.Sequential(*layers[:-1])
    kind = torch.optim.Adam if net.adam else torch.optim.SGD
    optimizer = kind(model.parameters(), lr=RATE)
    criterion = nn.BCEWithLogitsLoss() if net.widths[-1] == 1 else nn.CrossEntropyLoss()
    epochs = Epochs(net, dtype)

    def loss_of(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return criterion(model(x), y)  # type: ignore[no-any-return]

    forward, update = loss_of, optimizer.step
    if form in ("model", "step"):
        forward = torch.compile(loss_of)
    if form == "step":
        update = torch.compile(optimizer.step)
    data: list[tuple[torch.Tensor, torch.Tensor]] = []

    def train(steps: int) -> None:
        nonlocal data
        for _ in range(steps):
            if not data:
                xs, ys = (torch.from_numpy(part) for part in epochs.deal())
                data = list(zip(xs.unbind(), ys.unbind(), strict=True))
            optimizer.zero_grad()
            forward(*data.pop()).backward()
            update()

    return train


if __name__ == "__main__":
    compete(prepare)
