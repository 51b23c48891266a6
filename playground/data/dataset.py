"""A data set ready for a network: drawn, split, its features taken and standardized."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.base.arrays import Array, IntArray, random_stream
from playground.base.errors import InputError
from playground.data.features import feature_columns
from playground.data.settings import DataSettings, PlaneSettings, data_settings
from playground.data.source import Shape, Source, Task


@dataclass(frozen=True)
class Split:
    """Examples of one role: `x` (n, i) for the network, `y` (n, o), `points` (n, d) raw inputs."""

    x: Array
    y: Array
    points: Array

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Dataset:
    """Training, validation and test examples; the latter two may be empty."""

    name: str
    task: Task
    train: Split
    validation: Split
    test: Split
    feature_names: list[str]
    """One a network input."""
    class_names: list[str]
    """Empty for regression."""
    outputs: int
    extent: tuple[float, float] | None
    """The drawing range of both raw coordinates of a set in the plane."""
    features: tuple[str, ...] | None
    """For sets in the plane: what the network is given of the coordinates."""
    mean: Array
    """Of each feature on the training set; 0 where inputs are not standardized."""
    deviation: Array
    """Of each feature on the training set; 1 where it is constant, or nothing is standardized."""
    image: tuple[int, int] | None = None
    """Inputs that are pixels: their rows and columns."""

    @property
    def shape(self) -> Shape:
        return Shape(self.task, len(self.feature_names), self.outputs)

    def inputs(self, points: Array) -> Array:
        """What the network eats of raw inputs: (n, d) to (n, i)."""
        return (_features(points, self.features) - self.mean) / self.deviation


def load(
    data: DataSettings | Mapping[str, Any] | str, seed: int, table: bytes | None = None
) -> Dataset:
    """The data set that `data` describes; `seed` is the experiment's, `table` the CSV file's bytes.

    The same settings and seed give the same examples in the same roles. Never opens a file: who may
    read which is not for a data set to say.
    """
    try:
        settings = data_settings(dict(data) if isinstance(data, Mapping) else data)
        source = _source(settings, table)
    except InputError as error:
        raise error.under("data") from None
    if settings.seed is not None:
        seed = settings.seed
    examples = source.draw(random_stream(seed, "data"))
    order, train_end, validation_end = dealt(settings, source, len(examples.points), seed)
    features = settings.features if isinstance(settings, PlaneSettings) else None
    taken = _features(examples.points, features)
    mean, deviation = _moments(taken[order[:train_end]], settings.standardize)

    def split(rows: Any) -> Split:
        x = (taken[rows] - mean) / deviation
        return Split(x, examples.y[rows], examples.points[rows])

    return Dataset(
        settings.name,
        source.task,
        split(order[:train_end]),
        split(order[train_end:validation_end]),
        split(order[validation_end:]),
        list(features or examples.columns),
        list(examples.classes),
        source.outputs,
        source.extent,
        features,
        mean,
        deviation,
        source.image,
    )


def dealt(settings: DataSettings, source: Source, n: int, seed: int) -> tuple[IntArray, int, int]:
    """The order in which n examples are dealt, and where training and validation set end in it."""
    order = np.arange(n)
    if not (source.in_order and settings.train_fraction == 1):
        order = random_stream(seed, "split").permutation(n)
    train_end = max(1, int(n * settings.train_fraction + 0.5))
    kept = settings.train_fraction + settings.validation_fraction
    return order, train_end, max(train_end, min(n, int(n * kept + 0.5)))


def _source(settings: DataSettings, table: bytes | None) -> Source:
    if table is not None and settings.name != "csv":
        raise InputError(f"must be 'csv' for a table to be read, got {settings.name!r}", "name")
    source = settings.source(table)
    if source is None:
        raise InputError("must name a CSV file (or give it with --data)", "path")
    return source


def _features(points: Array, names: tuple[str, ...] | None) -> Array:
    return points if names is None else feature_columns(points, names)


def _moments(x: Array, standardize: bool) -> tuple[Array, Array]:
    """Mean and standard deviation of each column; 1 in place of the deviation of a constant one."""
    if not standardize:
        return np.zeros(x.shape[1]), np.ones(x.shape[1])
    deviation = x.std(axis=0)
    # Rounding leaves a constant column a deviation of some 1e-17 of its size, not of zero.
    constant = deviation <= 1e-12 * np.abs(x).max(axis=0)
    return x.mean(axis=0), np.where(constant, 1.0, deviation)
