"""Diagnoses of how signals and gradients pass the layers."""

from __future__ import annotations

import numpy as np

from playground.lab.coach import cures
from playground.lab.coach.registry import Observation, diagnosis
from playground.lab.coach.vitals import Vitals
from playground.lab.prediction import slope_towards_input
from playground.telemetry.frames import Cure

STARVED_DECADES = 1.5
FLOODED_DECADES = 1.0
SATURATED_MOST = 0.5
DEAD_MOST = 0.3
WRECKED = 10.0
"""A loss so many times that of the best constant answer: the weights are beyond saving."""


@diagnosis(
    "symmetric",
    "The units of a layer are copies of one another",
    why="Units with the same weights get the same gradient, so they stay the same for ever.",
    formula="w₁ = w₂ ⇒ ∂loss/∂w₁ = ∂loss/∂w₂",
    hides=("vanishing", "dead_units", "plateau", "learning_rate_low", "learning_rate_high"),
)
def symmetric(v: Vitals) -> Observation | None:
    """Weights in and out are the same for all units of a layer."""
    if not v.alike:
        return None
    cure = cures.tell_apart(v.experiment)
    return Observation(
        "error",
        f"{_layers(v.alike)}: all units have the same weights; the layer is as good as one unit.",
        [cure],
        v.alike,
        certain=True,
    )


@diagnosis(
    "dead_units",
    "Dead units",
    why="A unit whose slope is 0 on every example passes no gradient on, and gets none to wake it.",
    formula="φ′(z) = 0 ⇒ delta = 0 ⇒ ∂loss/∂w = 0",
    hides=("saturation", "plateau", "learning_rate_low"),
)
def dead_units(v: Vitals) -> Observation | None:
    """Many more than in the untrained network, or a whole layer."""
    rows = slice(0, v.hidden)
    dead, excess = v.dead_share[rows], (v.dead_share - v.untrained_dead_share)[rows]
    whole = tuple(int(k) + 1 for k in np.flatnonzero(dead >= 1))
    is_early = v.age < 100 or v.left < 0.3
    many = tuple(int(k) + 1 for k in np.flatnonzero(excess >= DEAD_MOST))
    if not whole and (not many or is_early):
        return None
    layers = whole or many
    worst = layers[int(np.argmax(dead[[k - 1 for k in layers]]))] - 1
    found = [_leak(v)] if "relu" in _kinds(v) else []
    was_killed = v.untrained_dead_share[worst] < DEAD_MOST
    return Observation(
        "error" if whole else "warning",
        f"Layer {worst + 1}: {100 * dead[worst]:.0f} % of the units respond to no example; "
        f"untrained it was {100 * v.untrained_dead_share[worst]:.0f} %.",
        [cures.redraw(v.experiment, slower=was_killed, reset=v.left > WRECKED), *found],
        layers,
    )


@diagnosis(
    "saturation",
    "Saturated units",
    why="At the flat ends of its activation a unit hardly passes any gradient on.",
    formula="delta = da · φ′(z), with φ′(z) near 0",
    hides=("vanishing", "plateau", "learning_rate_low"),
)
def saturation(v: Vitals) -> Observation | None:
    """Most examples lie on the flat ends, and the network is not getting on."""
    share = np.nan_to_num(v.saturated_share[: v.hidden])
    layers = tuple(int(k) + 1 for k in np.flatnonzero(share > SATURATED_MOST))
    if not layers or v.left < 0.5 or v.age < 100 or v.fell(0.5) > 0.05:
        return None
    worst = int(np.argmax(share))
    untrained = np.nan_to_num(v.untrained_saturated_share)[worst]
    return Observation(
        "warning",
        f"Layer {worst + 1}: {100 * share[worst]:.0f} % of its answers lie on the flat ends of "
        f"{_name(v, worst)}; untrained it was {100 * untrained:.0f} %.",
        [
            cures.redraw(v.experiment, slower=untrained < SATURATED_MOST, reset=v.left > WRECKED),
            cures.normalize(v.experiment),
        ],
        layers,
    )


