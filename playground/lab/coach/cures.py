"""Cures: ordinary commands, so that each can be sent as it is, live, and taken back with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.experiment.config import Experiment
from playground.telemetry.frames import Cure

_RATE_MOST = 0.03
"""Of plain gradient descent: what a network of slopes near 1 stands."""


def edit(label: str, patch: dict[str, Any], *, reset: bool = False) -> Cure:
    """One edit; `reset` begins anew with it, for a run whose weights are beyond saving."""
    commands: list[dict[str, Any]] = [{"name": "edit", "patch": patch}]
    return {"label": label, "commands": [*commands, {"name": "reset"}] if reset else commands}


def hidden(
    label: str,
    experiment: Experiment,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    training: dict[str, Any] | None = None,
    *,
    reset: bool = False,
) -> Cure:
    """Each hidden layer changed alike, and maybe the training with it: one edit."""
    layers = [{**layer, **change(layer)} for layer in experiment.dump()["network"]["hidden"]]
    patch: dict[str, Any] = {"network": {"hidden": layers}}
    if training:
        patch["training"] = training
    return edit(label, patch, reset=reset)


def rectify(experiment: Experiment, *, reset: bool = False) -> Cure:
    """ReLU with He's initialization, at a rate that it stands."""
    init = fresh(experiment, "he_normal", "he_uniform")
    training = experiment.training
    lower = training.optimizer.name == "sgd" and training.learning_rate > _RATE_MOST  # type: ignore[attr-defined]
    return hidden(
        "ReLU with He initialization",
        experiment,
        lambda _: {"activation": "relu", "initializer": init},
        {"learning_rate": _RATE_MOST} if lower else None,
        reset=reset,
    )


def redraw(experiment: Experiment, *, reset: bool = False) -> Cure:
    """The initialization that fits the activations there are: He's for those of ReLU's kind."""
    names = {layer.activation.name for layer in experiment.network.hidden}  # type: ignore[attr-defined]
    if names <= {"relu", "leaky_relu", "elu", "gelu", "silu", "mish", "softplus"}:
        init, title = fresh(experiment, "he_normal", "he_uniform"), "He initialization"
    else:
        init, title = fresh(experiment, "glorot_uniform", "glorot_normal"), "Glorot initialization"
    return hidden(title, experiment, lambda _: {"initializer": init}, reset=reset)


def fresh(experiment: Experiment, first: str, second: str) -> str:
    """`first`, or `second` where a layer already has it: only a changed initializer redraws."""
    used = {layer.initializer.name for layer in experiment.network.hidden}  # type: ignore[attr-defined]
    return second if first in used else first


def normalize(experiment: Experiment) -> Cure:
    """Batch normalization in every hidden layer."""
    return hidden("Batch normalization", experiment, lambda _: {"normalization": "batch"})


def bypass(experiment: Experiment) -> Cure | None:
    """Residual connections around every layer that is as wide as the one below it."""
    layers = experiment.dump()["network"]["hidden"]
    changed = [
        {**layer, "residual": {"scale": 1.0}}
        if k and layer["units"] == layers[k - 1]["units"]
        else layer
        for k, layer in enumerate(layers)
    ]
    if changed == layers:
        return None
    return edit("Residual connections", {"network": {"hidden": changed}})


def rate(experiment: Experiment, factor: float, *, reset: bool = False) -> Cure:
    """The learning rate times `factor`, to two digits."""
    new = float(f"{experiment.training.learning_rate * factor:.2g}")
    return edit(f"Learning rate {new:g}", {"training": {"learning_rate": new}}, reset=reset)


def clip(*, reset: bool = False) -> Cure:
    """The gradient's length bounded."""
    return edit("Clip the gradient at norm 1", {"training": {"clip_norm": 1.0}}, reset=reset)


def adam() -> Cure:
    """Another optimizer, at a rate that suits it."""
    return edit("Adam", {"training": {"optimizer": {"name": "adam"}, "learning_rate": 0.01}})
