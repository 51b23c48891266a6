"""Changing a network without losing what it learned: every weight that still has a place keeps it.

An `Origin` says, for one layer of the new network, where its inputs and units come from in the old.
The same moves serve parameters, optimizer memory and running statistics, so that training goes on
as if nothing had been touched elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array, IntArray
from playground.engine.params import LayerViews, Shape, views


@dataclass(frozen=True)
class Origin:
    """Where a layer comes from: `layer` in the old network, and for each of its inputs and units
    the old one's number, −1 where there was none."""

    layer: int
    inputs: IntArray
    units: IntArray


def same_places(new: int, old: int) -> IntArray:
    """Unit k was unit k, as far as there were any.

    >>> same_places(4, 2).tolist()
    [0, 1, -1, -1]
    """
    places = np.arange(new)
    return np.where(places < old, places, -1)


def without(places: int, removed: int) -> IntArray:
    """The old numbers once unit `removed` of `places` units is gone.

    >>> without(4, 1).tolist()
    [0, 2, 3]
    """
    return np.delete(np.arange(places), removed)


def transplant(
    old: Array,
    old_shapes: Sequence[Shape],
    new: Array,
    new_shapes: Sequence[Shape],
    origins: Sequence[Origin | None],
) -> None:
    """Copy into the flat vector `new`, in place, all of `old` that has a place there."""
    sources = views(old, old_shapes)
    for target, origin in zip(views(new, new_shapes), origins, strict=True):
        if origin:
            _transplant_layer(sources[origin.layer], target, origin)


def _transplant_layer(source: LayerViews, target: LayerViews, origin: Origin) -> None:
    rows, columns = np.flatnonzero(origin.inputs >= 0), np.flatnonzero(origin.units >= 0)
    old_rows, old_columns = origin.inputs[rows], origin.units[columns]
    target.w[np.ix_(rows, columns)] = source.w[np.ix_(old_rows, old_columns)]
    target.b[columns] = source.b[old_columns]
    for own, was in ((target.gamma, source.gamma), (target.beta, source.beta)):
        if own is not None and was is not None:
            own[columns] = was[old_columns]


def silence_new_inputs(
    new: Array, new_shapes: Sequence[Shape], origins: Sequence[Origin | None]
) -> None:
    """Weights from a unit that was not there to a layer that was begin at 0: the output stays as it
    was, and the new unit's own weights, drawn at random, make it learn something of its own."""
    for target, origin in zip(views(new, new_shapes), origins, strict=True):
        if origin:
            target.w[origin.inputs < 0] = 0.0
