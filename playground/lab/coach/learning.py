"""Diagnoses of learning itself: rates, loss, data."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.base.arrays import Array
from playground.lab.coach import cures
from playground.lab.coach.registry import Observation, diagnosis
from playground.lab.coach.vitals import Vitals
from playground.telemetry.frames import Cure

RULE_OF_THUMB = 1e-3
"""update ÷ weight of a layer: about where it is well."""
RATIO_MOST, RATIO_LEAST = 0.01, 3e-5
_RANGES = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "sin": (-1.0, 1.0),
    "lecun_tanh": (-1.7159, 1.7159),
    "relu": (0.0, np.inf),
    "softplus": (0.0, np.inf),
}


@diagnosis(
    "divergence",
    "Training has diverged",
    why="An update overshot, the next one more, until a number was too large for the machine.",
    formula="a step of more than 2/λ_max climbs out of the valley",
    hides=("learning_rate_high", "plateau", "vanishing", "dead_units"),
)
def divergence(v: Vitals) -> Observation | None:
    """A value that is not finite ended the run."""
    if v.diverged is None:
        return None
    broke = v.diverged
    wide = (
        f" The targets reach to {v.data.target_high:.3g}." if v.data.target_deviation > 20 else ""
    )
    lower = cures.lower_rate(v.experiment)
    found = [cures.rate_of(lower, reset=True), cures.rate_of(lower / 10, reset=True)]
    found.append(cures.clip(reset=True))
    if v.hidden:
        found.append(cures.redraw(v.experiment, reset=True))
    return Observation(
        "error",
        f"At step {broke['step']:,} {broke['what']} of layer {broke['layer']} was the first value "
        f"that is not finite; the learning rate was {v.learning_rate:g}.{wide}",
        found,
        (broke["layer"],),
        certain=True,
    )


@diagnosis(
    "output_misfit",
    "The output can't reach the targets",
    why="Beyond the range of the output's activation there is only a slope that pushes for ever.",
    formula="φ(z) ∈ (low, high), and the target is not",
    hides=("plateau", "saturation", "dead_units", "vanishing", "learning_rate_high"),
)
def output_misfit(v: Vitals) -> Observation | None:
    """Targets lie outside the range of the output layer's activation."""
    name = v.experiment.network.output.activation.name  # type: ignore[attr-defined]
    low, high = _RANGES.get(name, (-np.inf, np.inf))
    slack = 0.02
    if v.data.target_low >= low - slack and v.data.target_high <= high + slack:
        return None
    return Observation(
        "error",
        f"The output is {name}, which stays between {low:g} and {high:g}; the targets lie between "
        f"{v.data.target_low:.3g} and {v.data.target_high:.3g}.",
        [cures.edit("Linear output", {"network": {"output": {"activation": "linear"}}})],
        (v.hidden + 1,),
        certain=True,
    )


@diagnosis(
    "unscaled_inputs",
    "The inputs are of very different sizes",
    why="The loss is steep along large inputs and flat along small ones; no one learning rate fits "
    "both.",
    formula="∂loss/∂w = Σ x·delta: as large as x",
    hides=("saturation", "dead_units"),
)
def unscaled_inputs(v: Vitals) -> Observation | None:
    """Not standardized, and far from mean 0 and variance 1."""
    if v.experiment.data.standardize:
        return None
    size, mean = v.data.input_deviation, np.abs(v.data.input_mean)
    sizes = size[size > 0]
    if not len(sizes):
        return None
    widest, narrowest = float(sizes.max()), float(sizes.min())
    shifted = float((mean / np.maximum(size, 1e-12))[size > 0].max())
    if widest <= 8 and narrowest >= 0.1 and widest / narrowest <= 10 and shifted <= 3:
        return None
    return Observation(
        "warning",
        f"The inputs' standard deviations go from {narrowest:.2g} to {widest:.2g}, and a mean is "
        f"{shifted:.1f} deviations from 0.",
        [cures.edit("Standardize the inputs", {"data": {"standardize": True}})],
        certain=True,
    )


@diagnosis(
    "learning_rate_high",
    "The learning rate is too high",
    why="Each update overshoots the valley that it aims at, and the loss is thrown up again.",
    formula="stable below 2/λ_max (with momentum β: (2 + 2β)/λ_max, with Nesterov's that over "
    "1 + 2β); update ÷ weight about 10⁻³",
    hides=("plateau", "overfitting", "saturation", "dead_units"),
)
def learning_rate_high(v: Vitals) -> Observation | None:
    """Large updates, and a loss that jumps about or is worse than knowing nothing."""
    window = v.recent(v.training_loss, 1 / 3)
    before = v.recent(v.training_loss, 2 / 3)[: -len(window) or None]
    ratio = float(np.nanmax(v.typical_ratio, initial=0.0))
    if v.age < 100 or len(window) < 4 or len(before) < 4 or ratio < RATIO_MOST:
        return None
    chance = v.data.chance_loss
    jumps = float(np.abs(np.diff(window)).mean())
    is_worse = float(np.median(window)) > 1.2 * chance and jumps > 0.01 * float(window.mean())
    is_jumping = jumps > 0.2 * float(window.mean()) and float(window.mean()) > 0.2 * chance
    gets_on = float(window.mean()) < 0.9 * float(before.mean())
    if gets_on or not (is_worse or is_jumping):
        return None
    return Observation(
        "warning",
        f"An update moves a layer's weights by {100 * ratio:.2g} %, and the loss swings between "
        f"{window.min():.3g} and {window.max():.3g} without falling.{_limit(v)}",
        [
            cures.rate(v.experiment, 0.1),
            cures.rate_of(cures.lower_rate(v.experiment), reset=True),
            *_calmer(v),
        ],
    )


