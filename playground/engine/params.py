"""All parameters of a network as one flat vector, and the named views into it.

Layer k owns a block of shape (inputs + 1, units): its weights w, and below them, as the row that
the constant input 1 meets, its bias b. A normalized layer has γ and β, (units,) each, right behind.
One vector means that an optimizer, a clipping and a snapshot are whole-network operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.base.arrays import Array


@dataclass(frozen=True)
class Shape:
    """What a layer's place in the vector depends on."""

    inputs: int
    units: int
    normalized: bool = False

    @property
    def size(self) -> int:
        """Parameters in all."""
        return (self.inputs + 1) * self.units + 2 * self.units * self.normalized


@dataclass(frozen=True)
class LayerViews:
    """One layer's part of a flat vector: parameters, their gradient, or an optimizer's memory."""

    block: Array
    gamma: Array | None
    beta: Array | None

    @property
    def w(self) -> Array:
        """(inputs, units)"""
        return self.block[:-1]

    @property
    def b(self) -> Array:
        """(units,)"""
        return row(self.block, -1)


def vector_size(shapes: Sequence[Shape]) -> int:
    """Parameters of all layers together."""
    return sum(shape.size for shape in shapes)


def views(vector: Array, shapes: Sequence[Shape]) -> list[LayerViews]:
    """The layers of a flat vector, in order; all are views, none a copy."""
    found, at = [], 0
    for shape in shapes:
        end = at + (shape.inputs + 1) * shape.units
        block = vector[at:end].reshape(shape.inputs + 1, shape.units)
        if shape.normalized:
            gamma, beta = vector[end : end + 2 * shape.units].reshape(2, shape.units)
            found.append(LayerViews(block, gamma, beta))
        else:
            found.append(LayerViews(block, None, None))
        at += shape.size
    return found


def weight_mask(shapes: Sequence[Shape], dtype: np.dtype[Any]) -> Array:
    """1 where the vector holds a weight, 0 where it holds a bias, γ or β."""
    mask = np.zeros(vector_size(shapes), dtype)
    for layer in views(mask, shapes):
        layer.w[...] = 1.0
    return mask


def row(matrix: Array, k: int) -> Array:
    """Row k as a view; typed, where NumPy's stubs call a single index Any."""
    found: Array = matrix[k]
    return found
