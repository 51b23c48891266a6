"""Files of a run, and the line that repeats it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import TABLE, ask, file, give, run_of, train

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.runtime import checkpoint
from playground.runtime.answers import answer, sparse
from playground.runtime.run import Run
from playground.wire.requests import parse_request


def look(run: Run, table: bytes, **settings: Any) -> dict[str, Any]:
    return answer(run, parse_request({"name": "table", **settings}), table)[0]


# Tables -----------------------------------------------------------------------------------------


def test_a_look_says_what_the_columns_are() -> None:
    seen = look(run_of(), TABLE)
    assert seen["columns"] == [
        {"name": "a", "categories": 0},
        {"name": "b", "categories": 0},
        {"name": "kind", "categories": 2},
    ]
    assert (seen["rows"], seen["target"], seen["task"]) == (5, ["kind"], "binary")
    assert (seen["classes"], seen["inputs"]) == (["x", "y"], 2)
    assert look(run_of(), TABLE, target=["a"])["task"] == "regression"


def test_a_look_names_row_and_column() -> None:
    with pytest.raises(InputError, match=r"row 3, column 'b'"):
        look(run_of(), TABLE.replace(b"3,4", b"3,four"))


def test_a_target_that_does_not_fit_is_told_beside_the_columns() -> None:
    seen = look(run_of(training={"loss": "binary_cross_entropy"}), TABLE, target=["a"])
    assert len(seen["columns"]) == 3
    assert seen["error"]["field"] == "training.loss"


def test_a_table_becomes_the_data_and_keeps_what_was_learned() -> None:
    run = run_of(data={"name": "circle", "train_fraction": 0.8})
    train(run, 5)
    second = run.assembly.network.layers[1].w.copy()
    give(run, "use_table", TABLE, target=["kind"])
    data = run.assembly.dataset
    assert (run.step, len(data.train), data.feature_names) == (5, 4, ["a", "b"])
    np.testing.assert_array_equal(run.assembly.network.layers[1].w, second)
    give(run, "use_table", TABLE + b"9,9,z\n", target=["kind"])
    assert run.assembly.dataset.class_names == ["x", "y", "z"]
    ask(run, "undo")
    assert run.assembly.dataset.class_names == ["x", "y"]
    ask(run, "undo")
    assert run.experiment.data.name == "circle"


# Files ------------------------------------------------------------------------------------------


def test_the_curves_are_those_of_the_page() -> None:
    run = run_of()
    for _ in range(3):
        train(run, 10)
    words, body = file(run, "curves")
    header, *rows = csv.reader(io.StringIO(body.decode()))
    arrays = run.frame(0, 0, 0)[1]
    assert header == ["step", "training_loss", "test_loss"]
    assert [int(row[0]) for row in rows] == arrays["curve_step"].tolist()
    np.testing.assert_array_equal([np.float32(r[1]) for r in rows], arrays["curve_training_loss"])
    assert words["file"] == "curves-step-30.csv"


@pytest.mark.parametrize("library", ["numpy", "pytorch"])
def test_a_script_begins_with_the_weights_of_the_moment(library: str) -> None:
    run = run_of()
    train(run, 40)
    text = file(run, library)[1].decode()
    compile(text, "script.py", "exec")
    bias = float(run.assembly.network.layers[2].b[0])
    assert repr(bias) in text


def test_the_data_are_a_table() -> None:
    assert file(run_of(data="xor"), "data")[1].startswith(b"x1,x2,class,split\n")


# The line that repeats the run ------------------------------------------------------------------


def repeated(run: Run, folder: Path) -> dict[str, Any]:
    """What the command line makes of the line and the files."""
    words, body = file(run, "command")
    with zipfile.ZipFile(io.BytesIO(body)) as members:
        members.extractall(folder)
    program, *arguments = words["line"].split()
    assert program == "backprop-playground"
    done = subprocess.run(
        [sys.executable, "-m", "playground", *arguments],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def changed_first(run: Run) -> None:
    """Layers, data and one weight before the first step: not what the seed would give."""
    ask(run, "add_layer", at=1)
    ask(run, "edit", patch={"data": {"name": "spiral", "noise": 0.1}})
    ask(run, "edit", patch={"training": {"optimizer": "adam", "batch_size": 7}})
    ask(run, "set_weight", layer=0, input=0, unit=0, value=0.5)


def own_table(run: Run) -> None:
    give(run, "use_table", TABLE)
    ask(run, "reset", keep_seed=False)


@pytest.mark.parametrize("prepare", [lambda run: None, changed_first, own_table])
def test_the_line_repeats_the_run_with_the_same_numbers(prepare: Any, tmp_path: Path) -> None:
    run = run_of()
    prepare(run)
    train(run, 77)
    assert file(run, "command")[0]["is_exact"]
    report = repeated(run, tmp_path)
    assembly = run.assembly
    assert report["steps"] == 77
    assert report["training_loss"] == assembly.loss(assembly.dataset.train)
    assert report["test_loss"] == assembly.loss(assembly.dataset.test)


def test_without_files_the_line_is_whole() -> None:
    run = run_of(training={"learning_rate": 0.1})
    train(run, 5)
    whole = file(run, "command")[0]["whole"]
    found = re.fullmatch(
        r"backprop-playground train - --steps 5 <<'EOF'\n(.*)\nEOF", whole, re.DOTALL
    )
    assert found
    assert Experiment.parse(found.group(1)) == run.experiment


@pytest.mark.parametrize(
    ("change", "exact"),
    [
        ({"name": "edit", "patch": {"training": {"learning_rate": 0.5}}}, False),
        ({"name": "set_bias", "layer": 0, "unit": 0, "value": 1.0}, False),
        ({"name": "add_unit", "layer": 0}, False),
        ({"name": "edit", "patch": {"training": {"stop": {"max_epochs": 9}}}}, True),
        ({"name": "edit", "patch": {"seed": 9}}, True),  # waits for the next reset
        ({"name": "reset"}, True),
    ],
)
def test_a_run_that_was_changed_on_its_way_is_not_called_repeatable(
    change: dict[str, Any], exact: bool
) -> None:
    run = run_of()
    train(run, 5)
    ask(run, **change)
    assert file(run, "command")[0]["is_exact"] is exact
    again = checkpoint.unpack(*checkpoint.pack(run))
    assert file(again, "command")[0]["is_exact"] is exact


def test_a_sparse_experiment_is_the_same_experiment() -> None:
    for given in (
        {},
        {"data": {"name": "spiral", "noise": 0.2}, "seed": 4},
        {"network": {"hidden": []}},
        {"training": {"optimizer": {"name": "adam", "beta1": 0.5}, "stop": {"patience": 3}}},
        {"data": {"name": "drawn", "points": [[1, 2, 0]]}},
    ):
        experiment = Experiment.parse(given)
        assert Experiment.parse(sparse(experiment)) == experiment
