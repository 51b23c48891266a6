"""Backpropagation against central differences, with every part that a layer can have."""

from __future__ import annotations

import numpy as np
import pytest
from oracles import central_differences

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer

RNG = np.random.default_rng(7)
KINKED = {"relu", "leaky_relu", "hard_tanh"}


def trainer(specs: list[LayerSpec], loss: str, y, inputs: int = 3, **settings) -> Trainer:
    x = np.random.default_rng(1).standard_normal((len(y), inputs))
    network = Network(inputs, specs, seed=3)
    network.parameters += 0.1 * np.random.default_rng(2).standard_normal(len(network.parameters))
    return Trainer(
        network, LOSSES.make(loss), OPTIMIZERS.make("sgd"), x, y,
        learning_rate=0.0, batch_size=len(y), shuffle=False, **settings,
    )  # fmt: skip


def spec(units: int, activation: str = "tanh", **settings) -> LayerSpec:
    if "normalization" in settings:
        settings["normalization"] = NORMALIZATIONS.make(settings["normalization"])
    return LayerSpec(
        units, ACTIVATIONS.make(activation), INITIALIZERS.make("lecun_normal"), **settings
    )


def training_loss(t: Trainer) -> float:
    """The loss as the training tape computes it (batch statistics, not running ones)."""
    t.peek()
    tape = next(iter(t._tapes.values()))
    _, y = t.batches.batch(0)
    return t.loss.value(tape.output.T, y.T)


def assert_gradient_is_right(t: Trainer, tolerance: float = 1e-6) -> None:
    expected = central_differences(lambda: training_loss(t), t.network.parameters)
    t.peek()
    got = t.network.gradient
    # Differences of a loss near 1 are good to about 1e-10; below that they are noise.
    error = np.linalg.norm(got - expected) / (np.linalg.norm(got) + np.linalg.norm(expected))
    assert error < tolerance


Y_BINARY = RNG.integers(0, 2, (7, 1)).astype(float)
Y_CLASSES = np.eye(3)[RNG.integers(0, 3, 7)]
Y_REAL = RNG.standard_normal((7, 2))


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_every_activation_passes_its_gradient_through_two_layers(name: str) -> None:
    assert_gradient_is_right(
        trainer([spec(4, name), spec(3, name), spec(2, "linear")], "mse", Y_REAL)
    )


TARGETS = {"binary": Y_BINARY, "multiclass": Y_CLASSES, "regression": Y_REAL}


@pytest.mark.parametrize(
    ("loss", "task"), [(p.name, t) for p in LOSSES for t in sorted(p.make().tasks)]
)
def test_every_loss_starts_the_backward_pass_right(loss: str, task: str) -> None:
    y = TARGETS[task]
    assert_gradient_is_right(trainer([spec(4), spec(y.shape[1], "linear")], loss, y))


@pytest.mark.parametrize("normalization", NORMALIZATIONS.names)
@pytest.mark.parametrize("activation", ["tanh", "gelu", "linear"])
def test_normalized_layers_pass_their_gradient(normalization: str, activation: str) -> None:
    specs = [
        spec(4, activation, normalization=normalization),
        spec(4, activation, normalization=normalization, residual=0.7),
        spec(2, "linear"),
    ]
    assert_gradient_is_right(trainer(specs, "mse", Y_REAL))


def test_residual_branches_add_their_gradient_also_at_the_first_layer() -> None:
    specs = [
        spec(3, residual=0.5),
        spec(3, residual=1.0),
        spec(3, "silu", residual=2.0),
        spec(2, "linear"),
    ]
    assert_gradient_is_right(trainer(specs, "mse", Y_REAL))


def test_dropout_passes_gradient_through_the_units_it_kept() -> None:
    # peek() puts the mask stream back, so every evaluation sees the same masks.
    specs = [spec(6, dropout=0.4), spec(6, "relu", dropout=0.2, residual=0.5), spec(2, "linear")]
    assert_gradient_is_right(trainer(specs, "mse", Y_REAL))


def test_a_squashed_output_layer_passes_its_gradient() -> None:
    assert_gradient_is_right(trainer([spec(4), spec(2, "sigmoid")], "half_squared_error", Y_REAL))


def test_equal_thin_layers_get_their_gradients_in_one_product() -> None:
    # Layers 2 to 5 are square and equal, so this goes the batched way, beside layers that do not.
    specs = [spec(4), *(spec(4) for _ in range(4)), spec(5, "sigmoid"), spec(5), spec(2, "linear")]
    assert_gradient_is_right(trainer(specs, "mse", Y_REAL))


def test_penalties_reach_the_weights_only() -> None:
    plain = trainer([spec(4), spec(2, "linear")], "mse", Y_REAL)
    plain.peek()
    expected = plain.network.gradient.copy()
    for layer, view in zip(plain.network.layers, _layer_views(plain, expected), strict=True):
        view[:-1] += 0.3 * layer.w + 0.2 * np.sign(layer.w)
    penalized = trainer([spec(4), spec(2, "linear")], "mse", Y_REAL, l2=0.3, l1=0.2)
    penalized.peek()
    np.testing.assert_allclose(penalized.network.gradient, expected, rtol=1e-13)


def _layer_views(t: Trainer, vector):
    return [
        vector[layer.offset : layer.offset + layer.block.size].reshape(layer.block.shape)
        for layer in t.network.layers
    ]
