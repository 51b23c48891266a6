"""The experiment file: defaults, round trips, and one clear sentence for whatever is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.base.errors import InputError, LimitError
from playground.data.source import Shape
from playground.engine.initializers import INITIALIZERS
from playground.engine.optimizers import OPTIMIZERS
from playground.experiment.config import Experiment

# As DESIGN has it: every key, one of each part with a setting.
WHOLE = {
    "version": 1,
    "seed": 0,
    "dtype": "float64",
    "data": {
        "name": "spiral",
        "samples": 500,
        "noise": 0.1,
        "train_fraction": 0.5,
        "validation_fraction": 0.0,
        "seed": None,
        "features": ["x1", "x2"],
    },
    "network": {
        "hidden": [
            {
                "units": 8,
                "activation": "tanh",
                "initializer": "glorot_uniform",
                "dropout": 0.0,
                "normalization": None,
                "residual": None,
            }
        ],
        "output": {"activation": "linear", "initializer": "glorot_uniform"},
    },
    "training": {
        "loss": "auto",
        "optimizer": {"name": "adam", "beta1": 0.9},
        "learning_rate": 0.01,
        "schedule": "constant",
        "batch_size": 10,
        "shuffle": True,
        "l1": 0.0,
        "l2": 0.0,
        "clip_norm": None,
        "clip_value": None,
        "stop": {"max_epochs": None, "target_loss": None, "patience": None},
    },
}


def refusal(described: Any) -> str:
    with pytest.raises(InputError) as caught:
        Experiment.parse(described)
    return str(caught.value)


def network(*hidden: dict[str, Any]) -> dict[str, Any]:
    return {"network": {"hidden": list(hidden)}}


def test_an_empty_file_is_the_default_net() -> None:
    experiment = Experiment.parse("{}")
    described = experiment.dump()
    assert described["data"] == {
        "name": "circle",
        "samples": 500,
        "noise": 0.0,
        "train_fraction": 0.5,
        "validation_fraction": 0.0,
        "seed": None,
        "standardize": True,
        "features": ["x1", "x2"],
    }
    layers = [(h["units"], h["activation"]) for h in described["network"]["hidden"]]
    assert layers == [(4, "tanh"), (2, "tanh")]
    assert {h["initializer"] for h in described["network"]["hidden"]} == {"glorot_uniform"}
    training = described["training"]
    assert (training["optimizer"], training["learning_rate"]) == ("sgd", 0.03)
    assert training["batch_size"] == 10
    assert described["dtype"] == "float64"


def test_the_whole_schema_is_read() -> None:
    described = Experiment.parse(WHOLE).dump()
    # A part whose settings have their defaults is written as its bare name.
    expected = json.loads(json.dumps(WHOLE))
    expected["training"]["optimizer"] = "adam"
    expected["data"]["standardize"] = True
    assert described == expected


def test_every_setting_is_written_when_one_leaves_its_default() -> None:
    experiment = Experiment.parse({"training": {"optimizer": {"name": "sgd", "momentum": 0.9}}})
    written = experiment.dump()["training"]["optimizer"]
    assert written["momentum"] == 0.9
    assert set(written) == {"name", *OPTIMIZERS.part("sgd").setting_names}


def test_expanded_every_part_is_an_object() -> None:
    described = Experiment.parse(network({"normalization": "batch"})).dump(expanded=True)
    layer = described["network"]["hidden"][0]
    assert layer["activation"] == {"name": "tanh"}
    assert layer["normalization"]["name"] == "batch"
    assert described["training"]["loss"] == {"name": "auto"}
    assert described["training"]["optimizer"]["momentum"] == 0.0


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        ({"sed": 1}, "sed: there is no such key; did you mean 'seed'?"),
        ({"version": 2}, "version: must be 1, got 2"),
        ({"seed": -1}, "seed: must be at least 0, got -1"),
        ({"seed": 2**53}, "seed: must be at most 9,007,199,254,740,991, got 9007199254740992"),
        (
            {"dtype": "float16"},
            "dtype: must be 'float64' or 'float32', got \"float16\"; did you mean 'float64'?",
        ),
        ({"data": {"noise": 3}}, "data.noise: must be at most 0.5, got 3"),
        ({"data": "spirals"}, "data.name: no data set is called 'spirals'; did you mean 'spiral'?"),
        ({"network": None}, "network: must be an object, got null"),
        (network({"units": 0}), "network.hidden.0.units: must be at least 1, got 0"),
        (network({}, {"units": 513}), "network.hidden.1.units: must be at most 512, got 513"),
        (network({"dropout": 1}), "network.hidden.0.dropout: must be below 1, got 1"),
        (
            network({"activation": "tahn"}),
            "network.hidden.0.activation: no activation is called 'tahn'; did you mean 'tanh'?",
        ),
        (
            network({"initializer": "he"}),
            "network.hidden.0.initializer: no initializer is called 'he'; known: "
            + ", ".join(INITIALIZERS.names),
        ),
        (
            network({"activation": {"name": "leaky_relu", "negative_slope": 2}}),
            "network.hidden.0.activation.negative_slope: must be below 1, got 2",
        ),
        (
            network({"normalization": "bach"}),
            "network.hidden.0.normalization: no normalization is called 'bach'; "
            "did you mean 'batch'?",
        ),
        (
            network({}, {"residual": {"scle": 1}}),
            "network.hidden.1.residual.scle: there is no such key; did you mean 'scale'?",
        ),
        (
            network(*[{}] * 65),
            "network.hidden: must have at most 64 entries, got 65",
        ),
        ({"training": {"learning_rate": 0}}, "training.learning_rate: must be above 0, got 0"),
        (
            {"training": {"learning_rate": "0.1"}},
            'training.learning_rate: must be a number, got "0.1"',
        ),
        (
            {"training": {"batch_size": 2.5}},
            "training.batch_size: must be a whole number, got 2.5",
        ),
        ({"training": {"l2": -1}}, "training.l2: must be at least 0, got -1"),
        ({"training": {"clip_norm": 0}}, "training.clip_norm: must be above 0, got 0"),
        (
            {"training": {"optimizer": {"name": "adam", "beta1": 2}}},
            "training.optimizer.beta1: must be below 1, got 2",
        ),
        (
            {"training": {"optimizer": {"name": "sgd", "momentun": 0.9}}},
            "training.optimizer.momentun: the optimizer 'sgd' has no setting 'momentun'; "
            "did you mean 'momentum'?",
        ),
        (
            {"training": {"optimizer": {"momentum": 0.9}}},
            "training.optimizer: must be a name (optimizer), or an object with 'name' and its "
            'settings, got {"momentum": 0.9}',
        ),
        (
            {"training": {"schedule": 3}},
            "training.schedule: must be a name (schedule), or an object with 'name' and its "
            "settings, got 3",
        ),
        (
            {"training": {"stop": {"max_epoch": 3}}},
            "training.stop.max_epoch: there is no such key; did you mean 'max_epochs'?",
        ),
        (
            {"training": {"stop": {"patience": 0}}},
            "training.stop.patience: must be at least 1, got 0",
        ),
        ([], "must be an object, got []"),
        ("[]", "must be an object, got []"),
    ],
)
def test_a_bad_field_is_refused_in_one_sentence(described: Any, sentence: str) -> None:
    assert refusal(described) == sentence


@pytest.mark.parametrize(
    ("data", "loss"),
    [
        ("circle", "binary_cross_entropy"),
        ("iris", "cross_entropy"),
        ("plane", "mse"),
        ({"name": "blobs", "classes": 2}, "binary_cross_entropy"),
    ],
)
def test_the_automatic_loss_is_that_of_the_task(data: Any, loss: str) -> None:
    experiment = Experiment.parse({"data": data})
    assert experiment.resolved_loss is not None
    assert experiment.resolved_loss.model_dump()["name"] == loss
    assert experiment.dump()["training"]["loss"] == "auto"


def test_a_loss_of_ones_own_stays_with_its_settings() -> None:
    loss = {"name": "huber", "delta": 2.0}
    experiment = Experiment.parse({"data": "plane", "training": {"loss": loss}})
    assert experiment.resolved_loss is not None
    assert experiment.resolved_loss.model_dump() == loss


def test_a_loss_must_fit_the_task() -> None:
    sentence = refusal({"training": {"loss": "cross_entropy"}})
    assert sentence.startswith("training.loss: 'cross_entropy' does not fit the binary data set")
    assert "binary_cross_entropy" in sentence
    assert refusal({"data": "plane", "training": {"loss": "hinge"}}).startswith("training.loss: ")


def test_a_loss_on_logits_needs_a_linear_output() -> None:
    sigmoid = {"output": {"activation": "sigmoid"}}
    assert refusal({"network": sigmoid}) == (
        "network.output.activation: must be 'linear' for the loss 'binary_cross_entropy', "
        "which takes logits"
    )
    assert Experiment.parse({"network": sigmoid, "training": {"loss": "mse"}})


def test_a_residual_layer_must_be_as_wide_as_what_it_gets() -> None:
    skip: dict[str, Any] = {"residual": {"scale": 0.5}}
    assert refusal(network({"units": 2}, {"units": 3, **skip})) == (
        "network.hidden.1.residual: needs equal widths, "
        "but the layer has 3 neurons and 2 neurons before it"
    )
    assert refusal(network({"units": 3, **skip})) == (
        "network.hidden.0.residual: needs equal widths, but the layer has 3 neurons and 2 inputs"
    )
    assert Experiment.parse(network({"units": 2, **skip}, {"units": 2, **skip}))


def test_the_parameters_are_limited_and_not_only_the_layers() -> None:
    wide = network(*[{"units": 512}] * 21)
    # 3·512 + 20·513·512 + 513 parameters are 5,255,169.
    with pytest.raises(LimitError, match="5,255,169 parameters are more than 5,000,000"):
        Experiment.parse(wide)
    assert Experiment.parse(network(*[{"units": 512}] * 19))


def test_a_table_is_checked_once_its_shape_is_known() -> None:
    experiment = Experiment.parse(
        {"data": {"name": "csv"}, "training": {"loss": "cross_entropy"}}
        | network({"units": 4, "residual": {}})
    )
    assert experiment.shape is experiment.task is None
    experiment.check_fit(Shape("multiclass", 4, 3))
    with pytest.raises(InputError, match=r"training\.loss: 'cross_entropy' does not fit"):
        experiment.check_fit(Shape("regression", 4, 1))
    with pytest.raises(InputError, match=r"network\.hidden\.0\.residual: needs equal widths"):
        experiment.check_fit(Shape("multiclass", 5, 3))
    with pytest.raises(LimitError, match="1001 inputs are more than 1000"):
        experiment.check_fit(Shape("multiclass", 1001, 3))
