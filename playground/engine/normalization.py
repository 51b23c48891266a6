"""Batch and layer normalization of z, (units, n): forward and backward as rules.

ẑ = (z − mean) / √(variance + ε), then γ·ẑ + β with γ and β learned per unit. Batch normalization
takes mean and variance of each unit over the batch, layer normalization of each example over the
units. In evaluation, batch normalization uses running averages (Ioffe and Szegedy 2015; Ba et al.
2016). ε = 1e-5 and momentum 0.1 as in PyTorch; the running variance is unbiased, as there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from playground.base.arrays import Array
from playground.base.registry import Registry
from playground.engine.rules import Call, Calls, priced, scalar

NORMALIZATIONS = Registry("normalization")

EPSILON = 1e-5
MOMENTUM = 0.1


@dataclass(frozen=True)
class Scale:
    """What a normalized layer owns, each (units,): γ, β, their gradients, running statistics."""

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    mean: Array
    variance: Array


@dataclass(frozen=True)
class Normalized:
    """`forward` fills `out` from z; `backward` turns ∂loss/∂out, in place, into ∂loss/∂z."""

    forward: Calls
    backward: Calls


Normalization = Callable[[Scale, Array, Array, Array, bool], Normalized]
"""(scale, z, out, delta, training) → rules; z, out and delta have shape (units, n)."""


def _standardize(z: Array, zhat: Array, inverse: Array, axis: int, square: Array) -> Calls:
    """ẑ and 1/√(variance + ε) along `axis`; `square` is scratch of z's shape."""
    count = scalar(1 / z.shape[axis], z)
    mean, epsilon = np.empty_like(inverse), scalar(EPSILON, z)
    return [
        partial(np.sum, z, axis=axis, out=mean, keepdims=True),
        partial(np.multiply, mean, count, mean),
        partial(np.subtract, z, mean, zhat),
        partial(np.multiply, zhat, zhat, square),
        partial(np.sum, square, axis=axis, out=inverse, keepdims=True),
        partial(np.multiply, inverse, count, inverse),
        partial(np.add, inverse, epsilon, inverse),
        partial(np.sqrt, inverse, inverse),
        partial(np.reciprocal, inverse, inverse),
        partial(np.multiply, zhat, inverse, zhat),
    ]


def _affine(scale: Scale, zhat: Array, out: Array) -> Calls:
    gamma, beta = scale.gamma[:, None], scale.beta[:, None]
    return [partial(np.multiply, zhat, gamma, out), partial(np.add, out, beta, out)]


def _backward(scale: Scale, zhat: Array, inverse: Array, delta: Array, axis: int) -> Calls:
    """dγ = Σ d·ẑ, dβ = Σ d; dz = (dẑ − mean dẑ − ẑ·mean(dẑ·ẑ)) / √(variance + ε), dẑ = γ·d."""
    product, count = np.empty_like(delta), scalar(1 / delta.shape[axis], delta)
    mean = np.empty_like(inverse)

    def less_mean(of: Array, times: Array | None) -> Calls:
        calls: Calls = [
            partial(np.sum, of, axis=axis, out=mean, keepdims=True),
            partial(np.multiply, mean, count, mean),
        ]
        if times is None:
            return [*calls, partial(np.subtract, delta, mean, delta)]
        return [
            *calls,
            partial(np.multiply, times, mean, product),
            partial(np.subtract, delta, product, delta),
        ]

    return [
        partial(np.multiply, delta, zhat, product),
        partial(np.sum, product, axis=1, out=scale.dgamma),
        partial(np.sum, delta, axis=1, out=scale.dbeta),
        partial(np.multiply, delta, scale.gamma[:, None], delta),
        partial(np.multiply, delta, zhat, product),
        *less_mean(product, zhat),
        # ẑ has mean 0, so taking this mean from what is left changes nothing it should not.
        *less_mean(delta, None),
        partial(np.multiply, delta, inverse, delta),
    ]


def _running_update(scale: Scale, z: Array) -> Call:
    """The running mean and variance take in this batch's."""
    n = z.shape[1]

    @priced(6 * z.size, z, z)  # mean and variance, the running ones aside
    def update() -> None:
        scale.mean[...] += MOMENTUM * (z.mean(axis=1) - scale.mean)
        if n > 1:
            scale.variance[...] += MOMENTUM * (z.var(axis=1, ddof=1) - scale.variance)

    return update


@NORMALIZATIONS.register("batch", "batch normalization")
def batch() -> Normalization:
    """Each unit has mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015)."""

    def rule(scale: Scale, z: Array, out: Array, delta: Array, training: bool) -> Normalized:
        if not training:

            @priced(3 * z.size, z, out, out, out, out, out)
            def evaluate() -> None:
                inverse = 1 / np.sqrt(scale.variance + EPSILON)
                np.subtract(z, scale.mean[:, None], out)
                np.multiply(out, (scale.gamma * inverse)[:, None], out)
                np.add(out, scale.beta[:, None], out)

            return Normalized([evaluate], [])
        zhat, square = np.empty_like(z), np.empty_like(z)
        inverse = np.empty((z.shape[0], 1), z.dtype)
        forward = _standardize(z, zhat, inverse, 1, square) + _affine(scale, zhat, out)
        return Normalized(
            [_running_update(scale, z), *forward], _backward(scale, zhat, inverse, delta, 1)
        )

    return rule


@NORMALIZATIONS.register("layer", "layer normalization")
def layer() -> Normalization:
    """Each example has mean 0 and variance 1 over the layer's units (Ba et al. 2016)."""

    def rule(scale: Scale, z: Array, out: Array, delta: Array, training: bool) -> Normalized:
        zhat, square = np.empty_like(z), np.empty_like(z)
        inverse = np.empty((1, z.shape[1]), z.dtype)
        forward = _standardize(z, zhat, inverse, 0, square) + _affine(scale, zhat, out)
        return Normalized(forward, _backward(scale, zhat, inverse, delta, 0))

    return rule
