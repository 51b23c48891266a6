"""Changing a network without losing what it learned.

An `Origin` says, for one layer of the new network, where its inputs and units come from in the old.
`transplant` moves every weight that still has a place, in parameters and in optimizer memory alike.
What then is left of the change of the output is made small, or nothing, by `widen`, `deepen` and
`refit`, and told by a `Receipt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array, IntArray
from playground.engine.layers import Layer
from playground.engine.normalization import EPSILON
from playground.engine.params import LayerViews, Shape, views

COPY_SHARE = 1 / 3
"""How much of a widened unit's outgoing weight its copy takes: equal halves would never part."""

_CLEAR = 0.1  # how far from its kink a new layer's input is kept, to have a slope everywhere
_ROUNDING = 1e-12
_GENTLE = 0.5  # scale of a new layer's input where φ is straight only near one point


@dataclass(frozen=True)
class Origin:
    """Where a layer comes from: `layer` in the old network, and for each of its inputs and units
    the old one's number, −1 where there was none."""

    layer: int
    inputs: IntArray
    units: IntArray


@dataclass(frozen=True)
class Receipt:
    """What a change did: how far the outputs moved on the data, and the largest stable learning
    rate before and after (None where it is not known, or the optimizer has none)."""

    max_change: float
    rms_change: float
    stable_rate_before: float | None = None
    stable_rate_after: float | None = None

    @property
    def stable_rate_fell(self) -> bool:
        """By more than the one percent to which it is known."""
        before, after = self.stable_rate_before, self.stable_rate_after
        return before is not None and after is not None and after < 0.98 * before


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
    """Weights from an input that was not there to a layer that was begin at 0, in place: the output
    stays as it was."""
    for target, origin in zip(views(new, new_shapes), origins, strict=True):
        if origin:
            target.w[origin.inputs < 0] = 0.0


def widen(layer: Layer, following: Layer, copy: int, model: int | None = None) -> None:
    """Make unit `copy` of `layer` a copy of unit `model`, in place; if none is named, of the one
    that matters most to the next layer.

    The two share its outgoing weights unequally, so the output stays as it was for any activation,
    and their gradients differ, so they part (Net2Net: Chen, Goodfellow and Shlens 2015).
    """
    if model is None:
        outgoing = np.abs(following.w).sum(axis=1)
        outgoing[copy] = -1.0
        model = int(outgoing.argmax())
    layer.block[:, copy] = layer.block[:, model]
    if layer.scale:
        for own in (layer.scale.gamma, layer.scale.beta, layer.scale.mean, layer.scale.variance):
            own[copy] = own[model]
    following.w[copy] = COPY_SHARE * following.w[model]
    following.w[model] *= 1 - COPY_SHARE


def deepen(layer: Layer, following: Layer, h: Array) -> None:
    """Make `layer`, new, pass on what comes from below, h (n, inputs), as nearly as its activation
    allows, and set the next layer to undo its scale; both in place.

    Exact on the data for ReLU and its kin, which are straight from some point on: the input is
    shifted there. Other activations are nearly straight near 0, where a small scale puts the input
    (an error of second order for tanh and sigmoid); `refit` then takes up most of what is left.
    Units beyond the width of the input keep the weights they drew, and no say yet.
    """
    if layer.normalization:
        return
    if layer.residual is not None:
        # The branch around it carries the input; the layer itself begins as a whisper, not as the
        # exact 0 at which ReLU has no slope.
        layer.w[...] *= 0.01
        return
    width = min(layer.inputs, layer.units)
    scale, centre = _straight_stretch(layer, h)
    layer.block[:, :width] = 0.0
    layer.w[np.arange(width), np.arange(width)] = scale
    layer.b[:width] = centre
    at = np.array([centre + 1e-9], layer.block.dtype)  # on the side where a kinked φ rises
    slope, value = float(layer.activation.slope(at)[0]), float(layer.activation.value(at)[0])
    following.w[:width] /= scale * slope
    following.b[...] -= value * following.w[:width].sum(axis=0)


def _straight_stretch(layer: Layer, h: Array) -> tuple[float, float]:
    """(scale, centre) such that φ(scale·h + centre) is as straight in h as can be."""
    slopes = layer.activation.slope(np.array([1e-6, 1.0, 50.0], layer.block.dtype))
    if np.ptp(slopes) < 1e-6:  # straight from 0 on
        return 1.0, _CLEAR - float(h.min(initial=0.0))
    return _GENTLE / max(1.0, float(np.abs(h).max(initial=0.0))), 0.0


def normalize_in_place(layer: Layer, z: Array) -> None:
    """Set γ, β and the running statistics of a layer whose batch normalization is new, so that in
    evaluation it changes nothing; z (n, units) is what it will normalize."""
    if layer.scale:
        layer.scale.mean[...], layer.scale.variance[...] = z.mean(axis=0), z.var(axis=0)
        layer.scale.gamma[...] = np.sqrt(layer.scale.variance + EPSILON)
        layer.scale.beta[...] = layer.scale.mean


def refit(layer: Layer, h: Array, z: Array) -> None:
    """Set w and b, in place, so that h·w + b comes as near as it can to z, in least squares.

    h (n, inputs) is what now comes from below, z (n, units) what the layer made of it before.
    """
    rows = np.concatenate([h, np.ones((len(h), 1))], axis=1).astype(np.float64)
    kept = layer.block.astype(np.float64)
    missing = z - rows @ kept
    if np.abs(missing).max(initial=0.0) <= _ROUNDING * max(1.0, float(np.abs(z).max(initial=0.0))):
        return
    # Solving for the correction, not the weights, leaves alone what the data say nothing of.
    layer.block[...] = kept + np.linalg.lstsq(rows, missing, rcond=1e-6)[0]
