"""The coach: each diagnosis speaks where it must and is silent where it must; cures can be sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from clinic import HEALTHY, SICK, observed
from runs import ask, run_of, train

from playground.engine.curvature import largest_curvature
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.lab.coach.coach import DIAGNOSES, Coach, Vitals, examined
from playground.lab.coach.facts import alike_layers, chance_loss
from playground.lab.coach.vitals import DataFacts
from playground.wire.commands import apply, parse_command

CHANCE = 0.6931


def well(**changed: Any) -> Vitals:
    """A run that has learned well, but for what is `changed`: eight tanh layers, 1,000 steps."""
    hidden = changed.pop("hidden", [{"units": 8, "activation": "tanh"}] * 8)
    training = changed.pop("training", {})
    data = changed.pop("data", {})
    network = changed.pop("network", {"hidden": hidden})
    facts = DataFacts(250, "binary", np.zeros(2), np.ones(2), 0.0, 1.0, 0.5, CHANCE)
    layers = len(network.get("hidden", [1, 1])) + 1
    steps = np.linspace(0, 1000, 60)
    falling = 0.05 + 0.65 * np.exp(-steps / 200)
    vitals = Vitals(
        experiment=Experiment.parse({"network": network, "training": training, "data": data}),
        data=replace(facts, **changed.pop("facts", {})),
        step=1000,
        epoch=40,
        learning_rate=0.03,
        diverged=None,
        curve_step=steps,
        training_loss=falling,
        validation_loss=np.full(60, np.nan),
        test_loss=falling + 0.02,
        delta_norm=np.ones((5, layers)),
        update_ratio=np.full((5, layers), 1e-3),
        saturated_share=np.full(layers, 0.1),
        dead_share=np.zeros(layers),
        untrained_saturated_share=np.full(layers, 0.1),
        untrained_dead_share=np.zeros(layers),
    )
    return replace(vitals, **changed)


def ids(vitals: Vitals) -> set[str]:
    return set(examined(vitals))


STUCK = np.full(60, CHANCE)
JUMPING = CHANCE * (1 + 0.5 * np.cos(np.arange(60) * 2.1))
STARVED = 10 ** np.tile([*np.linspace(-5, -1, 8), 0.0], (5, 1))
FLOODED = STARVED[:, [7, 6, 5, 4, 3, 2, 1, 0, 8]]
BROKEN = {"step": 7, "layer": 3, "what": "delta"}
EIGHT = np.arange(9) == 4


def test_a_healthy_run_is_left_alone() -> None:
    assert ids(well()) == set()


MUST: list[tuple[str, dict[str, Any]]] = [
    ("vanishing", {"training_loss": STUCK, "delta_norm": STARVED}),
    ("exploding", {"training_loss": 5 * STUCK, "delta_norm": FLOODED}),
    ("saturation", {"training_loss": STUCK, "saturated_share": np.full(9, 0.9)}),
    ("dead_units", {"training_loss": 0.5 * STUCK, "dead_share": 0.5 * EIGHT}),
    ("dead_units", {"dead_share": 1.0 * EIGHT}),
    ("divergence", {"diverged": BROKEN}),
    ("learning_rate_high", {"training_loss": JUMPING, "update_ratio": np.full((5, 9), 0.2)}),
    ("learning_rate_low", {"training_loss": STUCK, "update_ratio": np.full((5, 9), 1e-6)}),
    ("symmetric", {"alike": (1,)}),
    ("plateau", {"training_loss": STUCK}),
    ("overfitting", {"test_loss": np.linspace(0.3, 0.9, 60)}),
    (
        "unscaled_inputs",
        {
            "data": {"standardize": False},
            "facts": {"input_deviation": np.array([0.1, 30.0])},
        },
    ),
    (
        "output_misfit",
        {
            "network": {"output": {"activation": "sigmoid"}},
            "data": {"name": "plane"},
            "facts": {"task": "regression", "target_low": -5.0, "target_high": 5.0},
        },
    ),
]


@pytest.mark.parametrize(("name", "changed"), MUST, ids=lambda v: v if isinstance(v, str) else "")
def test_a_diagnosis_speaks_where_it_must(name: str, changed: dict[str, Any]) -> None:
    assert ids(well(**changed)) == {name}


def test_the_loss_of_now_is_the_last_one_measured() -> None:
    noisy = np.linspace(0.3, 0.9, 60) + 0.1 * np.cos(np.arange(60) * 2.1)
    text = examined(well(test_loss=noisy))["overfitting"].seen
    assert f"is {noisy[-1]:.3g} now" in text


def test_every_diagnosis_is_seen_to_speak() -> None:
    assert {name for name, _ in MUST} == set(DIAGNOSES)


MUST_NOT: list[tuple[str, str, dict[str, Any]]] = [
    ("vanishing", "while it learns", {"delta_norm": STARVED}),
    ("vanishing", "where the deltas are even", {"training_loss": STUCK}),
    ("vanishing", "at the very start", {
        "training_loss": STUCK, "delta_norm": STARVED, "since": 990,
    }),
    ("exploding", "while it learns", {"delta_norm": FLOODED}),
    ("exploding", "when clipped and learning", {
        "delta_norm": FLOODED, "training": {"clip_norm": 1.0},
        "update_ratio": np.full((5, 9), 0.5),
    }),
    ("saturation", "when the loss is low", {"saturated_share": np.full(9, 0.9)}),
    ("dead_units", "when untrained it was the same", {
        "training_loss": 0.6 * STUCK, "dead_share": 0.5 * EIGHT,
        "untrained_dead_share": 0.45 * EIGHT,
    }),
    ("learning_rate_high", "for large updates of a falling loss", {
        "update_ratio": np.full((5, 9), 0.2),
    }),
    ("learning_rate_high", "for a noisy loss of small updates", {"training_loss": JUMPING}),
    ("learning_rate_low", "when all is learned", {"update_ratio": np.full((5, 9), 1e-6)}),
    ("plateau", "when little is left", {"training_loss": 0.3 * STUCK}),
    ("plateau", "before long", {"training_loss": STUCK, "since": 500}),
    ("overfitting", "for a test loss that stays", {"test_loss": np.full(60, 0.3)}),
    ("overfitting", "for one that rises with the training loss", {
        "test_loss": np.linspace(0.3, 0.9, 60), "training_loss": np.linspace(0.3, 0.85, 60),
    }),
    ("unscaled_inputs", "when they are standardized", {
        "facts": {"input_deviation": np.array([0.1, 30.0])},
    }),
    ("output_misfit", "for targets within reach", {
        "network": {"output": {"activation": "tanh"}}, "data": {"name": "plane"},
        "facts": {"task": "regression", "target_low": -1.0, "target_high": 1.0},
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "when", "changed"), MUST_NOT, ids=lambda v: str(v)[:40])
def test_a_diagnosis_is_silent(name: str, when: str, changed: dict[str, Any]) -> None:
    assert name not in ids(well(**changed))


@pytest.mark.parametrize(("name", "changed"), MUST, ids=lambda v: v if isinstance(v, str) else "")
def test_every_cure_can_be_sent_as_it_is(name: str, changed: dict[str, Any]) -> None:
    vitals = well(**changed)
    cures = examined(vitals)[name].cures
    assert cures
    assert len({cure["label"] for cure in cures}) == len(cures)
    for cure in cures:
        experiment = vitals.experiment
        for given in cure["commands"]:
            command = parse_command(given)
            after, _ = apply(command, experiment)
            assert given["name"] == "reset" or after != experiment
            experiment = after


def test_what_is_not_certain_is_told_at_the_second_look_and_stays_for_two() -> None:
    coach, sick = Coach(), well(training_loss=STUCK)
    assert coach.look(sick) == []
    assert [finding["id"] for finding in coach.look(sick)] == ["plateau"]
    assert len(coach.look(well())) == 1
    assert len(coach.look(well())) == 1
    assert coach.look(well()) == []


def test_silence_is_health_only_when_nothing_is_suspected_after_steps_enough() -> None:
    coach = Coach()
    for vitals in (well(step=150), well(step=150), well(training_loss=STUCK)):
        coach.look(vitals)
        assert not coach.looked
    coach.look(well())
    assert coach.looked


def test_what_is_certain_is_told_at_once() -> None:
    assert [f["id"] for f in Coach().look(well(alike=(2, 3)))] == ["symmetric"]


def test_a_coach_that_forgets_says_nothing() -> None:
    coach = Coach()
    coach.look(well(alike=(1,)))
    coach.forget()
    assert coach.look(well()) == []


@pytest.mark.parametrize(
    ("loss", "y", "expected"),
    [
        ("binary_cross_entropy", [[0.0], [1.0]], 0.693147),
        ("binary_cross_entropy", [[0.0], [0.0], [0.0], [1.0]], 0.562335),
        ("cross_entropy", np.eye(10), 2.302585),
        ("mse", [[1.0], [2.0], [6.0]], 14 / 3),
        ("mae", [[1.0], [2.0], [6.0]], 5 / 3),
        ("hinge", [[0.0], [0.0], [0.0], [1.0]], 0.5),
    ],
)
def test_the_best_constant_answer_has_the_known_loss(loss, y, expected) -> None:
    assert chance_loss(LOSSES.make(loss), np.asarray(y)) == pytest.approx(expected, abs=1e-5)


def test_units_are_alike_only_when_weights_in_and_out_are() -> None:
    network: Network = assemble(Experiment()).network
    assert alike_layers(network) == ()
    network.layers[0].w[...], network.layers[0].b[...] = 0.3, 0.1
    assert alike_layers(network) == ()
    network.layers[1].w[...] = network.layers[1].w[:1]
    assert alike_layers(network) == (1,)


# Each kind once; all hundred are for `make prove`.
FAST = {
    "sigmoid × 8, seed 0", "ReLU, N(0, 1) weights, 10 deep, seed 0", "ReLUs with bias -10",
    "plane, rate 3.0", "the default, rate 5", "rate 1e-05", "constant", "circle, linear model",
    "few noisy points, circle", "wine, raw", "diabetes, sigmoid output",
    "saturated tanh, deviation 10.0",
}  # fmt: skip


WELL = {
    "the default", "overlapping gauss", "sine", "diabetes", "He, 10 deep", "dropout", "momentum",
    "batch norm, 6 deep", "sigmoid, shallow", "AdamW, cosine", "raw inputs",
}  # fmt: skip


@pytest.mark.parametrize(
    ("experiment", "steps", "illness"),
    [pytest.param(*case, id=name) for name, *case in SICK if name in FAST],
)
def test_the_coach_finds_the_illness(experiment, steps, illness) -> None:
    assert illness in {finding["id"] for finding in observed(experiment, steps)}


@pytest.mark.parametrize(
    ("experiment", "steps"),
    [pytest.param(*case, id=name) for name, *case in HEALTHY if name in WELL],
)
def test_the_coach_is_silent_over_the_healthy(experiment, steps) -> None:
    assert observed(experiment, steps) == []


def test_the_cure_for_a_vanishing_gradient_works_live_and_can_be_undone() -> None:
    hidden = [{"units": 8, "activation": "sigmoid"}] * 8
    run = run_of(network={"hidden": hidden})
    for seq in range(12):
        train(run, 50)
        header, _ = run.frame(seq, 0, seq)
    (finding,) = header["lab"]["findings"]
    assert finding["id"] == "vanishing"
    assert "decades a layer" in finding["seen"]
    sick = run.experiment
    (command,) = finding["cures"][0]["commands"]
    ask(run, **command)
    assert run.step == 600
    assert run.frame(50, 0, 50)[0]["lab"]["findings"] == []
    train(run, 1500)
    header, _ = run.frame(51, 0, 51)
    assert header["training_loss"] < 0.1
    assert header["lab"]["findings"] == []
    ask(run, "undo")
    assert run.experiment == sick


def test_a_loss_that_curves_nowhere_has_no_curvature_and_no_complaint() -> None:
    network = {"hidden": [{"units": 4, "activation": "relu", "initializer": {"name": "zeros"}}]}
    output = {"activation": "relu", "initializer": {"name": "zeros", "bias": -1.0}}
    assembly = assemble(
        Experiment.parse({"data": "plane", "network": {**network, "output": output}})
    )
    train_set, loss = assembly.dataset.train, assembly.trainer.loss
    assert largest_curvature(assembly.network, loss, train_set.x, train_set.y) in (None, 0.0)
