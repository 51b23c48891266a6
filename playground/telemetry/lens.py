"""Through which two coordinates a data set is looked at: its plane, two of its inputs, or the plane
of its first two principal components.

A lens maps points of the picture to what the network eats, and examples to points of the picture.
Beyond two inputs it is affine, x = origin + p·span, so that what is not shown stays at its mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from playground.base.arrays import Array
from playground.base.errors import InputError
from playground.data.dataset import Dataset, Split
from playground.telemetry.frames import LensHeader

Kind = Literal["plane", "line", "features", "components"]

_MARGIN = 0.08
"""Of the examples' range, left free on each side."""


@dataclass(frozen=True)
class Lens:
    """`extent` is [left, right, bottom, top] in the picture's own coordinates."""

    kind: Kind
    axes: list[int]
    """Which inputs lie along the picture's axes; empty for components."""
    names: list[str]
    extent: list[float]
    share: float | None
    """Components: of the training inputs' variance, what their plane holds."""
    dataset: Dataset
    origin: Array | None = None
    span: Array | None = None

    def inputs(self, points: Array) -> Array:
        """The network's inputs (n, i) at points (n, 2) of the picture."""
        if self.origin is None or self.span is None:
            return self.dataset.inputs(points)
        return np.asarray(self.origin + points[:, : len(self.span)] @ self.span)

    def seen(self, split: Split) -> Array:
        """Examples as points (n, 2) of the picture; along a line the target is the second."""
        if self.kind == "plane":
            return split.points
        if self.kind == "line":
            return np.column_stack([split.points[:, 0], _heights(split.y, self.dataset.task)])
        if self.kind == "features":
            return split.points[:, self.axes]
        assert self.origin is not None
        assert self.span is not None
        return np.asarray((split.x - self.origin) @ self.span.T)

    @property
    def header(self) -> LensHeader:
        return {"kind": self.kind, "axes": self.axes, "names": self.names, "share": self.share}


def lens_for(dataset: Dataset, axes: Sequence[int] | None = None) -> Lens:
    """The picture of a data set. `axes`: the two inputs to look along, where it has more than two;
    None: the first two principal components of its training inputs. InputError for other axes."""
    if dataset.extent is not None:
        low, high = dataset.extent
        return Lens("plane", [0, 1], ["x1", "x2"], [low, high, low, high], None, dataset)
    count = len(dataset.feature_names)
    if count == 1:
        return _line(dataset)
    if axes is None and count > 2:
        return _components(dataset)
    chosen = list(axes) if axes is not None and count > 2 else [0, 1]
    if len(set(chosen)) != 2 or not all(0 <= axis < count for axis in chosen):
        raise InputError(f"must be two different inputs from 0 to {count - 1}", "axes")
    raw = np.concatenate([split.points for split in _splits(dataset)])[:, chosen]
    origin = dataset.inputs(dataset.train.points.mean(axis=0, keepdims=True))[0]
    span = np.zeros((2, count))
    span[[0, 1], chosen] = 1 / dataset.deviation[chosen]
    origin[chosen] = -dataset.mean[chosen] / dataset.deviation[chosen]
    names = [dataset.feature_names[axis] for axis in chosen]
    return Lens("features", chosen, names, _around(raw), None, dataset, origin, span)


def _line(dataset: Dataset) -> Lens:
    x = np.concatenate([split.points[:, 0] for split in _splits(dataset)])
    y = np.concatenate([_heights(split.y, dataset.task) for split in _splits(dataset)])
    name = dataset.feature_names[0]
    origin = -dataset.mean / dataset.deviation
    span = 1 / dataset.deviation.reshape(1, 1)
    extent = _around(np.column_stack([x, y]))
    second = "target" if dataset.task == "regression" else "probability"
    return Lens("line", [0], [name, second], extent, None, dataset, origin, span)


def _components(dataset: Dataset) -> Lens:
    """The plane in which the training inputs vary most; each component's largest entry is positive,
    so that the picture does not flip with the library."""
    x = dataset.train.x
    origin = x.mean(axis=0)
    # Of the scatter matrix, whose size the number of examples does not change; ascending.
    sizes, vectors = np.linalg.eigh((x - origin).T @ (x - origin))
    span = vectors[:, [-1, -2]].T
    span *= np.sign(span[[0, 1], np.abs(span).argmax(axis=1)])[:, None]
    total = float(sizes.sum())
    share = float(sizes[-2:].sum()) / total if total > 0 else 1.0
    names = ["component 1", "component 2"]
    all_x = np.concatenate([split.x for split in _splits(dataset)])
    extent = _around((all_x - origin) @ span.T)
    return Lens("components", [], names, extent, share, dataset, origin, span)


def _splits(dataset: Dataset) -> list[Split]:
    return [dataset.train, dataset.validation, dataset.test]


def _heights(y: Array, task: str) -> Array:
    """Where an example lies on a line's second axis: at its target; several classes: at 1, where
    its class's curve should be."""
    return np.ones(len(y)) if task == "multiclass" else y[:, 0]


def _around(points: Array) -> list[float]:
    """Left, right, bottom and top, with a margin; never empty."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, _MARGIN * (high - low), 1.0)
    left, bottom = (low - margin).tolist()
    right, top = (high + margin).tolist()
    return [left, right, bottom, top]
