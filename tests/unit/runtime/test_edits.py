"""The way back: every change can be taken back and made again, weights to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from runs import advance, ask, parameters, run_of, train

from playground.base.errors import InputError
from playground.runtime import checkpoint
from playground.runtime.past import MOST
from playground.runtime.run import Run

ADAM = {"optimizer": "adam", "learning_rate": 0.01}


def everything(run: Run) -> dict[str, Any]:
    return run.assembly.trainer.snapshot()


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "add_unit", "layer": 0},
        {"name": "remove_unit", "layer": 0, "unit": 1},
        {"name": "add_layer", "at": 1},
        {"name": "remove_layer", "at": 0},
        {"name": "widen", "layer": 0, "unit": 2},
        {"name": "set_weight", "layer": 0, "input": 1, "unit": 2, "value": 5.0},
        {"name": "set_bias", "layer": 2, "unit": 0, "value": -5.0},
        {"name": "edit", "patch": {"data": {"features": ["x1"]}}},
        {
            "name": "edit",
            "patch": {"network": {"hidden": [{"units": 4, "initializer": "he_normal"}]}},
        },
        {"name": "reset"},
    ],
    ids=lambda change: change["name"],
)
def test_a_change_of_weights_is_taken_back_whole(change: dict[str, Any]) -> None:
    """Weights, Adam's memory, random streams and step; and training goes on as it would have."""
    run, untouched = run_of(training=ADAM), run_of(training=ADAM)
    for each in (run, untouched):
        train(each, 40)
    experiment = run.experiment
    ask(run, **change)
    changed = everything(run)
    train(run, 25)
    later = everything(run)
    assert not np.array_equal(changed["parameters"], everything(untouched)["parameters"])
    ask(run, "undo")
    assert run.experiment == experiment
    assert run.step == 40
    assert_same(everything(run), everything(untouched))
    for each in (run, untouched):
        train(each, 30)
    np.testing.assert_array_equal(parameters(run), parameters(untouched))
    ask(run, "redo")
    assert_same(everything(run), later)


def test_a_setting_is_taken_back_and_what_was_learned_meanwhile_is_kept() -> None:
    run = run_of()
    train(run, 10)
    ask(run, "edit", patch={"training": {"learning_rate": 0.5}})
    train(run, 10)
    before = parameters(run)
    ask(run, "undo")
    assert run.experiment.training.learning_rate == 0.03
    assert run.step == 20
    np.testing.assert_array_equal(parameters(run), before)
    ask(run, "redo")
    assert run.experiment.training.learning_rate == 0.5
    np.testing.assert_array_equal(parameters(run), before)


def test_the_curves_too_are_those_of_the_moment() -> None:
    run = run_of()
    train(run, 50)
    ask(run, "add_unit", layer=0)
    train(run, 50)
    ask(run, "undo")
    assert run.frame(0, 0, 0)[1]["curve_step"].max() == 50
    ask(run, "redo")
    assert run.frame(0, 0, 0)[1]["curve_step"].max() == 100


def test_a_new_change_forgets_what_could_be_done_again() -> None:
    run = run_of()
    ask(run, "add_unit", layer=0)
    ask(run, "undo")
    assert run.edits.past.words() == (None, "Added a neuron to layer 1")
    ask(run, "add_unit", layer=1)
    assert run.edits.past.words() == ("Added a neuron to layer 2", None)
    with pytest.raises(InputError, match="nothing to redo"):
        ask(run, "redo")


def test_there_is_nothing_to_undo_at_first() -> None:
    run = run_of()
    with pytest.raises(InputError, match="nothing to undo"):
        ask(run, "undo")


def test_a_dragged_slider_is_one_change_and_two_drags_are_two() -> None:
    now = [0.0]
    run = Run(run_of().experiment, clock=lambda: now[0])
    for start in (0.0, 60.0):
        for k in range(20):
            now[0] = start + 0.08 * k
            ask(run, "edit", patch={"training": {"learning_rate": 0.1 + start + k / 100}})
    assert len(run.edits.past.undo) == 2
    ask(run, "undo")
    assert run.experiment.training.learning_rate == pytest.approx(0.29)
    ask(run, "undo")
    assert run.experiment.training.learning_rate == 0.03


def test_an_edit_that_changes_nothing_is_not_remembered() -> None:
    run = run_of()
    ask(run, "edit", patch={"training": {"learning_rate": 0.03}})
    assert run.edits.past.undo == []


def test_what_can_be_taken_back_is_bounded() -> None:
    run = run_of()
    for k in range(MOST + 5):
        ask(run, "set_bias", layer=0, unit=k % 4, value=float(k))
    assert len(run.edits.past.undo) == MOST


def test_undo_brings_a_diverged_run_back() -> None:
    run = run_of()
    train(run, 5)
    ask(run, "add_unit", layer=0)
    ask(run, "edit", patch={"training": {"learning_rate": 1.7e308}})
    ask(run, "play")
    advance(run, 20)
    assert run.state == "diverged"
    ask(run, "undo")
    ask(run, "undo")
    assert (run.state, run.diverged, run.step) == ("paused", None, 5)


def test_the_way_back_survives_the_worker() -> None:
    run = run_of(training=ADAM)
    train(run, 20)
    before = everything(run)
    ask(run, "remove_unit", layer=0, unit=0)
    ask(run, "edit", patch={"training": {"batch_size": 7}})
    train(run, 20)
    copy = checkpoint.unpack(*checkpoint.pack(run))
    assert copy.edits.past.words() == ("Changed the batch size", None)
    ask(copy, "undo")
    ask(copy, "undo")
    assert_same(everything(copy), before)
    assert copy.edits.past.words() == (None, "Removed neuron 1 of layer 1")


def test_one_weight_is_set_and_nothing_else() -> None:
    run = run_of(training=ADAM)
    train(run, 10)
    before = everything(run)
    ask(run, "set_weight", layer=1, input=3, unit=0, value=2.5)
    after = everything(run)
    # Layer 2 begins after 3 × 4 numbers; its row 3 of width 2 begins 6 further on.
    expected = before["parameters"].copy()
    expected[12 + 6] = 2.5
    assert_same(after, {**before, "parameters": expected})
    header, arrays = run.frame(0, 0, 0)
    assert (header["step"], arrays["weights"][18]) == (10, np.float32(2.5))


def test_the_output_layers_bias_is_set() -> None:
    run = run_of()
    ask(run, "set_bias", layer=2, unit=0, value=-3.0)
    assert parameters(run)[-1] == -3.0


def test_what_the_precision_cannot_hold_is_refused() -> None:
    run = run_of(dtype="float32")
    before = parameters(run)
    with pytest.raises(InputError, match="float32"):
        ask(run, "set_bias", layer=0, unit=0, value=1e39)
    np.testing.assert_array_equal(parameters(run), before)
    assert run.edits.past.undo == []
