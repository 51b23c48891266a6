"""The tables of the literature: mean-field slopes, exact values, the worked example."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.norms import LayerNorms
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer


def norms_at_start(activation: str, sigma: float, depth: int, width: int, seed: int) -> LayerNorms:
    """Inputs on a circle of radius √2, W ~ N(0, σ²/fan_in), readout N(0, 1/n), batch of 32."""
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, 32)
    x = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    y = (x[:, :1] > 0).astype(float)
    draw = INITIALIZERS.make({"name": "scaled_normal", "weight_scale": sigma})
    readout = INITIALIZERS.make("scaled_normal")
    phi = ACTIVATIONS.make(activation)
    specs = [LayerSpec(width, phi, draw)] * depth
    specs = [*specs, LayerSpec(1, ACTIVATIONS.make("linear"), readout)]
    t = Trainer(
        Network(2, specs, seed=seed), LOSSES.make("binary_cross_entropy"), OPTIMIZERS.make("sgd"),
        x, y, learning_rate=0.1, batch_size=32,
    )  # fmt: skip
    return t.peek()


# Poole et al. 2016, Schoenholz et al. 2017: log10 RMS‖delta‖ falls by ½·log10 χ a layer.
SLOPES = [
    ("tanh", 0.5, 50, 256, slice(4, 45), -0.3010, 0.006, -14.85),
    ("tanh", 2.0, 50, 256, slice(4, 45), +0.0672, 0.006, +3.2),
    ("sigmoid", 1.0, 10, 64, slice(1, 9), -0.627, 0.03, -5.7),
    ("relu", 1.0, 30, 64, slice(0, 30), -0.1505, 0.012, -4.36),
    ("relu", 2**0.5, 30, 64, slice(0, 30), 0.0, 0.012, 0.0),
    ("relu", 2.0, 30, 64, slice(0, 30), +0.1505, 0.012, +4.36),
]


@pytest.mark.parametrize(
    ("phi", "sigma", "depth", "width", "rows", "slope", "tolerance", "drop"), SLOPES
)
def test_delta_falls_towards_the_input_as_mean_field_theory_says(
    phi, sigma, depth, width, rows, slope, tolerance, drop
) -> None:
    logs = np.mean(
        [
            np.log10(norms_at_start(phi, sigma, depth, width, s).delta_norm[:depth])
            for s in range(10)
        ],
        axis=0,
    )
    layers = np.arange(1, depth + 1)
    # The table's slope is per layer towards the input, so against the layer's number it is turned.
    measured = -np.polyfit(layers[rows], logs[rows], 1)[0]
    assert measured == pytest.approx(slope, abs=tolerance)
    # Ten small nets scatter: 1.3 decades at width 8, a third of one at 64, over √10 here.
    assert logs[0] - logs[-1] == pytest.approx(drop, abs=0.4)


def test_weight_gradients_are_flat_where_deltas_vanish() -> None:
    logs = np.mean(
        [
            np.log10(norms_at_start("tanh", 0.5, 50, 256, s).weight_gradient_norm[4:45])
            for s in range(10)
        ],
        axis=0,
    )
    assert np.polyfit(np.arange(41), logs, 1)[0] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(("classes", "expected"), [(2, 0.693147), (3, 1.098612), (10, 2.302585)])
def test_the_loss_at_zero_logits_is_the_log_of_the_number_of_classes(classes, expected) -> None:
    if classes == 2:
        loss = LOSSES.make("binary_cross_entropy").value(np.zeros((4, 1)), np.ones((4, 1)))
        assert loss == pytest.approx(expected, abs=5e-7)
    y = np.eye(classes)[[0, 1]]
    loss = LOSSES.make("cross_entropy").value(np.zeros((2, classes)), y)
    assert loss == pytest.approx(expected, abs=5e-7)


def test_halving_every_hidden_weight_of_a_relu_stack_halves_the_output_thirty_times() -> None:
    phi, draw = ACTIVATIONS.make("relu"), INITIALIZERS.make("he_normal")
    specs = [LayerSpec(16, phi, draw)] * 30 + [LayerSpec(1, ACTIVATIONS.make("linear"), draw)]
    network = Network(2, specs, seed=1)
    x = np.random.default_rng(0).standard_normal((9, 2))
    whole = network.predict(x)
    for layer in network.layers[:-1]:
        layer.w[...] *= 0.5
    np.testing.assert_array_equal(network.predict(x), whole * 2.0**-30)
    for layer in network.layers[:-1]:
        layer.w[...] *= 2 * 0.5**0.5
    np.testing.assert_allclose(network.predict(x), whole * 2.0**-15, rtol=1e-13)


Z = np.linspace(-12, 12, 2_000_001)
DENSITY = np.exp(-(Z**2) / 2) / np.sqrt(2 * np.pi)


def test_selu_keeps_mean_zero_and_variance_one() -> None:
    phi = ACTIVATIONS.make("selu").value(Z)
    assert np.trapezoid(phi * DENSITY, Z) == pytest.approx(0, abs=1e-9)
    assert np.trapezoid(phi**2 * DENSITY, Z) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "gain"),
    [("tanh", 1.5925), ("relu", 1.41421), ("elu", 1.24520), ("gelu", 1.53353), ("silu", 1.67653)],
)
def test_gains_at_unit_variance_are_those_of_the_table(name: str, gain: float) -> None:
    second = np.trapezoid(ACTIVATIONS.make(name).value(Z) ** 2 * DENSITY, Z)
    assert 1 / np.sqrt(second) == pytest.approx(gain, abs=6e-5)


def test_the_slope_of_the_sigmoid_is_at_most_a_quarter() -> None:
    slope = ACTIVATIONS.make("sigmoid").slope(np.linspace(-5, 5, 1001))
    assert slope.max() == pytest.approx(0.25, abs=1e-15)
    assert pytest.approx(9.54e-7, rel=1e-3) == 0.25**10


def test_mazurs_worked_example_to_nine_digits() -> None:
    sigmoid, zeros = ACTIVATIONS.make("sigmoid"), INITIALIZERS.make("zeros")
    network = Network(2, [LayerSpec(2, sigmoid, zeros), LayerSpec(2, sigmoid, zeros)])
    first, second = network.layers
    # w1, w2 go into h1 and w3, w4 into h2, so a column is a unit.
    first.w[...], first.b[...] = np.array([[0.15, 0.25], [0.20, 0.30]]), 0.35
    second.w[...], second.b[...] = np.array([[0.40, 0.50], [0.45, 0.55]]), 0.60
    x, y = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    t = Trainer(
        network, LOSSES.make("half_squared_error"), OPTIMIZERS.make("sgd"), x, y,
        learning_rate=0.5, batch_size=1,
    )  # fmt: skip
    h = network.activations(x)[0]
    nine = {"rtol": 0, "atol": 5.1e-10}
    np.testing.assert_allclose(h, [[0.593269992, 0.596884378]], **nine)
    np.testing.assert_allclose(network.predict(x), [[0.751365070, 0.772928465]], **nine)
    assert t.loss.value(network.predict(x), y) == pytest.approx(0.298371109, abs=5.1e-10)
    t.run(1)
    new = [[0.358916480, 0.511301270], [0.408666186, 0.561370121]]
    np.testing.assert_allclose(second.w, new, **nine)
    new = [[0.149780716, 0.249751144], [0.199561432, 0.299502287]]
    np.testing.assert_allclose(first.w, new, **nine)
