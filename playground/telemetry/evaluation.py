"""The network's answers on whole sets, in cache-sized chunks; as losses and the headline metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array
from playground.data.dataset import Dataset, Split
from playground.engine.losses import Loss
from playground.engine.metrics import predicted_classes, regression_metrics
from playground.engine.network import Network

_CACHE_VALUES = 1 << 18
"""Activations of a chunk: 2 MB in float64, which a core's own cache holds."""
_CHUNK_LEAST, _CHUNK_MOST = 64, 4096


def chunk_size(network: Network) -> int:
    """How many examples to evaluate at once."""
    units = sum(layer.units + 1 for layer in network.layers)
    return min(max(_CACHE_VALUES // units, _CHUNK_LEAST), _CHUNK_MOST)


def chunks(n: int, size: int) -> Iterator[slice]:
    """`n` rows in equal slices of at most `size`; the last overlaps the one before it, so that the
    network needs buffers for one size only.

    >>> [(s.start, s.stop) for s in chunks(10, 4)]
    [(0, 4), (4, 8), (6, 10)]
    """
    if n:
        size = -(-n // -(-n // size))
        for start in range(0, n, size):
            first = min(start, n - size)
            yield slice(first, first + size)


def answers(network: Network, x: Array) -> Array:
    """Outputs (n, o) for inputs x (n, i), in evaluation mode."""
    size = chunk_size(network)
    if len(x) <= size:
        return network.predict(x) if len(x) else np.zeros((0, network.layers[-1].units))
    found = np.empty((len(x), network.layers[-1].units), network.dtype)
    for rows in chunks(len(x), size):
        found[rows] = network.predict(x[rows])
    return found


@dataclass(frozen=True)
class Score:
    """Of one set: its mean loss and the one metric shown beside it; None without such a set."""

    loss: float | None = None
    metric: float | None = None


@dataclass(frozen=True)
class Scores:
    """Of each split, after the same step."""

    training: Score
    validation: Score
    test: Score


def scores(network: Network, loss: Loss, dataset: Dataset) -> Scores:
    """Losses and metrics over the whole sets, from one pass over all examples."""
    splits = [dataset.train, dataset.validation, dataset.test]
    present = [split.x for split in splits if len(split.x)]
    x = present[0] if len(present) == 1 else np.concatenate(present)
    with np.errstate(all="ignore"):
        outputs = answers(network, x)
        found, start = [], 0
        for split in splits:
            own = outputs[start : start + len(split.x)]
            found.append(_score(own, split, loss, dataset.task))
            start += len(split.x)
    return Scores(*found)


def _score(outputs: Array, split: Split, loss: Loss, task: str) -> Score:
    if not len(split.y):
        return Score()
    if task == "regression":
        metric = regression_metrics(outputs, split.y)["r2"]
    else:
        right = predicted_classes(outputs, loss.threshold) == predicted_classes(split.y, 0.5)
        metric = float(right.mean())
    return Score(loss.value(outputs, split.y), metric)
