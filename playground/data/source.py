"""What a data set says of itself before a number is drawn, and how its examples are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array

Task = Literal["binary", "multiclass", "regression"]

EXTENT = (-6.0, 6.0)
"""The range of both coordinates in which plane sets are drawn."""


@dataclass(frozen=True)
class Examples:
    """Raw examples: `points` (n, d), and `y` as the losses want it: {0, 1} (n, 1) for two classes,
    one-hot (n, classes) for more, values (n, o) for regression."""

    points: Array
    y: Array
    columns: tuple[str, ...]
    """Names of the raw inputs."""
    classes: tuple[str, ...] = ()
    """Empty for regression."""


@dataclass(frozen=True)
class Source:
    """A data set with its settings filled in; `draw` gives the examples for a random stream."""

    task: Task
    inputs: int
    """Raw ones: for a plane set 2, whatever the features."""
    outputs: int
    draw: Callable[[np.random.Generator], Examples]
    extent: tuple[float, float] | None = None
    """Where both coordinates of a plane set lie; only plane sets have features."""
    image: tuple[int, int] | None = None
    """Inputs that are pixels: their rows and columns."""
    in_order: bool = False
    """The order of the examples means something, as in a file."""


@dataclass(frozen=True)
class Shape:
    """What a network must fit: the task, and how many inputs and outputs."""

    task: Task
    inputs: int
    outputs: int


def class_targets(labels: npt.NDArray[Any], classes: int) -> Array:
    """Class indices (n,) as targets: {0, 1} (n, 1) for two classes, one-hot (n, classes) for more.

    >>> class_targets(np.array([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    if classes == 2:
        return labels.astype(np.float64).reshape(-1, 1)
    return np.eye(classes)[labels.astype(np.intp)]
