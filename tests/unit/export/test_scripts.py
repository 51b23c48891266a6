"""Exported scripts, run in a process of their own, give the engine's numbers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.export_cases import CASES, STEPS, batch_losses, experiment, fingerprint

from playground.cli import run
from playground.experiment.assemble import assemble
from playground.experiment.weights import named_weights
from playground.export.exporters import EXPORTERS

RUNNER = Path(__file__).parents[2] / "reference" / "run_scripts.py"
RECORDED = RUNNER.with_name("pytorch_scripts.npz")
TORCH_PYTHON = os.environ.get("PLAYGROUND_TORCH_PYTHON")


def ran(kind: str, python: str, folder: Path) -> Any:
    """What all cases' scripts for the library `kind` gave."""
    scripts = []
    for name in CASES:
        scripts.append(folder / f"{name}.py")
        text = EXPORTERS.part(kind).make(experiment(name))
        scripts[-1].write_text(text, encoding="utf-8")
    out = folder / "found.npz"
    command = [python, str(RUNNER), str(STEPS), str(out), *map(str, scripts)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return np.load(out)


@pytest.fixture(scope="module")
def numpy_runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return ran("numpy", sys.executable, tmp_path_factory.mktemp("numpy"))


@pytest.fixture(scope="module")
def pytorch_runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    assert TORCH_PYTHON
    return ran("pytorch", TORCH_PYTHON, tmp_path_factory.mktemp("pytorch"))


def agrees(name: str, found: Any) -> None:
    """Losses of every step, of the whole sets, and all weights, to 1e-9 (float32: its rounding)."""
    near = 1e-4 if CASES[name].get("dtype") == "float32" else 1e-9
    assembly = assemble(experiment(name))
    losses = batch_losses(assembly, STEPS)
    np.testing.assert_allclose(found[f"{name}/losses"], losses, rtol=0, atol=near)
    for split, which in ((assembly.dataset.train, "training"), (assembly.dataset.test, "test")):
        if len(split):
            loss = assembly.loss(split)
            assert found[f"{name}/{which}_loss"] == pytest.approx(loss, rel=0, abs=near)
    for key, value in named_weights(assembly.network).items():
        np.testing.assert_allclose(found[f"{name}/{key}"], value, rtol=0, atol=near)


@pytest.mark.parametrize("name", CASES)
def test_a_numpy_script_repeats_the_run(name: str, numpy_runs: Any) -> None:
    agrees(name, numpy_runs)


@pytest.fixture(scope="module")
def recorded_runs() -> Any:
    return np.load(RECORDED)


@pytest.mark.parametrize("name", CASES)
def test_a_pytorch_script_repeated_the_run_when_torch_ran_it(name: str, recorded_runs: Any) -> None:
    now = fingerprint(EXPORTERS.part("pytorch").make(experiment(name)))
    digest, checksum = recorded_runs[f"{name}/digest"], recorded_runs[f"{name}/checksum"]
    assert now["digest"].tobytes() == digest.tobytes(), (
        "torch has not run what is exported now: python -m reference.record_scripts"
    )
    np.testing.assert_allclose(now["checksum"], checksum, rtol=1e-9, atol=1e-9)
    agrees(name, recorded_runs)


@pytest.mark.skipif(TORCH_PYTHON is None, reason="PLAYGROUND_TORCH_PYTHON is not set")
@pytest.mark.parametrize("name", CASES)
def test_a_pytorch_script_repeats_the_run(name: str, pytorch_runs: Any) -> None:
    agrees(name, pytorch_runs)


@pytest.mark.parametrize("kind", EXPORTERS.names)
def test_a_script_is_the_same_each_time(kind: str) -> None:
    make = EXPORTERS.part(kind).make
    one, other = (hashlib.sha256(make(experiment("tanh")).encode()) for _ in range(2))
    assert one.digest() == other.digest()


def test_only_what_the_run_uses_is_written() -> None:
    text = EXPORTERS.part("numpy").make(experiment("tanh"))
    for absent in ("BETA1", "schedule", "dropout", "residual", "gamma", "clip", "L2", "relu"):
        assert absent not in text


def test_the_command_writes_a_script_that_ends_as_train_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, script, out = tmp_path / "e.json", tmp_path / "script.py", tmp_path / "w.npz"
    file.write_text(json.dumps(CASES["adam_off_default"]), encoding="utf-8")
    assert run(["export", str(file), "--to", "numpy", "-o", str(script)]) == 0
    command = [sys.executable, str(script), "--epochs", "4", "--out", str(out)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answer = json.loads(said.splitlines()[-1])
    capsys.readouterr()
    again = tmp_path / "again.npz"
    assert run(["train", str(file), "--epochs", "4", "--out", str(again)]) == 0
    trained = json.loads(capsys.readouterr().out.splitlines()[-1])
    for key in ("steps", "epochs"):
        assert answer[key] == trained[key]
    for key in ("training_loss", "test_loss"):
        assert answer[key] == pytest.approx(trained[key], rel=0, abs=1e-9)
    with np.load(out) as ours, np.load(again) as theirs:
        assert set(ours.files) == set(theirs.files)


def test_given_weights_win_over_the_initializers(tmp_path: Path) -> None:
    own = {key: value + 0.25 for key, value in named_weights(
        assemble(experiment("layer_normalization")).network
    ).items()}  # fmt: skip
    script = tmp_path / "script.py"
    text = EXPORTERS.part("numpy").make(experiment("layer_normalization"), own)
    script.write_text(text, encoding="utf-8")
    out = tmp_path / "w.npz"
    command = [sys.executable, str(script), "--steps", "0", "--out", str(out)]
    subprocess.run(command, capture_output=True, check=True)
    with np.load(out) as found:
        for key, value in own.items():
            np.testing.assert_array_equal(found[key], value)


def test_an_unknown_library_is_refused_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "e.json"
    file.write_text("{}", encoding="utf-8")
    assert run(["export", str(file), "--to", "nunpy"]) == 2
    assert "did you mean 'numpy'?" in capsys.readouterr().err
