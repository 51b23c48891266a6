"""What a scenario is: scenes with commands, steps to train, and expectations a machine can check.

An expectation is about a number that any frame shows or that follows from its arrays (see METRICS),
so that the tests check it through the engine and a page while it shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from playground.experiment.config import Experiment

Command = dict[str, Any]
Arrays = Mapping[str, npt.NDArray[Any]]
Instrument = Literal["gradients", "loss", "surface", "network", "ratio", "units"]

METRICS: dict[str, str] = {
    "training_loss": "training loss",
    "test_loss": "test loss",
    "gap": "test loss less training loss",
    "drop": "log₁₀ of ‖delta‖ at layer 1 over the last hidden layer",
    "slope": "decades of ‖delta‖ a layer towards the input",
    "diverged": "1 where training has diverged",
    "dead": "largest dead share of a hidden layer",
    "alike": "1 where all units of layer 1 have the same weights",
    "applied": "norm of the whole weight gradient as applied",
}


@dataclass(frozen=True)
class Expectation:
    """`metric` lies between `low` and `high` when the scene's steps are taken."""

    metric: str
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise ValueError(f"no metric is called {self.metric!r}")

    def holds(self, value: float | None) -> bool:
        """A number that is not there, or not finite, holds no expectation."""
        if value is None or not np.isfinite(value):
            return False
        low = -inf if self.low is None else self.low
        return low <= value <= (inf if self.high is None else self.high)

    @property
    def text(self) -> str:
        """As a person would say it."""
        name, low, high = METRICS[self.metric], _number(self.low), _number(self.high)
        if self.low == self.high:
            return f"{name}: {low}"
        if self.high is None:
            return f"{name} above {low}"
        if self.low is None:
            return f"{name} below {high}"
        return f"{name} between {low} and {high}"


@dataclass(frozen=True)
class Scene:
    """`commands` are sent, then `steps` are trained; `text` says what to watch, `outcome` what is
    then seen."""

    text: str
    outcome: str
    steps: int
    expect: tuple[Expectation, ...]
    watch: Instrument = "gradients"
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A demonstration that works on every seed; `seed` is that of the audience."""

    id: str
    title: str
    lesson: str
    experiment: dict[str, Any]
    scenes: tuple[Scene, ...]
    topic: str
    seed: int = 0

    def told(self) -> dict[str, Any]:
        """All of it as JSON, the experiment complete."""
        given = {**self.experiment, "seed": self.seed}
        scenes = [
            {
                **asdict(scene),
                "expect": [{**asdict(e), "text": e.text} for e in scene.expect],
            }
            for scene in self.scenes
        ]
        return {
            "id": self.id,
            "title": self.title,
            "topic": self.topic,
            "lesson": self.lesson,
            "experiment": Experiment.parse(given).dump(),
            "scenes": scenes,
        }


@dataclass(frozen=True)
class Scenarios:
    """All of them, in the order in which they are told."""

    parts: dict[str, Scenario] = field(default_factory=dict)

    def add(self, scenario: Scenario) -> None:
        if scenario.id in self.parts:
            raise ValueError(f"the scenario {scenario.id!r} is there twice")
        self.parts[scenario.id] = scenario


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace("-", "−")


def measured(header: Mapping[str, Any], arrays: Arrays) -> dict[str, float | None]:
    """Every metric of one frame; None where the frame has no such number."""
    delta = np.asarray(arrays["delta_norm"], np.float64)
    with np.errstate(all="ignore"):
        drop = float(np.log10(delta[0] / delta[-2])) if len(delta) > 2 else None
        applied = float(np.sqrt((arrays["weight_gradient_norm_clipped"] ** 2).sum()))
    training, test = header["training_loss"], header["test_loss"]
    return {
        "training_loss": training,
        "test_loss": test,
        "gap": None if training is None or test is None else test - training,
        "drop": drop,
        "slope": header["lab"]["theory"]["measured_slope"],
        "diverged": float(header["run_state"] == "diverged"),
        "dead": float(np.max(arrays["dead_share"][:-1], initial=0.0)),
        "alike": _alike(header, arrays),
        "applied": applied,
    }


def _alike(header: Mapping[str, Any], arrays: Arrays) -> float | None:
    if "weights" not in arrays:
        return None
    inputs, units = len(header["network"]["inputs"]), header["network"]["layers"][0]["units"]
    w = np.asarray(arrays["weights"][: inputs * units]).reshape(inputs, units)
    return float(np.allclose(w, w[:, :1], rtol=1e-6, atol=1e-12))


def edit(**patch: Any) -> Command:
    """A change of any settings."""
    return {"name": "edit", "patch": patch}


def compare(**variant: Any) -> Command:
    """Train beside the run what differs from it by a patch on `hidden` layers or on `training`."""
    return {"name": "compare", "variants": [variant]}


RESET: Command = {"name": "reset", "keep_seed": True}


def stack(depth: int, units: int, activation: str, init: Any, **more: Any) -> list[dict[str, Any]]:
    """So many hidden layers, all alike."""
    own = {"units": units, "activation": activation, "initializer": init, **more}
    return [own] * depth


def scaled(weight_scale: float) -> dict[str, Any]:
    """Weights N(0, weight_scale²/fan_in)."""
    return {"name": "scaled_normal", "weight_scale": weight_scale}


def expect(metric: str, low: float | None = None, high: float | None = None) -> Expectation:
    """`metric` between `low` and `high`, where they are given."""
    return Expectation(metric, low, high)
