"""Experiments whose exported scripts are run: every part of every registry, settings off default.

Read by the tests and by the script that records what the PyTorch scripts compute.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.assemble import Assembly
from playground.experiment.config import Experiment

STEPS = 50

# Batches of 7, 7 and 3 examples.
PLANE = {"name": "circle", "samples": 34, "train_fraction": 0.5, "noise": 0.2}
DATA = {
    "binary": PLANE,
    "multiclass": {"name": "blobs", "samples": 34},
    "regression": {"name": "multi_gauss", "samples": 34},
}
OFF_DEFAULT: dict[str, dict[str, Any]] = {
    "leaky_relu": {"negative_slope": 0.2},
    "elu": {"alpha": 0.7},
    "huber": {"delta": 0.3},
    "sgd": {"momentum": 0.8, "nesterov": True, "weight_decay": 0.03},
    "adagrad": {"epsilon": 1e-4},
    "rmsprop": {"alpha": 0.8, "epsilon": 1e-4, "momentum": 0.5, "centered": True},
    "adadelta": {"rho": 0.8, "epsilon": 1e-4},
    "adam": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4},
    "adamw": {"beta1": 0.85, "beta2": 0.97, "epsilon": 1e-4, "weight_decay": 0.2},
    "nadam": {
        "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "momentum_decay": 0.02, "weight_decay": 0.1,
    },
    "lion": {"beta1": 0.85, "beta2": 0.95, "weight_decay": 0.1},
    "step": {"step_epochs": 3, "factor": 0.7},
    "exponential": {"factor": 0.9},
    "cosine": {"total_epochs": 10, "final": 0.2},
    "linear_warmup_cosine": {
        "total_epochs": 12, "warmup_share": 0.3, "start": 0.1, "final": 0.2,
    },
    "one_cycle": {
        "total_epochs": 14, "rise_share": 0.4, "start_divisor": 5, "final_divisor": 10,
    },
    "reduce_on_plateau": {"factor": 0.5, "patience": 1, "threshold": 0.05},
}  # fmt: skip
RATES = {"lion": 0.005, "adadelta": 0.7, "rmsprop": 0.01, "adam": 0.02, "adamw": 0.02}


def _case(**training: Any) -> dict[str, Any]:
    hidden = training.pop("hidden", [{"units": 5}, {"units": 4}])
    data = training.pop("data", PLANE)
    more = {key: training.pop(key) for key in ("seed", "dtype") if key in training}
    network = {"hidden": hidden} | training.pop("network", {})
    common = {"learning_rate": 0.1, "batch_size": 7}
    return {**more, "data": data, "network": network, "training": common | training}


def _off_default(name: str) -> dict[str, Any]:
    return {"name": name, **OFF_DEFAULT.get(name, {})}


def _hidden(**layer: Any) -> list[dict[str, Any]]:
    return [{"units": 5, **layer}, {"units": 5, **layer}, {"units": 5, **layer}]


CASES: dict[str, dict[str, Any]] = {}
for _part in ACTIVATIONS:
    _phi = _off_default(_part.name)
    CASES[_part.name] = _case(hidden=[{"units": 5, "activation": _phi}, {"units": 4}])
    CASES[f"{_part.name}_output"] = _case(
        hidden=_hidden(activation=_phi), network={"output": {"activation": _phi}}, loss="mse"
    )
for _part in LOSSES:
    for _task in sorted(_part.make().tasks):
        CASES[f"{_part.name}_{_task}"] = _case(data=DATA[_task], loss=_off_default(_part.name))
for _part in OPTIMIZERS:
    _rate = RATES.get(_part.name, 0.1)
    CASES[_part.name] = _case(optimizer=_part.name, learning_rate=_rate)
    CASES[f"{_part.name}_off_default"] = _case(
        optimizer=_off_default(_part.name), learning_rate=_rate, schedule=_off_default("cosine")
    )
for _part in SCHEDULES:
    CASES[_part.name] = _case(schedule=_off_default(_part.name), learning_rate=0.5)
for _part in NORMALIZATIONS:
    CASES[f"{_part.name}_normalization"] = _case(hidden=_hidden(normalization=_part.name))

CASES |= {
    "momentum": _case(optimizer={"name": "sgd", "momentum": 0.7}),
    "rmsprop_momentum": _case(
        optimizer={"name": "rmsprop", "momentum": 0.5}, learning_rate=0.01
    ),
    "adam_without_memory": _case(
        optimizer={"name": "adam", "beta1": 0.0, "beta2": 0.0, "epsilon": 0.1}, learning_rate=0.01
    ),
    "nadam_without_warm_up": _case(
        optimizer={"name": "nadam", "momentum_decay": 0.0}, learning_rate=0.01
    ),
    "adamw_without_decay": _case(
        optimizer={"name": "adamw", "weight_decay": 0.0}, learning_rate=0.01
    ),
    "no_hidden_layers": _case(hidden=[]),
    "two_kinds_of_leaky_relu": _case(
        hidden=[
            {"units": 5, "activation": {"name": "leaky_relu", "negative_slope": slope}}
            for slope in (0.1, 0.3)
        ]
    ),
    "two_kinds_of_sine": _case(hidden=_hidden(activation="sin") + _hidden(activation="lecun_tanh")),
    "dropout": _case(hidden=_hidden(dropout=0.3), seed=2**53 - 1),
    "residual": _case(
        hidden=[
            {"units": 2, "residual": {"scale": 0.4}}, {"units": 5},
            *_hidden(residual={"scale": -0.7}),
        ]
    ),
    "everything_in_a_layer": _case(
        hidden=[
            {"units": 5, "normalization": "layer"},
            *_hidden(normalization="batch", dropout=0.2, residual={}, activation="silu"),
            {"units": 5, "activation": "gelu", "dropout": 0.5, "residual": {"scale": 0.5}},
        ]
    ),
    "penalties_and_clipping": _case(
        l1=0.01, l2=0.1, clip_value=0.02, clip_norm=0.05, optimizer="adam"
    ),
    "clip_norm": _case(clip_norm=0.1, hidden=_hidden(activation="relu")),
    "batches_of_one": _case(
        hidden=_hidden(normalization="batch"), batch_size=4, learning_rate=0.02
    ),
    "one_batch": _case(batch_size=1000),
    "in_order": _case(shuffle=False),
    "plateau_on_validation": _case(
        data={**PLANE, "validation_fraction": 0.3}, schedule=_off_default("reduce_on_plateau")
    ),
    "target_loss": _case(stop={"target_loss": 0.62}, learning_rate=0.3),
    "patience": _case(
        data={**PLANE, "validation_fraction": 0.3},
        hidden=_hidden(normalization="batch"),
        stop={"patience": 2, "max_epochs": 15},
        learning_rate=1.0,
    ),
    "no_test_set": _case(data={**PLANE, "train_fraction": 1.0}),
    "features_as_they_are": _case(
        data={**PLANE, "standardize": False, "features": ["x1", "x1_x2", "sin_x2"]}
    ),
    "real_data": _case(data="iris", optimizer="adam", batch_size=32, learning_rate=0.01),
    "wide": _case(hidden=[{"units": 70, "activation": "relu"}] * 4, learning_rate=0.01),
    "single_precision": _case(
        dtype="float32", hidden=_hidden(dropout=0.2, normalization="batch", activation="elu"),
        l2=0.01, clip_norm=1.0, optimizer={"name": "sgd", "momentum": 0.9}, learning_rate=0.01,
    ),
    "scaled_start": _case(
        hidden=_hidden(initializer={"name": "scaled_normal", "weight_scale": 2, "bias_scale": 1})
    ),
}  # fmt: skip


def experiment(name: str) -> Experiment:
    """The case called `name`."""
    return Experiment.parse(CASES[name])


_LONG_NUMBER = re.compile(r"-?\d+\.\d{9,}(?:e[-+]?\d+)?")


def fingerprint(script: str) -> dict[str, NDArray[Any]]:
    """`digest` of a script's text without its long numbers (examples, first weights), and their
    `checksum`: how many there are, and a sum that knows their order but not their last digits."""
    numbers = np.array([float(found) for found in _LONG_NUMBER.findall(script)])
    text = _LONG_NUMBER.sub("#", script)
    return {
        "digest": np.frombuffer(hashlib.sha256(" ".join(text.split()).encode()).digest(), np.uint8),
        "checksum": np.array([len(numbers), numbers @ np.cos(np.arange(len(numbers)))]),
    }


def batch_losses(assembly: Assembly, steps: int) -> list[float]:
    """Each step's batch loss, before its update, as the engine has it; stop rules are obeyed."""
    trainer, stopping, losses = assembly.trainer, assembly.stopping(), []
    for _ in range(steps):
        trainer.peek()
        _, y = trainer.batches.batch(trainer.position)
        losses.append(trainer.loss.value(trainer._tapes[y.shape[1]].output.T, y.T))
        trainer.run(1)
        if trainer.position == 0 and stopping.is_set:
            told = [assembly.loss(split) for split in (assembly.dataset.train, assembly.watched)]
            reason = stopping.tell(trainer.epoch, *told)
            if stopping.is_best(trainer.epoch):
                stopping.best = trainer.snapshot()
            if reason is not None:
                break
    if stopping.best is not None and len(losses) < steps:
        trainer.network.parameters[...] = stopping.best["parameters"]
        trainer.network.statistics = np.asarray(stopping.best["statistics"])
    return losses