@diagnosis(
    "learning_rate_low",
    "The learning rate is too low",
    why="The gradient arrives, but each update is a tiny share of the weights it should change.",
    formula="‖Δw‖/‖w‖, about 10⁻³ where it is well",
    hides=("plateau",),
)
def learning_rate_low(v: Vitals) -> Observation | None:
    """Tiny updates in every layer, and a loss that hardly moves."""
    ratio = float(np.nanmax(v.typical_ratio, initial=0.0))
    if v.age < 200 or v.left < 0.5 or not 0 < ratio < RATIO_LEAST or v.fell(0.5) > 0.03:
        return None
    return Observation(
        "warning",
        f"The largest update moves a layer's weights by {ratio:.1g} of their size, and the loss "
        f"is still {v.loss:.3g} after {v.step:,} steps.",
        [cures.rate(v.experiment, RULE_OF_THUMB / ratio), cures.adam()],
    )


@diagnosis(
    "overfitting",
    "The network learns its examples by heart",
    why="It has more freedom than the examples can pin down, and bends around their noise.",
    formula="training loss falls while the test loss rises",
)
def overfitting(v: Vitals) -> Observation | None:
    """The loss on unseen examples has clearly risen from its best, while the training loss fell."""
    for name, curve in (("validation", v.validation_loss), ("test", v.test_loss)):
        if len(curve) and np.isfinite(curve[-1]):
            return _risen(v, name, curve)
    return None


def _risen(v: Vitals, name: str, curve: Array) -> Observation | None:
    if len(curve) < 12:
        return None
    at = int(np.nanargmin(curve))
    recent = float(np.median(v.recent(curve, 0.1)[-9:]))
    best = float(curve[at])
    is_late = v.curve_step[at] > v.since + 0.8 * v.age
    is_risen = recent > 1.3 * best and recent - best > 0.1 * v.data.chance_loss
    has_fallen = v.loss < 0.6 * recent and v.loss < float(v.training_loss[at])
    if is_late or not (is_risen and has_fallen):
        return None
    return Observation(
        "warning",
        f"The {name} loss was {best:.3g} at step {v.curve_step[at]:,.0f} and is {curve[-1]:.3g} "
        f"now; the training loss is {v.loss:.3g}, on {v.data.examples} examples.",
        [
            cures.edit("L2 penalty", {"training": {"l2": max(3 * v.experiment.training.l2, 0.03)}}),
            *_looser(v),
            *_stopped(v),
        ],
    )


@diagnosis(
    "plateau",
    "The loss stands still",
    why="Around a saddle, or where the network can't bend further, the gradient is small in every "
    "direction that is tried.",
    formula="∇loss ≈ 0, and the loss is high",
)
def plateau(v: Vitals) -> Observation | None:
    """Nothing was gained for long, much is left to learn, and nothing else explains it."""
    if v.age < 1000 or v.epoch < 20 or v.left < 0.7 or v.fell(0.5) > 0.01:
        return None
    found: list[Cure] = []
    names = {layer.activation.name for layer in v.experiment.network.hidden}  # type: ignore[attr-defined]
    if names == {"linear"}:
        found.append(cures.hidden("tanh units", v.experiment, lambda _: {"activation": "tanh"}))
    elif v.hidden:
        wider = cures.hidden(
            "More units", v.experiment, lambda h: {"units": min(max(2 * h["units"], 16), 512)}
        )
        found += [wider, *([cures.adam()] if _optimizer(v) == "sgd" else [])]
        found += [{"label": "New weights", "commands": [{"name": "reset", "keep_seed": False}]}]
    else:
        found.append(
            {
                "label": "A hidden layer of 8 units",
                "commands": [{"name": "add_layer", "at": 0, "units": 8, "activation": "tanh"}],
            }
        )
    return Observation(
        "warning",
        f"Over the last {v.age // 2:,} steps the loss has stayed at {v.loss:.3g}; the best "
        f"constant answer has {v.data.chance_loss:.3g}.",
        found,
    )


def _limit(v: Vitals) -> str:
    limit = v.stable_rate() if _optimizer(v) == "sgd" else None
    if limit is None or v.learning_rate <= limit:
        return ""
    return f" The rate is {v.learning_rate:g}; stable here is what lies below {limit:.2g}."


def _calmer(v: Vitals) -> list[Cure]:
    size = v.experiment.training.batch_size
    if size * 4 > v.data.examples:
        return []
    return [cures.edit(f"Batches of {4 * size}", {"training": {"batch_size": 4 * size}})]


def _looser(v: Vitals) -> list[Cure]:
    if not v.hidden:
        return []
    return [cures.hidden("Dropout 0.5", v.experiment, lambda _: {"dropout": 0.5})]


def _stopped(v: Vitals) -> list[Cure]:
    """Early stopping wants a validation set, and weights that have not seen it."""
    data = v.experiment.data
    patch: dict[str, Any] = {"training": {"stop": {"patience": 20}}}
    if not data.validation_fraction:
        share = min(0.2, round(1 - data.train_fraction, 2))
        if share < 0.05:
            return []
        patch["data"] = {"validation_fraction": share}
    return [cures.edit("Stop early", patch, reset=True)]


def _optimizer(v: Vitals) -> str:
    return str(v.experiment.training.optimizer.name)  # type: ignore[attr-defined]
