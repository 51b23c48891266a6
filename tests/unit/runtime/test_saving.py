"""A saved run is loaded again, whole, or not at all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from runs import TABLE, ask, file, give, parameters, run_of, train

from playground.base.errors import InputError
from playground.runtime import checkpoint
from playground.runtime.run import Run

ADAM = {"optimizer": "adam", "learning_rate": 0.01}


def loaded(run: Run) -> Run:
    """Another run into which what `run` saves was loaded."""
    other = run_of(network={"hidden": []})
    give(other, "load", file(run, "save")[1], experiment=run.experiment.dump())
    return other


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_loaded_run_goes_on_bit_for_bit(dtype: str) -> None:
    run = run_of(training={**ADAM, "batch_size": 7}, dtype=dtype)
    ask(run, "add_unit", layer=0)
    train(run, 101)
    other = loaded(run)
    assert (other.state, other.step, other.experiment) == ("paused", 101, run.experiment)
    np.testing.assert_array_equal(parameters(other), parameters(run))
    curves = [each.frame(0, 0, 0)[1]["curve_training_loss"] for each in (run, other)]
    np.testing.assert_array_equal(*curves)
    for each in (run, other):
        train(each, 50)
    np.testing.assert_array_equal(parameters(other), parameters(run))


def test_a_table_travels_in_the_file_and_stays_after_reset_and_restart() -> None:
    run = run_of()
    give(run, "use_table", TABLE)
    train(run, 5)
    other = loaded(run)
    assert other.assembly.dataset.class_names == ["x", "y"]
    ask(other, "reset")
    assert other.assembly.table == TABLE
    again = checkpoint.unpack(*checkpoint.pack(other))
    assert again.assembly.table == TABLE
    ask(again, "edit", patch={"data": {"name": "xor"}})
    ask(again, "edit", patch={"data": {"name": "csv"}})
    assert again.assembly.dataset.class_names == ["x", "y"]


def test_a_load_can_be_taken_back() -> None:
    run, other = run_of(), run_of()
    train(run, 30)
    before = parameters(run)
    give(run, "load", b"", experiment={"data": "xor"})
    assert (run.step, run.state, run.experiment.data.name) == (0, "idle", "xor")
    ask(run, "undo")
    np.testing.assert_array_equal(parameters(run), before)
    assert (run.step, run.experiment) == (30, other.experiment)


def test_weights_in_the_file_win() -> None:
    run = run_of()
    packed = io.BytesIO(file(run, "save")[1])
    with zipfile.ZipFile(packed) as members:
        weights = dict(np.load(io.BytesIO(members.read("weights.npz"))))
    weights["b3"] = np.array([0.5])
    edited, numbers = io.BytesIO(), io.BytesIO()
    np.savez(numbers, **weights)
    with zipfile.ZipFile(edited, "w") as members:
        members.writestr("experiment.json", "{}")
        members.writestr("weights.npz", numbers.getvalue())
    give(run, "load", edited.getvalue(), experiment={})
    assert parameters(run)[-1] == 0.5


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("trainer.parameters", np.zeros(3)),
        ("trainer.parameters", np.full(25, np.nan)),
        ("trainer.counters", np.array([-1, 0, 0, 0])),
        ("trainer.counters", np.array([5, 0, 10**9, 5])),
        ("trainer.shuffle_stream", np.zeros(2)),
        ("trainer.nonsense", np.zeros(2)),
        ("trainer.statistics", None),
    ],
)
def test_a_file_whose_parts_do_not_fit_changes_nothing(name: str, array: Any) -> None:
    run = run_of()
    train(run, 3)
    before = parameters(run)
    source = io.BytesIO(file(run, "save")[1])
    edited, numbers = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(source) as members, zipfile.ZipFile(edited, "w") as target:
        training = dict(np.load(io.BytesIO(members.read("training.npz"))))
        training.pop(name, None)
        if array is not None:
            training[name] = array
        np.savez(numbers, **training)
        target.writestr("experiment.json", members.read("experiment.json"))
        target.writestr("training.npz", numbers.getvalue())
    with pytest.raises(InputError):
        give(run, "load", edited.getvalue(), experiment=run.experiment.dump())
    np.testing.assert_array_equal(parameters(run), before)
    assert run.step == 3


def test_curves_that_do_not_fit_are_left_out_and_nothing_else() -> None:
    run = run_of()
    train(run, 3)
    edited, numbers = io.BytesIO(), io.BytesIO()
    source = io.BytesIO(file(run, "save")[1])
    with zipfile.ZipFile(source) as members, zipfile.ZipFile(edited, "w") as target:
        training = dict(np.load(io.BytesIO(members.read("training.npz"))))
        training["history.curves_steps"] = np.zeros((9, 2))
        np.savez(numbers, **training)
        target.writestr("experiment.json", members.read("experiment.json"))
        target.writestr("training.npz", numbers.getvalue())
    give(run, "load", edited.getvalue(), experiment=run.experiment.dump())
    assert run.step == 3
    assert run.frame(0, 0, 0)[1]["curve_step"].tolist() == [3]
