"""What theory expects of one very network at its start: ‖delta‖ of each layer, and how it scatters.

Mean field, as in `theory`, layer by layer, with each layer's own width, activation and initializer.
With m = E a² below, v the variance of a weight, and da = ∂loss/∂a,

    q = fan_in·v·m + E b²,   E‖delta‖² = E φ′(√q z)²·E‖da‖²,   E‖da below‖² = fan_in·v·E‖delta‖².

A residual layer a = h + α·f(h) adds: E‖da below‖² = (1 + α²·fan_in·v·E φ′²)·E‖da‖². Dropout at
rate p multiplies m and E‖delta‖² by 1/(1 − p). Normalization over the layer divides delta by √q,
with z then of variance 1. Normalization over the batch divides by the deviation between examples,
which deep in the network no longer resemble each other: χ = E φ′²/(E φ² − (E φ)²), for ReLU
π/(π − 1) (Yang et al. 2019), so that such a network explodes with depth.

How a real network scatters around this. Given delta above, a layer's ‖delta‖² is Σ φ′ᵢ²·gᵢ² over
its n units, g Gaussian: about a Gamma variable of shape k = n/r, r = 3·E φ′⁴/(E φ′²)² − 1, which is
2 where φ′ = 1. So ln‖delta‖² has, a layer, the variance ψ₁(k), and its mean lies below the
logarithm of the mean, by ln k − ψ(k): a narrow network vanishes where a wide one does not (Hanin
2018). Where φ′ is often 0, as in ReLU, n is the number of active units, which is binomial; the rest
is averaged over it. Layers add up. An orthogonal matrix keeps lengths, which takes 2 off r.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from playground.base.arrays import Array
from playground.engine.initializers import Initializer
from playground.engine.rules import Activation
from playground.lab.theory import gaussian_rule

LIKELY = 1.96
"""Standard deviations: 95 % of networks would lie within, were everything Gaussian; simulated, nine
of ten do."""
MOVED_MOST = 0.05
"""Beyond this relative change of the weights, they are no longer random."""
GROUPS = 5
_LN10 = log(10)
_TINY = 1e-300


@dataclass(frozen=True)
class LayerFacts:
    """What theory needs to know of one layer."""

    inputs: int
    units: int
    activation: Activation
    initializer: Initializer
    dropout: float = 0.0
    normalization: str | None = None
    residual: float | None = None


@dataclass(frozen=True)
class Prediction:
    """Of the hidden layers, input side first: log10 of ‖delta‖ over that of the output layer.

    `line` is that of an infinitely wide network; `low` and `high` hold nine networks of ten of this
    width.
    """

    line: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class _Means:
    """E φ, E φ², E φ′², E φ′⁴ and the probability of φ′ ≠ 0 over z ~ N(mean, variance)."""

    value: float
    square: float
    slope: float
    slope4: float
    active: float


def obstacle(layers: Sequence[LayerFacts]) -> str | None:
    """Why theory says nothing of such layers (output last), even untrained; None where it does."""
    hidden = layers[:-1]
    if len(hidden) < 2:
        return "there are fewer than two hidden layers"
    if any(layer.initializer.deviation is None for layer in hidden):
        return "the weights of a layer are all alike, and theory is of random ones"
    batch = [layer.normalization == "batch" for layer in hidden]
    if any(batch) and not all(batch):
        return "only some layers are normalized over the batch"
    if all(batch) and any(layer.residual is not None or layer.dropout for layer in hidden):
        return "batch normalization is mixed with residual connections or dropout"
    if any(batch) and not all(_is_homogeneous(layer.activation) for layer in hidden):
        return "of batch normalization the theory is known here for ReLU only"
    if any(layer.residual is not None and _has_mean(layer.activation) for layer in hidden):
        return "residual branches that are positive on average add up in a way it leaves out"
    return None


def moved(weight_change: Array) -> str | None:
    """Why theory, which is of random weights, applies no longer; None where it does. One relative
    change per layer, the output layer last."""
    most = float(weight_change[:-1].max(initial=0.0))
    if not most <= MOVED_MOST:
        return f"training has moved the weights by {100 * most:.0f} % since they were drawn"
    return None


def predict(layers: Sequence[LayerFacts], second_moments: Array) -> Prediction:
    """For `layers`, the output layer last; `second_moments` is the mean of x² over the inputs of
    each of a few typical examples."""
    found = [_one_example(layers, float(m)) for m in second_moments]
    log_squares = np.array([f[0] for f in found])
    top = log_squares.max(axis=0)
    mean = top + np.log(np.exp(log_squares - top).mean(axis=0))
    spread = np.mean([f[1] for f in found], axis=0)
    shift = np.mean([f[2] for f in found], axis=0)
    reach = LIKELY * np.sqrt(spread)
    halves = 0.5 / _LN10
    return Prediction(
        halves * mean, halves * (mean - shift - reach), halves * (mean - shift + reach)
    )


def typical_second_moments(x: Array) -> Array:
    """Mean of x² over each example's inputs, at a few quantiles of the examples x (n, inputs)."""
    moments = (np.asarray(x, np.float64) ** 2).mean(axis=1)
    found: Array = np.quantile(moments, (np.arange(GROUPS) + 0.5) / GROUPS)
    return found


