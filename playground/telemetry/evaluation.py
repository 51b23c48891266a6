"""The network's answers on whole sets, in cache-sized chunks; as losses and the headline metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array, IntArray
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


class Scorer:
    """Losses and metrics over the whole sets of `dataset`, from one pass over all examples."""

    def __init__(self, dataset: Dataset) -> None:
        self._task = dataset.task
        self._splits = [dataset.train, dataset.validation, dataset.test]
        self._x = np.concatenate([split.x for split in self._splits if len(split.x)])
        self._right = [self._classes(split) for split in self._splits]

    def scores(self, network: Network, loss: Loss) -> Scores:
        """Of `network` as it is now."""
        with np.errstate(all="ignore"):
            outputs = answers(network, self._x)
            found, start = [], 0
            for split, right in zip(self._splits, self._right, strict=True):
                own = outputs[start : start + len(split.x)]
                found.append(_score(own, split, right, loss))
                start += len(split.x)
        return Scores(*found)

    def _classes(self, split: Split) -> IntArray | None:
        return None if self._task == "regression" else predicted_classes(split.y, 0.5)


def _score(outputs: Array, split: Split, right: IntArray | None, loss: Loss) -> Score:
    """`right`: the true classes, where there are any."""
    if not len(split.y):
        return Score()
    if right is None:
        metric = regression_metrics(outputs, split.y)["r2"]
    else:
        hits = predicted_classes(outputs, loss.threshold) == right
        metric = int(np.count_nonzero(hits)) / len(hits)
    return Score(loss.value(outputs, split.y), metric)
