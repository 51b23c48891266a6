"""Weight initializers: how large the first weights are decides whether a deep network can learn.

An initializer gives w of shape (inputs, units) and b of shape (units,) for one layer, in float64,
from that layer's own random stream. Biases start at the setting `bias`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from playground.base.arrays import Array
from playground.base.registry import Registry

INITIALIZERS = Registry("initializer")

Bias = Annotated[float, Field(ge=-10, le=10, description="what every bias starts at")]
Draw = Callable[[np.random.Generator, int, int], Array]


@dataclass(frozen=True)
class Initializer:
    """Draws a layer's w and b, and knows what it draws: what theory starts from.

    `deviation(inputs, units)` is the root mean square of a weight, whose mean is 0; None where the
    weights are all alike. Biases are N(bias, bias_deviation²).
    """

    draw: Draw
    deviation: Callable[[int, int], float] | None
    bias: float = 0.0
    bias_deviation: float = 0.0
    is_orthogonal: bool = False

    def __call__(self, rng: np.random.Generator, inputs: int, units: int) -> tuple[Array, Array]:
        """w (inputs, units) and b (units,)."""
        w, b = self.draw(rng, inputs, units), np.full(units, self.bias)
        if self.bias_deviation:
            b += rng.standard_normal(units) * self.bias_deviation
        return w, b


def _normal(
    deviation: Callable[[int, int], float], bias: float, bias_deviation: float = 0.0
) -> Initializer:
    return Initializer(
        lambda rng, i, o: rng.standard_normal((i, o)) * deviation(i, o),
        deviation,
        bias,
        bias_deviation,
    )


def _uniform(limit: Callable[[int, int], float], bias: float) -> Initializer:
    return Initializer(
        lambda rng, i, o: rng.uniform(-1.0, 1.0, (i, o)) * limit(i, o),
        lambda i, o: limit(i, o) * 3**-0.5,
        bias,
    )


@INITIALIZERS.register("zeros")
def zeros(*, bias: Bias = 0.0) -> Initializer:
    """All weights 0: every unit of a layer then learns the same, or nothing (symmetry)."""
    return Initializer(lambda rng, i, o: np.zeros((i, o)), None, bias)


@INITIALIZERS.register("constant")
def constant(
    *,
    value: Annotated[float, Field(ge=-10, le=10, description="every weight")] = 0.1,
    bias: Bias = 0.0,
) -> Initializer:
    """All weights alike: units of a layer stay copies of each other."""
    return Initializer(lambda rng, i, o: np.full((i, o), value), None, bias)


@INITIALIZERS.register("normal")
def normal(
    *,
    deviation: Annotated[
        float, Field(ge=0, le=10, description="standard deviation of a weight")
    ] = 1.0,
    bias: Bias = 0.0,
) -> Initializer:
    """N(0, deviation²) whatever the width: explodes or vanishes in wide or deep networks."""
    return _normal(lambda i, o: deviation, bias)


@INITIALIZERS.register("uniform")
def uniform(
    *,
    limit: Annotated[float, Field(ge=0, le=10, description="weights lie in ±limit")] = 0.5,
    bias: Bias = 0.0,
) -> Initializer:
    """U(−limit, limit) whatever the width (TensorFlow Playground: limit 0.5, biases 0.1)."""
    return _uniform(lambda i, o: limit, bias)


@INITIALIZERS.register("lecun_normal", "LeCun normal")
def lecun_normal(*, bias: Bias = 0.0) -> Initializer:
    """N(0, 1/fan_in): keeps the variance of linear units, and of SELU (LeCun et al. 1998)."""
    return _normal(lambda i, o: i**-0.5, bias)


@INITIALIZERS.register("glorot_uniform", "Glorot uniform")
def glorot_uniform(*, bias: Bias = 0.0) -> Initializer:
    """U(±√(6/(fan_in+fan_out))), also called Xavier, for tanh (Glorot and Bengio 2010)."""
    return _uniform(lambda i, o: (6 / (i + o)) ** 0.5, bias)


@INITIALIZERS.register("glorot_normal", "Glorot normal")
def glorot_normal(*, bias: Bias = 0.0) -> Initializer:
    """N(0, 2/(fan_in+fan_out)) (Glorot and Bengio 2010)."""
    return _normal(lambda i, o: (2 / (i + o)) ** 0.5, bias)


@INITIALIZERS.register("he_uniform", "He uniform")
def he_uniform(*, bias: Bias = 0.0) -> Initializer:
    """U(±√(6/fan_in)), for ReLU (He et al. 2015)."""
    return _uniform(lambda i, o: (6 / i) ** 0.5, bias)


@INITIALIZERS.register("he_normal", "He normal")
def he_normal(*, bias: Bias = 0.0) -> Initializer:
    """N(0, 2/fan_in): keeps the variance of gradients through ReLU (He et al. 2015)."""
    return _normal(lambda i, o: (2 / i) ** 0.5, bias)


@INITIALIZERS.register("orthogonal")
def orthogonal(
    *,
    gain: Annotated[float, Field(gt=0, le=10, description="every singular value")] = 1.0,
    bias: Bias = 0.0,
) -> Initializer:
    """A random matrix whose singular values all equal the gain (Saxe et al. 2013)."""

    def draw(rng: np.random.Generator, inputs: int, units: int) -> Array:
        tall = rng.standard_normal((max(inputs, units), min(inputs, units)))
        q, r = np.linalg.qr(tall)
        q = q * np.sign(np.diag(r))  # else the draw is not uniform over the orthogonal group
        return gain * (q if inputs >= units else q.T)

    return Initializer(draw, lambda i, o: gain * max(i, o) ** -0.5, bias, is_orthogonal=True)


@INITIALIZERS.register("scaled_normal", "scaled normal")
def scaled_normal(
    *,
    weight_scale: Annotated[
        float, Field(ge=0, le=100, description="σ_w: weights are N(0, σ_w²/fan_in)")
    ] = 1.0,
    bias_scale: Annotated[
        float, Field(ge=0, le=100, description="σ_b: biases are N(0, σ_b²)")
    ] = 0.0,
) -> Initializer:
    """w ~ N(0, σ_w²/fan_in), b ~ N(0, σ_b²): the mean-field ensemble (Poole et al. 2016)."""
    return _normal(lambda i, o: weight_scale * i**-0.5, 0.0, bias_scale)