def fitted_rows(hidden: int) -> slice:
    """The hidden layers over which a slope is fitted: a tenth less at either end."""
    cut = round(hidden / 10)
    return slice(cut, hidden - cut)


def slope_towards_input(log_norms: Array) -> float | None:
    """Decades a layer, by least squares over the inner layers, of (hidden,) log10 norms, input side
    first: negative where they vanish towards the input. None where there is no line to fit."""
    rows = fitted_rows(len(log_norms))
    values = log_norms[rows]
    if len(values) < 2 or not np.isfinite(values).all():
        return None
    at = np.arange(len(values)) - (len(values) - 1) / 2
    return -float(at.dot(values) / at.dot(at))


def slope_band(prediction: Prediction) -> tuple[float, float]:
    """Between which slopes nine of ten networks of this width lie: a random walk's fitted slope has
    6/5 of its end-to-end variance, over the square of its length."""
    rows = fitted_rows(len(prediction.line))
    middle = (prediction.low + prediction.high) / 2
    centre = slope_towards_input(middle) or 0.0
    reach = ((prediction.high - prediction.low) / 2)[rows]
    steps = max(len(reach) - 1, 1)
    walked = max(float(reach[0] ** 2 - reach[-1] ** 2), 0.0)
    # A walk of few steps is nearer to a straight line; at one step its slope is the step itself.
    factor = 6 / 5 * (steps + 1) ** 2 / ((steps + 1) ** 2 + 0.2 * steps + 1)
    half = float(np.sqrt(factor * walked)) / steps
    return centre - half, centre + half


def _is_homogeneous(phi: Activation) -> bool:
    """φ(2z) = 2φ(z) ≥ 0, or nearly so below zero."""
    z = np.array([-0.7, 0.4])
    bent = not np.isclose(phi.value(z)[0] / z[0], phi.value(z)[1] / z[1])
    return bent and bool(np.allclose(phi.value(2 * z), 2 * phi.value(z)))


def _has_mean(phi: Activation) -> bool:
    z = np.array([0.3, 1.1])
    return not np.allclose(phi.value(-z), -phi.value(z))


def _one_example(layers: Sequence[LayerFacts], moment: float) -> tuple[Array, Array, Array]:
    """ln E‖delta‖² of the hidden layers over the output's, its variance, and what its mean lies
    below; for an example whose mean of x² is `moment`."""
    hidden = layers[:-1]
    means: list[_Means] = []
    scales: list[float] = []
    mean_a = 0.0
    for k, layer in enumerate(hidden):
        initializer, weight = layer.initializer, _weight_variance(layer)
        noise = initializer.bias_deviation**2
        q = layer.inputs * weight * moment + noise
        centre = initializer.bias
        scale = 1.0
        if layer.normalization == "layer":
            scale, q, centre = 1 / max(q, _TINY), 1.0, 0.0
        elif layer.normalization == "batch":
            # Between examples; the inputs are taken to have mean 0, biases make no difference.
            below = means[k - 1] if k else None
            apart = below.square - below.value**2 if below else moment
            scale, q, centre = 1 / max(layer.inputs * weight * apart, _TINY), 1.0, 0.0
        found = _means(layer.activation, q, centre)
        means.append(found)
        scales.append(scale)
        kept = 1 / (1 - layer.dropout)
        if layer.residual is None:
            moment, mean_a = found.square * kept, found.value
        else:
            alpha = layer.residual
            moment += alpha**2 * found.square * kept + 2 * alpha * mean_a * found.value
            mean_a += alpha * found.value
    return _backwards(layers, means, scales)


