"""A band of seeds: each network in it is, to rounding, the one that trains alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.base.errors import InputError
from playground.engine.activations import ACTIVATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer
from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment
from playground.lab.band import Band

SEEDS = [0, 3, 11]


def alone(experiment: dict[str, Any], seed: int) -> Assembly:
    """The same data, with weights and shuffling of its own seed."""
    data = experiment.get("data", "circle")
    data = {"name": data} if isinstance(data, str) else data
    return assemble(Experiment.parse({**experiment, "seed": seed, "data": {"seed": 0, **data}}))


def differences(experiment: dict[str, Any], steps: int) -> float:
    """The largest difference of any parameter, relative to the largest parameter."""
    band = Band(Experiment.parse(experiment), SEEDS)
    band.run(steps)
    found = []
    for seed, row in zip(SEEDS, band.parameters, strict=True):
        trainer: Trainer = alone(experiment, seed).trainer
        trainer.run(steps)
        own = trainer.network.parameters
        found.append(float(np.abs(row - own).max() / np.abs(own).max()))
    return max(found)


def hidden(*kinds: Any, units: int = 5) -> dict[str, Any]:
    return {"hidden": [{"units": units, "activation": kind} for kind in kinds]}


@pytest.mark.parametrize("activation", ACTIVATIONS.names)
def test_each_activation_trains_as_alone(activation: str) -> None:
    assert differences({"network": hidden(activation, activation, "tanh")}, 40) < 1e-12


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names)
def test_each_optimizer_trains_as_alone(optimizer: str) -> None:
    training = {"optimizer": optimizer, "learning_rate": 0.01}
    assert differences({"training": training}, 40) < 1e-12


@pytest.mark.parametrize(
    "optimizer",
    [
        {"name": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"name": "rmsprop", "centered": True, "momentum": 0.5},
        {"name": "adamw", "weight_decay": 0.1},
    ],
    ids=lambda o: o["name"],
)
def test_settings_of_an_optimizer_hold_in_a_band(optimizer: dict[str, Any]) -> None:
    training = {"optimizer": optimizer, "learning_rate": 0.01}
    assert differences({"training": training}, 40) < 1e-12


@pytest.mark.parametrize(
    ("data", "loss", "output"),
    [
        ("circle", "binary_cross_entropy", "linear"),
        ("circle", "mse", "tanh"),
        ("circle", "hinge", "linear"),
        ("blobs", "cross_entropy", "linear"),
        ("iris", "half_squared_error", "sigmoid"),
        ("iris", "mse", "linear"),
        ("plane", "mae", "linear"),
        ("plane", {"name": "huber", "delta": 0.3}, "linear"),
    ],
)
def test_each_loss_trains_as_alone(data: str, loss: Any, output: str) -> None:
    experiment = {
        "data": data,
        "network": {**hidden("tanh"), "output": {"activation": output}},
        "training": {"loss": loss},
    }
    assert differences(experiment, 40) < 1e-12


@pytest.mark.parametrize(
    "training",
    [
        {"l1": 0.01, "l2": 0.02},
        {"clip_norm": 0.05},
        {"clip_value": 0.01},
        {"batch_size": 7},  # a smaller last batch
        {"batch_size": 250},
        {"shuffle": False},
        {"schedule": {"name": "cosine", "total_epochs": 3}},
    ],
    ids=str,
)
def test_each_setting_of_training_holds_in_a_band(training: dict[str, Any]) -> None:
    assert differences({"training": training}, 80) < 1e-12


def test_float32_stays_float32() -> None:
    band = Band(Experiment.parse({"dtype": "float32"}), SEEDS)
    band.run(10)
    assert band.parameters.dtype == np.float32
    assert differences({"dtype": "float32"}, 10) < 1e-5


def test_losses_and_deltas_are_those_of_each_network() -> None:
    experiment = {"network": hidden("tanh", "relu")}
    band = Band(Experiment.parse(experiment), SEEDS)
    band.run(30)
    losses = band.losses(band.dataset.test.x, band.dataset.test.y)
    deltas = band.delta_norm()
    for k, seed in enumerate(SEEDS):
        assembly = alone(experiment, seed)
        assembly.trainer.run(30)
        assert losses[k] == pytest.approx(assembly.loss(assembly.dataset.test), rel=1e-12)
        np.testing.assert_allclose(deltas[k], assembly.trainer.peek().delta_norm, rtol=1e-11)


def test_the_band_scatters_as_the_reference_says() -> None:
    # log10(delta_1/delta_L) of He's ReLU, 30 layers of width 64, has a deviation of 0.34.
    experiment = Experiment.parse(
        {
            "network": {
                "hidden": [{"units": 64, "activation": "relu", "initializer": "he_normal"}] * 30,
                "output": {"initializer": "lecun_normal"},
            },
            "training": {"batch_size": 32},
        }
    )
    deltas = Band(experiment, range(40)).delta_norm()
    drop = np.log10(deltas[:, 0] / deltas[:, 29])
    # A deviation from 40 seeds is known to 11 %; examples of one batch differ, which lessens it.
    assert np.std(drop) == pytest.approx(0.3, abs=0.12)


def test_one_that_diverges_troubles_no_other() -> None:
    experiment = {"data": "plane", "network": hidden("linear")}
    band = Band(Experiment.parse(experiment), SEEDS)
    band.parameters[1] = np.nan
    band.run(30)
    for k, seed in ((0, 0), (2, 11)):
        trainer = alone(experiment, seed).trainer
        trainer.run(30)
        np.testing.assert_allclose(band.parameters[k], trainer.network.parameters, rtol=1e-11)
    assert np.isnan(band.losses(band.dataset.train.x, band.dataset.train.y)[1])


@pytest.mark.parametrize(
    ("experiment", "field"),
    [
        ({"network": {"hidden": [{"dropout": 0.2}]}}, "network.hidden.0.dropout"),
        ({"network": {"hidden": [{"normalization": "batch"}]}}, "network.hidden.0.normalization"),
        (
            {"network": {"hidden": [{"units": 4}, {"units": 4, "residual": {"scale": 1.0}}]}},
            "network.hidden.1.residual",
        ),
        ({"training": {"schedule": "reduce_on_plateau"}}, "training.schedule"),
    ],
)
def test_what_a_band_can_not_do_is_refused(experiment: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refusal:
        Band(Experiment.parse(experiment), SEEDS)
    assert refusal.value.field == field


@pytest.mark.parametrize("count", [0, 257])
def test_a_band_has_from_one_to_256_seeds(count: int) -> None:
    with pytest.raises(InputError):
        Band(Experiment(), range(count))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clipping_brings_back_each_network_whose_gradient_exploded(dtype: str) -> None:
    # Beyond these weights the squares of the gradient, though not the gradient, are infinite.
    large = 1e6 if dtype == "float32" else 1e40
    described = {
        "dtype": dtype,
        "data": {"name": "plane", "standardize": False},
        "network": {
            "hidden": [{"units": 3, "activation": "linear", "initializer": {"name": "constant"}}]
            * 2
        },
        "training": {"clip_norm": 1e-3, "learning_rate": 1},
    }
    band, single = Band(Experiment.parse(described), [0, 1]), alone(described, 1)
    for parameters in (band.parameters[1], single.network.parameters):
        parameters[...] *= large
    band.run(1)
    single.trainer.run(1)
    assert np.abs(band.gradient).max() <= 1e-3
    norm = np.linalg.norm(band.gradient.astype(np.float64), axis=1)
    np.testing.assert_allclose(norm[1], 1e-3, rtol=1e-5)
    np.testing.assert_allclose(band.gradient[1], single.network.gradient, rtol=1e-4)
