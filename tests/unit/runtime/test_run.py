"""A run's states, what moves it between them, and what no edit may touch."""

from __future__ import annotations

import numpy as np
import pytest
from runs import advance, ask, parameters, run_of

from playground.base.errors import InputError
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.runtime import checkpoint
from playground.runtime.run import Run


def test_nothing_moves_before_play() -> None:
    run = run_of()
    advance(run, 3)
    assert (run.state, run.step) == ("idle", 0)


def test_play_trains_and_pause_stops() -> None:
    run = run_of()
    ask(run, "play")
    advance(run, 3)
    reached = run.step
    ask(run, "pause")
    advance(run, 3)
    assert run.state == "paused"
    assert run.step == reached > 0


def test_a_pause_before_the_first_step_stays_idle() -> None:
    run = run_of()
    ask(run, "pause")
    assert run.state == "idle"


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_step_takes_exactly_so_many_steps_and_pauses(count: int) -> None:
    run = run_of()
    ask(run, "step", count=count)
    for _ in range(2000):
        if run.state != "running":
            break
        advance(run)
    assert (run.state, run.step) == ("paused", count)


def test_training_in_slices_is_training_in_one_go() -> None:
    run, whole = run_of(), assemble(Experiment())
    ask(run, "step", count=333)
    while run.state == "running":
        run.advance(0.0005, measured=run.step % 2 == 0)
    whole.trainer.run(333)
    np.testing.assert_array_equal(parameters(run), whole.network.parameters)


def test_reset_begins_again_with_the_same_weights() -> None:
    run = run_of()
    first = parameters(run)
    ask(run, "step", count=5)
    advance(run, 5)
    ask(run, "reset")
    assert (run.state, run.step) == ("idle", 0)
    np.testing.assert_array_equal(parameters(run), first)
    ask(run, "reset", keep_seed=False)
    assert not np.array_equal(parameters(run), first)


def test_a_new_learning_rate_keeps_step_and_weights() -> None:
    run = run_of()
    ask(run, "step", count=5)
    advance(run, 5)
    before = parameters(run)
    ask(run, "edit", patch={"training": {"learning_rate": 0.5}})
    header, _ = run.frame(0, 0, 1)
    assert (run.step, header["learning_rate"]) == (5, 0.5)
    np.testing.assert_array_equal(parameters(run), before)


def test_a_structural_edit_says_what_it_did_to_the_output() -> None:
    run = run_of()
    ask(run, "add_unit", layer=0)
    texts = [notice["text"] for notice in run.notices]
    assert texts[0].startswith("Added a neuron to layer 1: output ")
    assert run.assembly.network.layers[0].units == 5


def test_new_data_is_sent_as_new_points() -> None:
    run = run_of()
    revision = run.points_revision
    ask(run, "edit", patch={"training": {"batch_size": 5}})
    assert run.points_revision == revision
    ask(run, "edit", patch={"data": {"noise": 0.2}})
    assert run.points_revision == revision + 1


def test_a_refused_edit_changes_nothing() -> None:
    run = run_of()
    ask(run, "step", count=3)
    advance(run, 3)
    before = parameters(run)
    with pytest.raises(InputError):
        ask(run, "remove_layer", at=17)
    assert run.step == 3
    np.testing.assert_array_equal(parameters(run), before)


def diverged_run() -> Run:
    """A rate so large that the very first update overflows, from weights that are harmless."""
    run = run_of(data="plane", training={"learning_rate": 1.7e308})
    run.assembly.network.parameters *= 10
    ask(run, "play")
    advance(run, 5)
    return run


def test_a_diverged_run_says_where_and_keeps_finite_weights() -> None:
    run = diverged_run()
    assert run.state == "diverged"
    assert run.diverged is not None
    assert run.diverged["step"] == run.step + 1
    assert np.isfinite(parameters(run)).all()
    header, _ = run.frame(0, 0, 1)
    assert (header["run_state"], header["diverged"]) == ("diverged", run.diverged)
    assert str(run.diverged["step"]) in run.notices[-1]["text"]


def test_a_diverged_run_goes_on_when_its_rate_is_lowered() -> None:
    run = diverged_run()
    reached = run.step
    ask(run, "edit", patch={"training": {"learning_rate": 1e-4}})
    ask(run, "play")
    advance(run, 3)
    assert (run.state, run.diverged) == ("running", None)
    assert run.step > reached


def test_training_ends_at_the_asked_epoch_and_not_a_step_later() -> None:
    run = run_of(training={"stop": {"max_epochs": 3}})
    ask(run, "play")
    advance(run, 50)
    assert (run.state, run.epoch, run.step) == ("finished", 3, 75)
    ask(run, "play")
    assert run.state == "finished"
    ask(run, "edit", patch={"training": {"stop": {"max_epochs": 5}}})
    ask(run, "play")
    advance(run, 50)
    assert (run.state, run.epoch) == ("finished", 5)


def test_patience_ends_with_the_weights_of_the_best_epoch() -> None:
    run = run_of(
        data={"name": "gauss", "noise": 0.5, "validation_fraction": 0.3},
        network={"hidden": [{"units": 16}]},
        training={"learning_rate": 1.0, "stop": {"patience": 3}},
    )
    ask(run, "play")
    advance(run, 5000)
    best = run.rules.stopping.best_epoch
    assert (run.state, run.epoch) == ("finished", best)
    validation = run.assembly.loss(run.assembly.dataset.validation)
    assert validation == pytest.approx(run.rules.stopping.best_loss)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_checkpointed_run_goes_on_bit_for_bit(optimizer: str) -> None:
    run = run_of(training={"optimizer": optimizer, "batch_size": 7})
    ask(run, "edit", patch={"seed": 5})  # waits for the next reset, also in another process
    ask(run, "step", count=101)
    while run.state == "running":
        advance(run)
    words, body = checkpoint.pack(run)
    copy = checkpoint.unpack(words, body)
    assert (copy.state, copy.step, copy.experiment) == ("paused", 101, run.experiment)
    ratios = [each.frame(0, 0, 0)[1]["update_ratio"] for each in (run, copy)]
    assert np.isfinite(ratios[0]).all()
    np.testing.assert_array_equal(ratios[1], ratios[0])
    for each in (run, copy):
        ask(each, "step", count=50)
        while each.state == "running":
            advance(each)
    np.testing.assert_array_equal(parameters(copy), parameters(run))
    curves = run.frame(0, 0, 0)[1], copy.frame(0, 0, 0)[1]
    assert curves[1]["curve_step"][0] == 0
    assert curves[0]["curve_training_loss"][-1] == curves[1]["curve_training_loss"][-1]


def test_a_checkpoint_holds_no_pickle() -> None:
    _, body = checkpoint.pack(run_of())
    assert b"pickle" not in body
    assert body[:2] == b"PK"  # the zip archive that .npz is
