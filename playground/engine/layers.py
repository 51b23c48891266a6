"""What a layer is, and its forward and backward rule side by side, bound to one batch size.

Inside the engine an example is a column: h (inputs + 1, n) is what lies below, its last row ones,
so that the bias rides in the weight block and z = blockᵀ·h is one product.

    forward    z = wᵀ·h + b            a = φ(z)
    backward   delta = da ∘ φ′(z)      dw = h·deltaᵀ,  db = Σ delta,  da below = w·delta

with da = ∂loss/∂a. A layer with normalization, dropout or a residual branch has
a = [h +] α·dropout(φ(normalize(z))), and its backward rule undoes these from right to left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from playground.base.arrays import Array
from playground.engine.blas import product
from playground.engine.normalization import Normalization, Normalized, Scale
from playground.engine.params import row
from playground.engine.rules import Activation, Call, Calls, priced, scalar


@dataclass(frozen=True)
class Layer:
    """Views into the network's parameter and gradient vectors, and the layer's rules."""

    inputs: int
    units: int
    offset: int
    """Where the block begins in the parameter vector."""
    block: Array
    dblock: Array
    activation: Activation
    dropout: float
    normalization: Normalization | None
    scale: Scale | None
    residual: float | None

    @property
    def w(self) -> Array:
        """(inputs, units)"""
        return self.block[:-1]

    @property
    def b(self) -> Array:
        """(units,)"""
        return row(self.block, -1)

    @property
    def dw(self) -> Array:
        """(inputs, units)"""
        return self.dblock[:-1]

    @property
    def db(self) -> Array:
        """(units,)"""
        return row(self.dblock, -1)

    @property
    def is_plain(self) -> bool:
        """a = φ(z), nothing else."""
        return not (self.normalization or self.dropout or self.residual is not None)


@dataclass(frozen=True)
class Buffers:
    """One layer's rows of the tape's flat buffers: (units, n), `a_and_ones` one row more."""

    a_and_ones: Array
    z: Array
    slope: Array
    delta: Array

    @property
    def a(self) -> Array:
        return self.a_and_ones[:-1]


class BoundLayer:
    """A layer's calls for one batch size. `masks` is the dropout stream, None in evaluation."""

    def __init__(self, layer: Layer, buffers: Buffers, masks: np.random.Generator | None) -> None:
        self.layer = layer
        self.a_and_ones, self.a = buffers.a_and_ones, buffers.a
        self.delta = buffers.delta
        training, phi = masks is not None, layer.activation
        self.f = self.a if layer.is_plain else np.empty_like(self.a)
        slope = buffers.slope if layer.is_plain else np.empty_like(self.a)
        z = buffers.z if layer.is_plain else np.empty_like(self.a)
        z = self.f if phi.from_output else z
        self.z = np.empty_like(z) if layer.normalization else z
        self.argument = z
        """What φ was given; its answer, where φ works in place."""
        normalized = Normalized([], [])
        if layer.normalization and layer.scale:
            normalized = layer.normalization(layer.scale, self.z, z, self.delta, training)
        self._branch = np.empty_like(self.delta) if layer.residual is not None else None

        self.inner: Calls = [*normalized.forward, *phi.forward(z, self.f)]
        back: Calls = []
        if not layer.is_plain:
            self.inner.append(partial(np.copyto, self.a, self.f))
        if layer.dropout and masks is not None:
            mask = np.empty_like(self.a)
            self.inner += [
                _draw_mask(masks, layer.dropout, mask),
                partial(np.multiply, self.a, mask, self.a),
            ]
            back = [partial(np.multiply, self.delta, mask, self.delta)]
        if self._branch is not None:
            alpha = scalar(layer.residual or 0.0, self.a)
            self.inner.append(partial(np.multiply, self.a, alpha, self.a))
            back = [
                partial(np.copyto, self._branch, self.delta),
                partial(np.multiply, self.delta, alpha, self.delta),
                *back,
            ]
        if not phi.is_identity:
            if not layer.is_plain:
                back += phi.derivative(z, self.f, slope)
            back.append(partial(np.multiply, self.delta, slope, self.delta))
        self.through: Calls = [*back, *normalized.backward]
        """From da, in the buffer `delta`, to delta = ∂loss/∂z; plain layers find φ′ in `slope`."""

    def affine(self, h: Array) -> Call:
        """z = blockᵀ·h"""
        return product(self.layer.block.T, h, self.z)

    def merge(self, h: Array) -> Calls:
        """a ← a + h, where there is a residual branch."""
        if self.layer.residual is None:
            return []
        return [partial(np.add, self.a, h[:-1], self.a)]

    def weight_gradient(self, h: Array) -> Call:
        """dw = h·deltaᵀ and db = Σ delta: one product, as the last row of h is ones."""
        return product(h, self.delta.T, self.layer.dblock)

    def below(self, da: Array) -> Calls:
        """da of the layer below: w·delta, and what the residual branch passes by."""
        calls: Calls = [product(self.layer.w, self.delta, da)]
        if self._branch is not None:
            calls.append(partial(np.add, da, self._branch, da))
        return calls


def _draw_mask(rng: np.random.Generator, rate: float, mask: Array) -> Call:
    """mask = 0 at probability `rate`, else 1/(1 − rate): inverted dropout (Srivastava 2014)."""
    draw, kept, scale = np.empty(mask.shape), np.empty(mask.shape, bool), 1 / (1 - rate)

    @priced(3 * mask.size, draw, draw, kept, kept, mask)
    def fill() -> None:
        rng.random(out=draw)
        np.greater_equal(draw, rate, kept)
        np.multiply(kept, scale, mask, casting="same_kind")

    return fill
