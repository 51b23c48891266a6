"""Mean-field theory against the literature's table, closed formulas and our own engine."""

from __future__ import annotations

from itertools import pairwise
from math import log10

import numpy as np
import pytest
from scipy.integrate import quad

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer
from playground.lab import theory

# The reference table: inputs on a circle of radius √2, so that the mean of x² over inputs is 1.
TABLE = [
    ("tanh", 0.5, 50, slice(4, 45), -0.3010, 0.006, -14.85),
    ("tanh", 2.0, 50, slice(4, 45), +0.0672, 0.006, +3.2),
    ("sigmoid", 1.0, 10, slice(1, 9), -0.627, 0.03, -5.7),
    ("relu", 1.0, 30, slice(0, 30), -0.1505, 0.012, -4.36),
    ("relu", 2**0.5, 30, slice(0, 30), 0.0, 0.012, 0.0),
    ("relu", 2.0, 30, slice(0, 30), +0.1505, 0.012, +4.36),
]


@pytest.mark.parametrize(("name", "sigma", "depth", "rows", "slope", "tolerance", "drop"), TABLE)
def test_the_theory_line_has_the_slopes_of_the_reference_table(
    name, sigma, depth, rows, slope, tolerance, drop
) -> None:
    phi = ACTIVATIONS.make(name)
    line = theory.delta_line(phi, sigma, 0.0, 1.0, depth)
    fitted = -np.polyfit(np.arange(depth)[rows], line[rows], 1)[0]
    assert fitted == pytest.approx(slope, abs=tolerance)
    assert line[0] == pytest.approx(drop, abs=0.01 if abs(drop) > 4 else 0.05)
    assert line[-1] == 0
    assert theory.settled_slope(phi, sigma, 0.0) == pytest.approx(slope, abs=tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS.names)
@pytest.mark.parametrize("q", [0.01, 0.7, 30.0])
def test_the_means_agree_with_adaptive_quadrature(name: str, q: float) -> None:
    phi = ACTIVATIONS.make(name)

    def mean(f) -> float:
        def integrand(z: float) -> float:
            value = f(np.array([q**0.5 * z]))[0]
            return value**2 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

        breaks = sorted({-12.0, *np.arange(-11.0, 12.0), *(k / q**0.5 for k in phi.kinks), 12.0})
        inside = [b for b in breaks if -12 <= b <= 12]
        return sum(
            quad(integrand, a, b, epsabs=1e-13, epsrel=1e-11)[0] for a, b in pairwise(inside)
        )

    next_q = theory.next_variance(phi, 1.3, 0.4, q)
    assert next_q == pytest.approx(1.69 * mean(phi.value) + 0.16, rel=1e-9)
    assert theory.gradient_factor(phi, 1.3, q) == pytest.approx(1.69 * mean(phi.slope), rel=1e-9)


def test_closed_formulas_of_relu_linear_and_sine() -> None:
    relu, linear, sine = (ACTIVATIONS.make(name) for name in ("relu", "linear", "sin"))
    q = 0.83
    assert theory.next_variance(relu, 1.2, 0.5, q) == pytest.approx(1.44 * q / 2 + 0.25, rel=1e-13)
    assert theory.gradient_factor(linear, 1.2, q) == pytest.approx(1.44, rel=1e-13)
    # E sin² = (1 − e^−2q)/2 and E cos² = (1 + e^−2q)/2
    assert theory.next_variance(sine, 1, 0, q) == pytest.approx((1 - np.exp(-2 * q)) / 2, rel=1e-13)
    assert theory.gradient_factor(sine, 1, q) == pytest.approx((1 + np.exp(-2 * q)) / 2, rel=1e-13)
    # σ_b²/(1 − σ_w²/2)
    assert theory.fixed_point(relu, 1.0, 0.5) == pytest.approx(0.5, rel=1e-10)


