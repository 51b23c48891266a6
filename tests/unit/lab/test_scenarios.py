"""Every scenario reaches its stated outcomes, on ten seeds of ten."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.experiment.config import Experiment
from playground.lab.scenarios.library import SCENARIOS
from playground.lab.scenarios.script import METRICS, Expectation, Scenario, measured
from playground.runtime.run import Run
from playground.wire.commands import apply, parse_command

SEEDS = range(10)
NAMED = {
    "sigmoid-vanishes", "tanh-phases", "relu-initializations", "exploding-and-clipping",
    "dead-relus", "zero-initialization", "orthogonal-start", "residual-cure",
    "batch-normalization", "learning-rate", "momentum", "xor-saddle", "overfitting",
    "universal-approximation", "mazur",
}  # fmt: skip


def shown(scenario: Scenario, seed: int) -> list[tuple[str, str, float | None]]:
    """What did not come out: the scene, the expectation, the value."""
    experiment = Experiment.parse({**scenario.told()["experiment"], "seed": seed})
    run = Run(experiment, speed=None)
    wrong = []
    for seq, scene in enumerate(scenario.scenes):
        for command in scene.commands:
            run.handle(parse_command(command))
        if scene.steps:
            run.handle(parse_command({"name": "step", "count": scene.steps}))
        while run.state == "running":
            run.advance(0.05, measured=False)
        found = measured(*run.frame(seq, 0, seq))
        wrong += [
            (scene.text, expected.text, found[expected.metric])
            for expected in scene.expect
            if not expected.holds(found[expected.metric])
        ]
    return wrong


@pytest.mark.parametrize("name", SCENARIOS.parts)
def test_a_scenario_comes_out_on_ten_seeds_of_ten(name: str) -> None:
    wrong = {seed: found for seed in SEEDS if (found := shown(SCENARIOS.parts[name], seed))}
    assert wrong == {}


def test_the_library_holds_what_a_lecture_needs() -> None:
    assert set(SCENARIOS.parts) >= NAMED


@pytest.mark.parametrize("name", SCENARIOS.parts)
def test_a_scenario_can_be_told_and_every_command_of_it_sent(name: str) -> None:
    told: dict[str, Any] = json.loads(json.dumps(SCENARIOS.parts[name].told()))
    experiment = Experiment.parse(told["experiment"])
    for scene in told["scenes"]:
        assert scene["text"]
        assert scene["outcome"]
        assert scene["expect"]
        assert {e["metric"] for e in scene["expect"]} <= set(METRICS)
        for command in scene["commands"]:
            experiment, _ = apply(parse_command(command), experiment)


def test_an_expectation_is_held_by_numbers_within_its_bounds_only() -> None:
    between = Expectation("slope", -0.2, 0.1)
    assert [between.holds(v) for v in (-0.2, 0.0, 0.1)] == [True] * 3
    assert [between.holds(v) for v in (-0.21, 0.11, None, float("nan"))] == [False] * 4
    assert Expectation("gap", low=1.0).holds(2.0)
    assert Expectation("training_loss", high=0.1).text == "training loss below 0.1"
    with pytest.raises(ValueError, match="no metric"):
        Expectation("tangent")
