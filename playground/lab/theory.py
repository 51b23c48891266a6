"""Mean-field theory of deep networks at their start: how signals and gradients pass the layers.

In a wide layer one example's pre-activations are Gaussian with mean 0 and some variance q. With
W ~ N(0, σ_w²/fan_in) and b ~ N(0, σ_b²), and z a standard normal variable in every mean below,

    q of the next layer = σ_w²·E φ(√q z)² + σ_b²          (Poole et al. 2016)
    χ = σ_w²·E φ′(√q z)²                                  (Schoenholz et al. 2017)

and E‖delta‖² is multiplied by χ a layer towards the input, so that log10‖delta‖ changes by
½·log10 χ: it vanishes where χ < 1 and explodes where χ > 1. The theory says nothing of ‖dw‖, which
for many networks is flat while ‖delta‖ falls by decades: delta shrinks as a grows.
"""

from __future__ import annotations

from math import inf, isinf, log, sqrt

import numpy as np
from scipy.optimize import brentq

from playground.base.arrays import Array
from playground.engine.rules import Activation

_REACH = 12.0  # standard deviations; the density beyond is below 1e-32
_LARGEST = 1e10  # a variance beyond this counts as infinite
_SMALLEST = 1e-16
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def gaussian_rule(
    kinks: tuple[float, ...], variance: float, mean: Array | float = 0.0
) -> tuple[Array, Array]:
    """Nodes z and weights for E f(mean + √variance·z); the last axis is summed over.

    Gauss–Legendre in every interval between breaks: whole numbers, and the kinks of f, near which
    the breaks come closer, as a steep f there is all bend.
    """
    around = np.array([-20.0, -8.0, -3.0, -1.0, 0.0, 1.0, 3.0, 8.0, 20.0])
    near = (np.array([0.0, *kinks])[:, None] + around).ravel()
    centre = np.asarray(mean, np.float64)[..., None]
    special = (near - centre) / sqrt(max(variance, _SMALLEST))
    whole = np.broadcast_to(np.arange(-_REACH, _REACH + 1), (*centre.shape[:-1], 25))
    breaks = np.sort(np.clip(np.concatenate([whole, special], axis=-1), -_REACH, _REACH), axis=-1)
    half = (np.diff(breaks, axis=-1) / 2)[..., None]
    middle = ((breaks[..., 1:] + breaks[..., :-1]) / 2)[..., None]
    z = middle + half * _NODES
    weight = half * _WEIGHTS * np.exp(-(z**2) / 2) / sqrt(2 * np.pi)
    flat = (*z.shape[:-2], -1)
    return z.reshape(flat), weight.reshape(flat)


def _second_moment(phi: Activation, q: float, *, of_slope: bool = False) -> float:
    """E φ(√q z)², or E φ′(√q z)²."""
    q = min(max(q, _SMALLEST if of_slope else 0.0), _LARGEST)  # φ′ has no value at a kink itself
    z, weight = gaussian_rule(phi.kinks, q)
    with np.errstate(all="ignore"):
        value = (phi.slope if of_slope else phi.value)(sqrt(q) * z)
    return float(weight @ value**2)


def next_variance(phi: Activation, weight_scale: float, bias_scale: float, q: float) -> float:
    """q one layer up: the length map of Poole et al. 2016."""
    return weight_scale**2 * _second_moment(phi, q) + bias_scale**2


def gradient_factor(phi: Activation, weight_scale: float, q: float) -> float:
    """χ: what E‖delta‖² is multiplied by a layer towards the input, where z has variance q.

    >>> from playground.engine.activations import relu
    >>> round(gradient_factor(relu(), 2**0.5, 3.0), 12)
    1.0
    """
    return weight_scale**2 * _second_moment(phi, q, of_slope=True)


def variances(
    phi: Activation, weight_scale: float, bias_scale: float, second_moment: float, depth: int
) -> Array:
    """q of each of `depth` layers; `second_moment` is the mean of x² over an example's inputs."""
    q = weight_scale**2 * second_moment + bias_scale**2
    found = []
    for _ in range(depth):
        found.append(q)
        q = next_variance(phi, weight_scale, bias_scale, q)
    return np.array(found)