@diagnosis(
    "vanishing",
    "The gradient vanishes",
    why="Each layer multiplies what comes back by its weights and slopes; below 1 on average, "
    "little is left for the first layers.",
    formula="‖delta‖ ∝ χ^(1/2) a layer, χ = σ_w²·E φ′(z)² < 1",
    hides=("dead_units", "plateau", "learning_rate_low"),
)
def vanishing(v: Vitals) -> Observation | None:
    """‖delta‖ falls by decades towards the input, and nothing is learned."""
    log_delta = v.log_delta
    if v.hidden < 3 or v.left < 0.9 or v.age < 50 or not np.isfinite(log_delta).all():
        return None
    drop, slope = log_delta[0] - log_delta[-1], slope_towards_input(log_delta)
    if drop > -STARVED_DECADES or (slope is not None and slope > -0.1):
        return None
    if drop > -4 and (v.age < 200 or v.fell(0.5) > 0.02):
        return None
    first, last = 10 ** log_delta[0], 10 ** log_delta[-1]
    told = f", {slope:+.2f} decades a layer".replace("-", "−") if slope is not None else ""
    found: list[Cure | None] = [cures.rectify(v.experiment), cures.normalize(v.experiment)]
    if "sigmoid" not in _kinds(v):  # whose branches pass on less than a quarter of what is added
        found.append(cures.bypass(v.experiment))
    return Observation(
        "error" if drop < -4 else "warning",
        f"‖delta‖ is {_number(last)} at layer {v.hidden} and {_number(first)} at layer 1{told}; "
        f"the loss is {v.loss:.3g}, and the best constant answer has {v.data.chance_loss:.3g}.",
        [cure for cure in found if cure],
        (1,),
    )


@diagnosis(
    "exploding",
    "The gradient explodes",
    why="Each layer multiplies what comes back by its weights and slopes; above 1 on average, the "
    "first layers are torn about.",
    formula="‖delta‖ ∝ χ^(1/2) a layer, χ = σ_w²·E φ′(z)² > 1",
    hides=("learning_rate_high", "dead_units", "plateau"),
)
def exploding(v: Vitals) -> Observation | None:
    """‖delta‖ grows towards the input, or all of it is huge, and the network is worse for it."""
    if v.hidden < 3 or not len(v.delta_norm):
        return None
    early = v.delta_norm[0, : v.hidden]
    log_delta = v.log_delta
    if not np.isfinite(log_delta).all():
        with np.errstate(all="ignore"):
            log_delta = np.log10(early)
    if not np.isfinite(log_delta).all():
        return None
    rise, slope = log_delta[0] - log_delta[-1], slope_towards_input(log_delta) or 0.0
    is_torn = v.diverged is not None or v.left > 2 or np.nanmax(v.typical_ratio, initial=0) > 0.3
    is_bound = v.experiment.training.clip_norm is not None and v.left < 2
    if rise < FLOODED_DECADES or slope < 0.04 or not is_torn or is_bound:
        return None
    anew = v.diverged is not None or v.left > WRECKED
    return Observation(
        "error" if v.diverged else "warning",
        f"‖delta‖ is {_number(10 ** log_delta[-1])} at layer {v.hidden} and "
        f"{_number(10 ** log_delta[0])} at layer 1, {slope:+.2f} decades a layer.",
        [cures.redraw(v.experiment, reset=anew), cures.clip(reset=anew)],
        (1,),
        certain=v.diverged is not None,
    )


def _leak(v: Vitals) -> Cure:
    def change(layer: dict[str, object]) -> dict[str, object]:
        return {"activation": "leaky_relu"} if layer["activation"] == "relu" else {}

    return cures.hidden("Leaky ReLU", v.experiment, change)


def _kinds(v: Vitals) -> set[str]:
    return {layer.activation.name for layer in v.experiment.network.hidden}  # type: ignore[attr-defined]


def _name(v: Vitals, k: int) -> str:
    return str(v.experiment.network.hidden[k].activation.name)  # type: ignore[attr-defined]


def _layers(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"Layer {numbers[0]}"
    return f"Layers {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _number(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")