def test_fixed_points_vanish_stay_or_grow_without_end() -> None:
    tanh, relu = ACTIVATIONS.make("tanh"), ACTIVATIONS.make("relu")
    assert theory.fixed_point(tanh, 0.5, 0.0) == 0.0
    assert theory.fixed_point(relu, 2**0.5, 0.0, start=3.0) == 3.0
    assert theory.fixed_point(relu, 2.0, 0.0) == np.inf
    assert theory.fixed_point(relu, 1.5, 0.3) == np.inf  # by no more than an eighth a layer
    assert theory.fixed_point(ACTIVATIONS.make("selu"), 1.0, 0.0) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "bias_scale", "expected"),
    [("tanh", 0.0, 1.0), ("relu", 0.0, 2**0.5), ("relu", 0.5, 2**0.5), ("linear", 0.0, 1.0)],
)
def test_the_edge_of_chaos_lies_where_it_is_known(name, bias_scale, expected) -> None:
    found = theory.critical_weight_scale(ACTIVATIONS.make(name), bias_scale)
    assert found == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_on_the_critical_line_the_factor_is_one(name: str) -> None:
    phi = ACTIVATIONS.make(name)
    scale = theory.critical_weight_scale(phi, 0.3)
    if name in ("gelu", "silu", "mish"):
        assert scale is None  # from q = 1 they die out or blow up, with nothing in between
        return
    assert scale is not None
    assert theory.settled_factor(phi, scale, 0.3) == pytest.approx(1.0, abs=1e-4)


def test_the_slope_of_the_correlation_map_at_one_is_the_gradient_factor() -> None:
    # Schoenholz et al. 2017: χ = ∂c′/∂c at c = 1.
    phi = ACTIVATIONS.make("tanh")
    q, h = theory.fixed_point(phi, 1.7, 0.3), 1e-4
    below = theory.next_correlation(phi, 1.7, 0.3, q, 1 - h)
    assert theory.next_correlation(phi, 1.7, 0.3, q, 1.0) == pytest.approx(1.0, abs=1e-9)
    factor = theory.settled_factor(phi, 1.7, 0.3)
    assert (1 - below) / h == pytest.approx(factor, rel=1e-3)


def test_relu_correlations_follow_the_arc_cosine_kernel() -> None:
    # Cho and Saul 2009: (sin θ + (π − θ)·cos θ)/π for He's ReLU without biases.
    c = 0.37
    angle = np.arccos(c)
    expected = (np.sin(angle) + (np.pi - angle) * c) / np.pi
    found = theory.next_correlation(ACTIVATIONS.make("relu"), 2**0.5, 0.0, 1.0, c)
    assert found == pytest.approx(expected, rel=1e-9)


def test_examples_stay_apart_in_the_chaotic_phase_only() -> None:
    tanh = ACTIVATIONS.make("tanh")
    assert theory.settled_correlation(tanh, 0.8, 0.3) == 1.0
    settled = theory.settled_correlation(tanh, 2.0, 0.3)
    assert 0 < settled < 1
    q = theory.fixed_point(tanh, 2.0, 0.3)
    assert theory.next_correlation(tanh, 2.0, 0.3, q, settled) == pytest.approx(settled, abs=1e-7)


@pytest.mark.parametrize("factor", [0.25, 4.0])
def test_the_depth_scale_is_the_e_fold_of_the_factor(factor: float) -> None:
    assert factor ** theory.depth_scale(factor) == pytest.approx(np.e ** np.sign(log10(factor)))
    assert theory.depth_scale(1.0) == np.inf


def simulated(name: str, sigma: float, bias: float, depth: int, width: int, seed: int):
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, 32)
    x = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    settings = {"name": "scaled_normal", "weight_scale": sigma, "bias_scale": bias}
    spec = LayerSpec(width, ACTIVATIONS.make(name), INITIALIZERS.make(settings))
    readout = LayerSpec(1, ACTIVATIONS.make("linear"), INITIALIZERS.make("scaled_normal"))
    t = Trainer(
        Network(2, [spec] * depth + [readout], seed=seed), LOSSES.make("binary_cross_entropy"),
        OPTIMIZERS.make("sgd"), x, (x[:, :1] > 0).astype(float), learning_rate=0.1, batch_size=32,
    )  # fmt: skip
    return np.log10(t.peek().delta_norm[:depth])


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_our_engine_behaves_as_the_theory_says(name: str) -> None:
    depth, sigma, bias = 12, 1.1, 0.2
    measured = np.mean([simulated(name, sigma, bias, depth, 128, s) for s in range(10)], axis=0)
    line = theory.delta_line(ACTIVATIONS.make(name), sigma, bias, 1.0, depth)
    # Ten seeds at width 128 scatter by some hundredths of a decade a few layers apart.
    np.testing.assert_allclose(measured - measured[-1], line, atol=0.15)
