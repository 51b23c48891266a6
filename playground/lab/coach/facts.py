"""What the coach asks of data set and network themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from playground.base.arrays import Array
from playground.data.dataset import Dataset
from playground.engine.losses import Loss
from playground.engine.network import Network
from playground.lab.coach.vitals import DataFacts


def data_facts(dataset: Dataset, loss: Loss) -> DataFacts:
    """Of the training set."""
    x, y = dataset.train.x, dataset.train.y
    return DataFacts(
        len(x),
        dataset.task,
        x.mean(axis=0),
        x.std(axis=0),
        float(y.min()),
        float(y.max()),
        float(y.std()),
        chance_loss(loss, y),
    )


def chance_loss(loss: Loss, y: Array) -> float:
    """The loss of the best constant answer to y (n, outputs): the mean, the median, for Huber's
    something between them, the log of the frequencies, or what suits targets of plus and minus one.
    """
    mean, median = y.mean(axis=0), np.median(y, axis=0)
    share = np.clip(mean, 1e-12, 1 - 1e-12)
    logits = np.log(share / (1 - share)) if y.shape[1] == 1 else np.log(share)
    constants = [mean + part * (median - mean) for part in np.linspace(0, 1, 9)]
    constants += [logits, 2 * mean - 1, np.ones_like(mean), -np.ones_like(mean)]
    with np.errstate(all="ignore"):
        losses = [loss.value(np.broadcast_to(c, y.shape), y) for c in constants]
    return min(value for value in losses if np.isfinite(value))


def alike_layers(network: Network) -> tuple[int, ...]:
    """Hidden layers, from 1, whose units are copies of one another: same weights in and out."""
    found = []
    layers = network.layers
    for k, (layer, above) in enumerate(pairwise(layers), start=1):
        if layer.units < 2:
            continue
        into, out = layer.block, above.w.T
        same = all(
            float(np.abs(v - v[:, :1]).max()) <= 1e-9 * float(np.abs(v).max()) for v in (into, out)
        )
        if same:
            found.append(k)
    return tuple(found)
