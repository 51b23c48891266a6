"""Features of the two coordinates of a plane: what the network is given to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.base.arrays import Array
from playground.base.registry import Registry

FEATURES = Registry("feature")
"""A feature's `make` maps points (n, 2) to its values (n,)."""


@FEATURES.register("x1", "x₁")
def x1(points: Array) -> Array:
    """The horizontal coordinate."""
    return points[:, 0]


@FEATURES.register("x2", "x₂")
def x2(points: Array) -> Array:
    """The vertical coordinate."""
    return points[:, 1]


@FEATURES.register("x1_squared", "x₁²")
def x1_squared(points: Array) -> Array:
    """The square of the horizontal coordinate."""
    return points[:, 0] ** 2


@FEATURES.register("x2_squared", "x₂²")
def x2_squared(points: Array) -> Array:
    """The square of the vertical coordinate."""
    return points[:, 1] ** 2


@FEATURES.register("x1_x2", "x₁x₂")
def x1_x2(points: Array) -> Array:
    """The product of the coordinates."""
    return points[:, 0] * points[:, 1]


@FEATURES.register("sin_x1", "sin(x₁)")
def sin_x1(points: Array) -> Array:
    """The sine of the horizontal coordinate."""
    return np.sin(points[:, 0])


@FEATURES.register("sin_x2", "sin(x₂)")
def sin_x2(points: Array) -> Array:
    """The sine of the vertical coordinate."""
    return np.sin(points[:, 1])


def feature_columns(points: Array, names: Sequence[str]) -> Array:
    """The features `names` of points (n, 2), one a column."""
    return np.column_stack([FEATURES.part(name).make(points) for name in names])