def delta_line(
    phi: Activation, weight_scale: float, bias_scale: float, second_moment: float, depth: int
) -> Array:
    """log10 of ‖delta‖ of each hidden layer over that of the last one, (depth,): the theory line.

    Followed layer by layer from the input, so that it bends where q has not settled yet.
    """
    qs = variances(phi, weight_scale, bias_scale, second_moment, depth)[:-1]
    slopes = [0.5 * np.log10(gradient_factor(phi, weight_scale, q)) for q in qs]
    return np.append(np.cumsum(slopes[::-1])[::-1], 0.0)


def fixed_point(
    phi: Activation, weight_scale: float, bias_scale: float, start: float = 1.0
) -> float:
    """q*, where q settles from `start`; infinite where it grows without end, as He's ReLU at a
    bias scale above 0, and `start` itself where every q stays."""

    def growth(q: float) -> float:
        return next_variance(phi, weight_scale, bias_scale, q) - q

    first = growth(start)
    if abs(first) <= 1e-13 * start:
        return start
    step, near = (1.25 if first > 0 else 0.8), start
    while _SMALLEST < (far := near * step) < _LARGEST:
        if growth(far) * first <= 0:
            low, high = sorted((near, far))
            return float(brentq(growth, low, high, xtol=1e-14 * high, rtol=1e-14))
        near = far
    return inf if first > 0 else 0.0


def settled_factor(phi: Activation, weight_scale: float, bias_scale: float) -> float:
    """χ at the fixed point q*."""
    return gradient_factor(phi, weight_scale, fixed_point(phi, weight_scale, bias_scale))


def settled_slope(phi: Activation, weight_scale: float, bias_scale: float) -> float:
    """½·log10 χ at the fixed point: decades of ‖delta‖ gained a layer towards the input."""
    return 0.5 * float(np.log10(settled_factor(phi, weight_scale, bias_scale)))


def depth_scale(factor: float) -> float:
    """ξ = 1/|log χ|: layers over which E‖delta‖² changes e-fold (Schoenholz et al. 2017).

    >>> round(depth_scale(0.25), 4)
    0.7213
    """
    distance = abs(log(factor)) if factor > 0 else inf
    return 1 / distance if distance else inf


def critical_weight_scale(phi: Activation, bias_scale: float) -> float | None:
    """The σ_w at which χ = 1 at the fixed point: the edge of chaos. None where there is none, as
    where χ jumps over 1 because q* does."""

    def excess(log_scale: float) -> float:
        return settled_factor(phi, float(np.exp(log_scale)), bias_scale) - 1

    scales = np.log(np.geomspace(0.25, 32, 29))
    values = [excess(s) for s in scales]
    for low, high, below, above in zip(scales, scales[1:], values, values[1:], strict=False):
        if below < 0 <= above:
            at = float(brentq(excess, low, high, xtol=1e-10))
            if abs(excess(at)) < 1e-4:
                return float(np.exp(at))
    return None


def next_correlation(
    phi: Activation, weight_scale: float, bias_scale: float, q: float, c: float
) -> float:
    """The correlation of two examples' z one layer up, where both have variance q (Poole et al.
    2016): below 1 they part, and 1 means that the network no longer tells them apart."""
    q = min(max(q, _SMALLEST), _LARGEST)
    root, rest = sqrt(q), sqrt(max(0.0, 1 - c * c))
    z, weight = gaussian_rule(phi.kinks, q)
    first = root * z
    with np.errstate(all="ignore"):
        if rest * root < 1e-8:
            inner = phi.value(c * first)
        else:
            z2, weight2 = gaussian_rule(phi.kinks, q * rest * rest, mean=c * first)
            inner = (weight2 * phi.value(c * first[:, None] + root * rest * z2)).sum(axis=-1)
        together = float(weight @ (phi.value(first) * inner))
    shared = weight_scale**2 * together + bias_scale**2
    return shared / next_variance(phi, weight_scale, bias_scale, q)


def settled_correlation(phi: Activation, weight_scale: float, bias_scale: float) -> float:
    """c*, to which the correlation of any two examples tends with depth: 1 in the ordered phase
    (χ ≤ 1), below it in the chaotic one."""
    q = fixed_point(phi, weight_scale, bias_scale)
    if gradient_factor(phi, weight_scale, q) <= 1 + 1e-9 or isinf(q):
        return 1.0

    def growth(c: float) -> float:
        return next_correlation(phi, weight_scale, bias_scale, q, c) - c

    if growth(0.0) <= 1e-14:
        return 0.0
    return float(brentq(growth, 0.0, 1 - 1e-4, xtol=1e-9))
