"""Cures: ordinary commands, so that each can be sent as it is, live, and taken back with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.experiment.config import Experiment
from playground.telemetry.frames import Cure

CALM_RATE = 0.03
"""Of plain gradient descent: what a network of slopes near 1 stands, if it is not very deep."""


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
    """ReLU with He's initialization, at a rate that such a depth stands."""
    init = fresh(experiment, "he_normal", "he_uniform")
    training, depth = experiment.training, len(experiment.network.hidden)
    calm = min(CALM_RATE, 0.3 / depth)
    lower = training.optimizer.name == "sgd" and training.learning_rate > calm  # type: ignore[attr-defined]
    return hidden(
        "ReLU with He initialization",
        experiment,
        lambda _: {"activation": "relu", "initializer": init},
        {"learning_rate": float(f"{calm:.2g}")} if lower else None,
        reset=reset,
    )


def redraw(experiment: Experiment, *, slower: bool = False, reset: bool = False) -> Cure:
    """The initialization that fits the activations there are, He's for those of ReLU's kind;
    `slower`: at a tenth of the rate, where it was the rate that spoiled the weights."""
    names = {layer.activation.name for layer in experiment.network.hidden}  # type: ignore[attr-defined]
    if names <= {"relu", "leaky_relu", "elu", "gelu", "silu", "mish", "softplus"}:
        init, title = fresh(experiment, "he_normal", "he_uniform"), "He initialization"
    else:
        init, title = fresh(experiment, "glorot_uniform", "glorot_normal"), "Glorot initialization"
    training = None
    if slower:
        new = lower_rate(experiment)
        training, title = {"learning_rate": new}, f"{title}, learning rate {new:g}"
    return hidden(title, experiment, lambda _: {"initializer": init}, training, reset=reset)


def tell_apart(experiment: Experiment) -> Cure:
    """Random weights in the hidden layers, and in the output layer where it has none."""
    cure = redraw(experiment)
    if experiment.network.output.initializer.name in ("zeros", "constant"):  # type: ignore[attr-defined]
        patch = cure["commands"][0]["patch"]
        patch["network"]["output"] = {"initializer": "glorot_uniform"}
    return cure


def fresh(experiment: Experiment, first: str, second: str) -> str:
    """`first`, or `second` where a layer already has it: only a changed initializer redraws."""
    used = {layer.initializer.name for layer in experiment.network.hidden}  # type: ignore[attr-defined]
    return second if first in used else first


def normalize(experiment: Experiment) -> Cure:
    """Batch normalization in every hidden layer. With new weights: normalization alone would begin
    by undoing itself, so that the network answers as before."""
    init = fresh(experiment, "he_normal", "he_uniform")
    return hidden(
        "Batch normalization, new weights",
        experiment,
        lambda _: {"normalization": "batch", "initializer": init},
    )


def bypass(experiment: Experiment) -> Cure | None:
    """Residual connections around every layer that is as wide as the one below it; scaled with the
    depth, as branches of full size add up to an explosion."""
    layers = experiment.dump()["network"]["hidden"]
    scale = float(f"{len(layers) ** -0.5:.2g}")
    changed = [
        {**layer, "residual": {"scale": scale}}
        if k and layer["units"] == layers[k - 1]["units"]
        else layer
        for k, layer in enumerate(layers)
    ]
    if changed == layers:
        return None
    return edit("Residual connections", {"network": {"hidden": changed}})


def rate(experiment: Experiment, factor: float) -> Cure:
    """The learning rate times `factor`."""
    return rate_of(float(f"{experiment.training.learning_rate * factor:.2g}"))


def rate_of(new: float, *, reset: bool = False) -> Cure:
    """Another learning rate; `reset`: from the first weights again."""
    label = f"Start again at learning rate {new:g}" if reset else f"Learning rate {new:g}"
    return edit(label, {"training": {"learning_rate": new}}, reset=reset)


def lower_rate(experiment: Experiment) -> float:
    """A tenth of the rate, and no more than is calm."""
    return float(f"{min(experiment.training.learning_rate / 10, CALM_RATE):.2g}")


def clip(*, reset: bool = False) -> Cure:
    """The gradient's length bounded."""
    return edit("Clip the gradient at norm 1", {"training": {"clip_norm": 1.0}}, reset=reset)


def adam() -> Cure:
    """Another optimizer, at a rate that suits it."""
    return edit("Adam", {"training": {"optimizer": {"name": "adam"}, "learning_rate": 0.01}})
