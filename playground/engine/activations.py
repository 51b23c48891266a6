"""Activation functions and their derivatives, elementwise on arrays of any shape.

`forward(z, a)` fills a = φ(z); `derivative(z, a, d)` fills d = φ′(z). Where `from_output` holds,
the derivative needs `a` alone, so z and a may be one buffer. Buffers share shape and dtype.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np
from pydantic import Field
from scipy.special import erf, expit

from playground.base.arrays import Array
from playground.base.registry import Registry
from playground.engine.rules import Activation, Calls, copied, maximum, minimum, scalar

ACTIVATIONS = Registry("activation")

_SMALL = 256  # up to here one slow call beats several vectorized ones


@ACTIVATIONS.register("linear")
def linear() -> Activation:
    """z itself: a stack of linear layers is one linear layer."""
    return Activation(copied, lambda z, a, d: [partial(d.fill, 1.0)], is_identity=True)


@ACTIVATIONS.register("sigmoid")
def sigmoid() -> Activation:
    """1 / (1 + e^−z), between 0 and 1; its slope is at most ¼, so gradients shrink with depth."""

    def forward(z: Array, a: Array) -> Calls:
        if z.size <= _SMALL:
            return [partial(expit, z, a)]
        power = [partial(np.negative, z, a), partial(np.exp, a, a)]
        return [*power, partial(np.add, a, scalar(1.0, z), a), partial(np.reciprocal, a, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        one = scalar(1.0, z)
        return [partial(np.subtract, one, a, d), partial(np.multiply, d, a, d)]

    return Activation(forward, derivative)


@ACTIVATIONS.register("tanh")
def tanh() -> Activation:
    """The hyperbolic tangent, between −1 and 1, with slope 1 at zero."""

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        one = scalar(1.0, z)
        return [partial(np.multiply, a, a, d), partial(np.subtract, one, d, d)]

    return Activation(lambda z, a: [partial(np.tanh, z, a)], derivative)


@ACTIVATIONS.register("relu", "ReLU")
def relu() -> Activation:
    """max(0, z): slope 1 where active, 0 where not; a unit that is never active learns nothing."""

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        # a ≥ 0, so its sign is the slope: 1 where z > 0, else 0 (as PyTorch has it at 0).
        return [partial(np.sign, a, d)] if a.size <= _SMALL else _positive(a, d)

    return Activation(lambda z, a: [maximum(z, np.zeros_like(z), a)], derivative, kinks=(0.0,))


def _positive(a: Array, d: Array) -> Calls:
    """d = 1 where a > 0, else 0."""
    zero, mask = scalar(0.0, a), np.empty(a.shape, bool)
    return [partial(np.greater, a, zero, mask), partial(np.copyto, d, mask)]


@ACTIVATIONS.register("leaky_relu", "leaky ReLU")
def leaky_relu(
    *,
    negative_slope: Annotated[float, Field(ge=0, lt=1, description="slope where z < 0")] = 0.01,
) -> Activation:
    """z where z > 0, else a small multiple of z, so that no unit dies (Maas et al. 2013)."""

    def forward(z: Array, a: Array) -> Calls:
        scaled, slope = np.empty_like(z), scalar(negative_slope, z)
        return [partial(np.multiply, z, slope, scaled), maximum(z, scaled, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        rise, slope = scalar(1 - negative_slope, z), scalar(negative_slope, z)
        scale = [partial(np.multiply, d, rise, d), partial(np.add, d, slope, d)]
        return _positive(a, d) + scale

    return Activation(forward, derivative, kinks=(0.0,))


def _elu(scale: float, alpha: float) -> Activation:
    """scale·z where z > 0, else scale·α·(e^z − 1)."""

    def forward(z: Array, a: Array) -> Calls:
        zero, low = np.zeros_like(z), np.empty_like(z)
        height, factor = scalar(alpha, z), scalar(scale, z)
        calls: Calls = [
            minimum(z, zero, low),
            partial(np.expm1, low, low),
            partial(np.multiply, low, height, low),
            maximum(z, zero, a),
            partial(np.add, a, low, a),
        ]
        return calls if scale == 1 else [*calls, partial(np.multiply, a, factor, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        # Where z ≤ 0 the slope is a + scale·α; where z > 0 it is scale.
        zero, low = scalar(0.0, z), np.empty_like(z)
        floor, rise = scalar(scale * alpha, z), scalar(scale - scale * alpha, z)
        return [
            *_positive(a, d),
            partial(np.multiply, d, rise, d),
            minimum(a, zero, low),
            partial(np.add, low, floor, low),
            partial(np.add, d, low, d),
        ]

    return Activation(forward, derivative, kinks=(0.0,))


@ACTIVATIONS.register("elu", "ELU")
def elu(
    *, alpha: Annotated[float, Field(gt=0, le=10, description="−alpha is the lower limit")] = 1.0
) -> Activation:
    """z where z > 0, else α(e^z − 1): smooth, with means nearer zero (Clevert et al. 2015)."""
    return _elu(1.0, alpha)


@ACTIVATIONS.register("selu", "SELU")
def selu() -> Activation:
    """ELU scaled so that mean 0 and variance 1 are a fixed point (Klambauer et al. 2017)."""
    return _elu(1.0507009873554805, 1.6732632423543772)


@ACTIVATIONS.register("gelu", "GELU")
def gelu() -> Activation:
    """z·Φ(z), Φ the normal distribution function, exact (Hendrycks and Gimpel 2016)."""

    def cumulative(z: Array, out: Array) -> Calls:
        root, half, one = scalar(0.5**0.5, z), scalar(0.5, z), scalar(1.0, z)
        return [
            partial(np.multiply, z, root, out),
            partial(erf, out, out),
            partial(np.add, out, one, out),
            partial(np.multiply, out, half, out),
        ]

    def forward(z: Array, a: Array) -> Calls:
        return [*cumulative(z, a), partial(np.multiply, a, z, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        density = np.empty_like(z)
        half, height = scalar(-0.5, z), scalar((2 * np.pi) ** -0.5, z)
        return [
            partial(np.multiply, z, z, density),
            partial(np.multiply, density, half, density),
            partial(np.exp, density, density),
            partial(np.multiply, density, height, density),
            partial(np.multiply, density, z, density),
            *cumulative(z, d),
            partial(np.add, d, density, d),
        ]

    return Activation(forward, derivative, from_output=False)


@ACTIVATIONS.register("silu", "SiLU")
def silu() -> Activation:
    """z·sigmoid(z), also called swish (Elfwing et al. 2018)."""
    gate = sigmoid()

    def forward(z: Array, a: Array) -> Calls:
        return [*gate.forward(z, a), partial(np.multiply, a, z, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        # s + a(1 − s), with s = sigmoid(z)
        rest, one = np.empty_like(z), scalar(1.0, z)
        return [
            *gate.forward(z, d),
            partial(np.subtract, one, d, rest),
            partial(np.multiply, rest, a, rest),
            partial(np.add, d, rest, d),
        ]

    return Activation(forward, derivative, from_output=False)


@ACTIVATIONS.register("mish", "Mish")
def mish() -> Activation:
    """z·tanh(softplus(z)) (Misra 2019)."""
    gate = sigmoid()

    def gated(z: Array, out: Array) -> Calls:
        return [partial(np.logaddexp, scalar(0.0, z), z, out), partial(np.tanh, out, out)]

    def forward(z: Array, a: Array) -> Calls:
        return [*gated(z, a), partial(np.multiply, a, z, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        # t + z·(1 − t²)·sigmoid(z), with t = tanh(softplus(z))
        t, s, one = np.empty_like(z), np.empty_like(z), scalar(1.0, z)
        return [
            *gated(z, t),
            *gate.forward(z, s),
            partial(np.multiply, t, t, d),
            partial(np.subtract, one, d, d),
            partial(np.multiply, d, z, d),
            partial(np.multiply, d, s, d),
            partial(np.add, d, t, d),
        ]

    return Activation(forward, derivative, from_output=False)


@ACTIVATIONS.register("softplus")
def softplus() -> Activation:
    """log(1 + e^z): a smooth ReLU whose slope is the sigmoid (Dugas et al. 2001)."""
    return Activation(
        lambda z, a: [partial(np.logaddexp, scalar(0.0, z), z, a)],
        lambda z, a, d: sigmoid().forward(z, d),
        from_output=False,
    )


@ACTIVATIONS.register("softsign")
def softsign() -> Activation:
    """z / (1 + |z|): like tanh, with tails that fall more slowly (Glorot and Bengio 2010)."""

    def forward(z: Array, a: Array) -> Calls:
        one, size = scalar(1.0, z), np.empty_like(z)
        grow = [partial(np.abs, z, size), partial(np.add, size, one, size)]
        return [*grow, partial(np.divide, z, size, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        one = scalar(1.0, z)
        return [
            partial(np.abs, a, d),
            partial(np.subtract, one, d, d),
            partial(np.multiply, d, d, d),
        ]

    return Activation(forward, derivative, kinks=(0.0,))


@ACTIVATIONS.register("sin")
def sin() -> Activation:
    """The sine, for periodic targets (Sitzmann et al. 2020)."""
    return Activation(
        lambda z, a: [partial(np.sin, z, a)],
        lambda z, a, d: [partial(np.cos, z, d)],
        from_output=False,
    )


@ACTIVATIONS.register("hard_tanh", "hard tanh")
def hard_tanh() -> Activation:
    """z cut off at −1 and 1; slope 1 between, 0 outside."""

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        one, mask, size = scalar(1.0, z), np.empty(z.shape, bool), np.empty_like(z)
        return [
            partial(np.abs, a, size),
            partial(np.less, size, one, mask),
            partial(np.copyto, d, mask),
        ]

    return Activation(
        lambda z, a: [partial(np.clip, z, scalar(-1.0, z), scalar(1.0, z), a)],
        derivative,
        kinks=(-1.0, 1.0),
    )


@ACTIVATIONS.register("lecun_tanh", "LeCun tanh")
def lecun_tanh() -> Activation:
    """1.7159·tanh(⅔z): φ(±1) = ±1 and most curvature there (LeCun et al. 1998, section 4.4)."""

    def forward(z: Array, a: Array) -> Calls:
        stretch, height = scalar(2 / 3, z), scalar(1.7159, z)
        return [
            partial(np.multiply, z, stretch, a),
            partial(np.tanh, a, a),
            partial(np.multiply, a, height, a),
        ]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        shrink, top = scalar(-2 / 3 / 1.7159, z), scalar(1.7159 * 2 / 3, z)
        return [
            partial(np.multiply, a, a, d),
            partial(np.multiply, d, shrink, d),
            partial(np.add, d, top, d),
        ]

    return Activation(forward, derivative)