def _backwards(
    layers: Sequence[LayerFacts], means: list[_Means], scales: list[float]
) -> tuple[Array, Array, Array]:
    hidden = len(layers) - 1
    lines, spreads, shifts = np.empty(hidden), np.empty(hidden), np.empty(hidden)
    output = layers[-1]
    log_da = log(max(output.inputs * _weight_variance(output), _TINY))
    spread = shift = 0.0
    for k in reversed(range(hidden)):
        layer, m = layers[k], means[k]
        kept = 1 / (1 - layer.dropout)
        alpha2 = 1.0 if layer.residual is None else layer.residual**2
        slope = max(alpha2 * m.slope * kept * scales[k], _TINY)
        is_turned = layers[k + 1].initializer.is_orthogonal and layers[k + 1].units > 1
        own_spread, own_shift = _scatter(layer.units, m, kept, is_turned)
        lines[k] = log_da + log(slope)
        spreads[k], shifts[k] = spread + own_spread, shift + own_shift
        passed = layer.inputs * _weight_variance(layer) * slope
        if layer.residual is None:
            log_da += log(max(passed, _TINY))
            spread, shift = spreads[k], shifts[k]
        else:
            share = passed / (1 + passed)
            log_da += log(1 + passed)
            cross = 4 * share * (1 - share) / layer.units
            spread += share**2 * own_spread + cross
            shift += share**2 * own_shift + cross / 2
    return lines, spreads, shifts


def _scatter(units: int, m: _Means, kept: float, is_turned: bool) -> tuple[float, float]:
    """Of one layer: the variance of ln‖delta‖², and how far its mean lies below ln E‖delta‖²."""
    active = min(max(m.active / kept, _TINY), 1.0)
    slope = max(m.slope, 1e-140)  # its square is still a number
    ratio = max(3 * active * kept * m.slope4 / slope**2 - 1, 1e-9)
    if is_turned:
        ratio = max(ratio - 2 * active, 1e-9)
    if active > 1 - 1e-9:
        shape = units / ratio
        return float(polygamma(1, shape)), log(shape) - float(digamma(shape))
    n = np.arange(1, units + 1)
    log_choices = gammaln(units + 1) - gammaln(n + 1) - gammaln(units - n + 1)
    weight = np.exp(log_choices + n * log(active) + (units - n) * log(1 - active))
    weight /= weight.sum()  # no unit active at all: then nothing arrives, and nothing is measured
    mean = digamma(n / ratio)
    centre = float(weight @ mean)
    spread = float(weight @ (polygamma(1, n / ratio) + (mean - centre) ** 2))
    return spread, log(units * active / ratio) - centre


def _weight_variance(layer: LayerFacts) -> float:
    deviation = layer.initializer.deviation
    return deviation(layer.inputs, layer.units) ** 2 if deviation else 0.0


def _means(phi: Activation, variance: float, mean: float) -> _Means:
    q = min(max(variance, 1e-16), 1e10)
    z, weight = gaussian_rule(phi.kinks, q, mean)
    with np.errstate(all="ignore"):
        argument = mean + np.sqrt(q) * z
        value, slope2 = phi.value(argument), phi.slope(argument) ** 2
    return _Means(
        float(weight @ value),
        float(weight @ value**2),
        float(weight @ slope2),
        float(weight @ slope2**2),
        float(weight @ (slope2 > 1e-12)),
    )
