"""`train`: what it says, what it writes, when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.base.arrays import Array

Train = Callable[..., dict[str, Any]]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def weights(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def save(path: Path, **arrays: Any) -> Path:
    np.savez(path, **{name: np.array(array, dtype=float) for name, array in arrays.items()})
    return path


MAZUR: dict[str, Any] = {
    "data": {"name": "csv", "target": ["o1", "o2"], "train_fraction": 1, "standardize": False},
    "network": {
        "hidden": [{"units": 2, "activation": "sigmoid"}],
        "output": {"activation": "sigmoid"},
    },
    "training": {"loss": "half_squared_error", "learning_rate": 0.5, "shuffle": False},
}


def test_the_worked_example_of_mazur_to_its_last_digit(train: Train, tmp_path: Path) -> None:
    table = tmp_path / "mazur.csv"
    table.write_text("i1,i2,o1,o2\n.05,.10,.01,.99\n")
    first = save(
        tmp_path / "first.npz",
        W1=[[0.15, 0.25], [0.20, 0.30]],
        b1=[0.35, 0.35],
        W2=[[0.40, 0.50], [0.45, 0.55]],
        b2=[0.60, 0.60],
    )
    out, log = tmp_path / "out.npz", tmp_path / "log.jsonl"
    report = train(
        MAZUR, "--data", table, "--weights", first, "--steps", 1, "--out", out, "--log", log
    )
    assert report["code"] == 0
    assert report["test_loss"] is None
    (line,) = lines(log)
    assert line["training_loss"] == pytest.approx(0.298371109, abs=5e-10)
    # ‖(h1, h2)‖ and ‖(o1, o2)‖ from the printed activations.
    assert line["activation_norm"] == pytest.approx(
        [np.hypot(0.593269992, 0.596884378), np.hypot(0.751365070, 0.772928465)], abs=2e-9
    )
    trained = weights(out)
    np.testing.assert_allclose(
        trained["W1"], [[0.149780716, 0.249751144], [0.199561432, 0.299502287]], atol=5e-10
    )
    np.testing.assert_allclose(
        trained["W2"], [[0.358916480, 0.511301270], [0.408666186, 0.561370121]], atol=5e-10
    )


def test_the_report_has_what_the_design_says(train: Train) -> None:
    report = train({"data": {"samples": 100}}, "--epochs", 3)
    assert report.pop("code") == 0
    assert report.pop("stderr") == ""
    losses_and_speed = {"training_loss", "test_loss", "metrics", "seconds", "steps_per_second"}
    assert (
        set(report) == {"steps", "epochs", "stopped", "diverged", "divergence"} | losses_and_speed
    )
    assert (report["steps"], report["epochs"], report["diverged"]) == (15, 3, False)
    assert report["metrics"].keys() == {"training", "test"}
    assert 0 <= report["metrics"]["test"]["accuracy"] <= 1
    assert report["steps_per_second"] == pytest.approx(15 / report["seconds"])


@pytest.mark.parametrize(("data", "loss"), [("gauss", 2), ("iris", 3), ("digits", 10)])
def test_the_loss_of_a_silent_network_is_the_logarithm_of_the_classes(
    train: Train, tmp_path: Path, data: str, loss: int
) -> None:
    silent = {"hidden": [], "output": {"initializer": "zeros"}}
    log = tmp_path / "log.jsonl"
    report = train({"data": data, "network": silent}, "--steps", 1, "--log", log)
    assert lines(log)[0]["training_loss"] == pytest.approx(np.log(loss), abs=1e-12)
    assert report["training_loss"] < np.log(loss)


def test_a_line_is_written_for_step_1_and_every_multiple(train: Train, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    train({}, "--steps", 60, "--log", log, "--log-every", 25)
    assert [line["step"] for line in lines(log)] == [1, 25, 50]
    assert [line["epoch"] for line in lines(log)] == [0, 1, 2]
    train({}, "--steps", 4, "--log", log)
    assert [line["step"] for line in lines(log)] == [1, 2, 3, 4]


def test_a_line_has_an_entry_for_every_weight_layer(train: Train, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    zeros = {"output": {"initializer": "zeros"}}
    train({"network": zeros, "training": {"clip_norm": 1e-3}}, "--steps", 1, "--log", log)
    (line,) = lines(log)
    assert list(line) == [
        "step",
        "epoch",
        "training_loss",
        "test_loss",
        "delta_norm",
        "weight_gradient_norm",
        "weight_gradient_norm_clipped",
        "activation_norm",
        "update_ratio",
    ]
    assert {len(value) for value in line.values() if isinstance(value, list)} == {3}
    # Weights of 0 in the output layer have no ratio, and let no gradient through.
    assert line["update_ratio"] == [0, 0, None]
    assert line["delta_norm"][:2] == [0, 0]
    clipped = np.array(line["weight_gradient_norm_clipped"])
    assert np.sqrt((clipped**2).sum()) <= 1e-3
    assert line["weight_gradient_norm"][2] > clipped[2] > 0


def test_what_is_logged_changes_nothing(train: Train, tmp_path: Path) -> None:
    paths = [tmp_path / f"{k}.npz" for k in range(3)]
    described = {
        "data": {"samples": 70},
        "network": {"hidden": [{"units": 5, "dropout": 0.3, "normalization": "batch"}]},
        "training": {"optimizer": "adam"},
    }
    train(described, "--steps", 100, "--out", paths[0])
    train(described, "--steps", 100, "--out", paths[1], "--log", tmp_path / "l")
    train(described, "--steps", 100, "--out", paths[2], "--log", tmp_path / "l", "--log-every", 7)
    first = weights(paths[0])
    assert {"W1", "b1", "gamma1", "beta1", "mean1", "variance1", "W2", "b2"} == set(first)
    for path in paths[1:]:
        for name, array in weights(path).items():
            np.testing.assert_array_equal(array, first[name])


def test_training_goes_on_from_the_weights_it_is_given(train: Train, tmp_path: Path) -> None:
    out = tmp_path / "out.npz"
    trained = train({}, "--epochs", 100, "--out", out)
    again = train({"seed": 0}, "--steps", 0, "--weights", out)
    assert again["training_loss"] == trained["training_loss"]
    assert again["test_loss"] == trained["test_loss"]


@pytest.mark.parametrize(
    ("stop", "arguments", "epochs"),
    [
        ({"max_epochs": 4}, [], 4),
        ({"max_epochs": 4}, ["--epochs", 2], 2),
        ({"max_epochs": 4}, ["--steps", 60], 2),
        ({"max_epochs": 4, "target_loss": 0}, [], 4),
    ],
)
def test_the_first_rule_that_holds_ends_it(
    train: Train, stop: dict[str, Any], arguments: list[object], epochs: int
) -> None:
    report = train({"training": {"stop": stop}}, *arguments)
    assert (report["code"], report["epochs"]) == (0, epochs)


def test_a_target_ends_it_after_the_first_epoch_that_reaches_it(
    train: Train, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    described = {"training": {"stop": {"target_loss": 0.2}}}
    report = train(described, "--log", log, "--log-every", 25)
    assert report["training_loss"] <= 0.2
    assert report["steps"] == 25 * report["epochs"]
    assert lines(log)[-1]["training_loss"] > 0.19
    longer = train({}, "--epochs", report["epochs"] - 1)
    assert longer["training_loss"] > 0.2


def test_patience_ends_it_when_nothing_gets_better(train: Train) -> None:
    # At this rate the weights never change, so no epoch is better than the first.
    described = {"training": {"learning_rate": 1e-30, "stop": {"patience": 3}}}
    report = train(described)
    assert report["epochs"] == 4
    assert report["stopped"] == (
        "no lower loss for 3 epochs; the weights of epoch 1, the best, are back"
    )


def test_the_report_says_which_rule_ended_it_and_whose_losses_it_holds(train: Train) -> None:
    plain = {"training": {"stop": {"max_epochs": 2}}}
    assert train(plain)["stopped"] == "2 epochs are done"
    assert train(plain, "--steps", 3)["stopped"] is None
    # So high a rate that the first epoch is the best of those that another rule allows.
    high = {"training": {"learning_rate": 60, "stop": {"max_epochs": 4, "patience": 50}}}
    report = train(high)
    best = report["stopped"].split("; ")[1]
    assert best.endswith(", the best, are back")
    epoch = best.split("epoch ")[1].split(",")[0]
    assert report["training_loss"] == train(high, "--epochs", epoch)["training_loss"]
    assert report["epochs"] == 4


def test_a_divergence_is_told_and_the_last_finite_weights_are_kept(
    train: Train, tmp_path: Path
) -> None:
    out, log = tmp_path / "out.npz", tmp_path / "log.jsonl"
    described = {
        "network": {"hidden": [{"units": 8, "activation": "relu"}]},
        "training": {"loss": "mse", "learning_rate": 1e200},
    }
    report = train(described, "--steps", 1000, "--out", out, "--log", log)
    assert report["code"] == 3
    assert report["divergence"]["step"] == report["steps"] + 1
    assert report["divergence"]["layer"] in (1, 2)
    assert report["training_loss"] is None
    assert report["stderr"].startswith("error: training diverged at step ")
    assert report["stderr"].count("\n") == 1
    assert all(np.isfinite(array).all() for array in weights(out).values())
    assert len(lines(log)) == report["steps"]


def test_a_table_is_found_beside_the_experiment(train: Train, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,kind\n" + "1,no\n2,yes\n" * 10)
    described = {"data": {"name": "csv", "path": "table.csv", "train_fraction": 1}}
    assert train(described, "--epochs", 1)["metrics"]["training"].keys() >= {"accuracy"}


@pytest.mark.parametrize(
    ("described", "arguments", "line"),
    [
        ({}, [], "--steps: give --steps, --epochs or a rule in training.stop"),
        ({}, ["--steps", 1, "--epochs", 1], "--steps: can't be given together with --epochs"),
        ({}, ["--steps", "many"], "--steps: 'many' is not a valid integer range"),
        ({}, ["--steps", -1], "--steps: -1 is not in the range x>=0"),
        ({}, ["--stepz", 1], "--stepz: there is no such option; did you mean --steps?"),
        ({}, ["--steps", 1, "--log-every", 0], "--log-every: 0 is not in the range x>=1"),
        ({}, ["--steps", 1, "--out", "no/such/o"], "--out: there is no folder no/such"),
        (
            {},
            ["--steps", 1, "--log", "no/such/l"],
            "--log: there is no folder no/such",
        ),
        (
            {},
            ["--steps", 1, "--weights", __file__],
            "--weights: must be an .npz archive of numbers (no pickle)",
        ),
        ({"sede": 1}, ["--steps", 1], "sede: there is no such key; did you mean 'seed'?"),
        (
            {"training": {"learning_rate": 0}},
            ["--steps", 1],
            "training.learning_rate: must be above 0, got 0",
        ),
        (
            {"data": "csv"},
            ["--steps", 1],
            "data.path: must name a CSV file (or give it with --data)",
        ),
        (
            {},
            ["--steps", 1, "--data", __file__],
            "data.name: must be 'csv' for a table to be read, got 'circle'",
        ),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(
    train: Train, described: dict[str, Any], arguments: list[object], line: str
) -> None:
    report = train(described, *arguments)
    assert report["stderr"] == f"error: {line}\n"
    assert report["code"] == 2


def test_weights_that_do_not_fit_are_refused_by_name(train: Train, tmp_path: Path) -> None:
    first = save(tmp_path / "first.npz", W1=np.ones((2, 3)), b1=np.ones(3))
    report = train({"network": {"hidden": []}}, "--steps", 1, "--weights", first)
    assert report["code"] == 2
    assert "W1" in report["stderr"]
    assert report["stderr"].count("\n") == 1
