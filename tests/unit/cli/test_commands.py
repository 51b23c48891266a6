"""The command line itself: its default, its help, its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from playground import __version__
from playground.cli import run
from playground.wire.schema import experiment_schema


def ask(*arguments: str, text: str | None = None, **environment: str) -> Any:
    """`python -m playground` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "playground", *arguments],
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
    )


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `serve` was called with; no server starts."""
    calls: list[Any] = []
    app = ModuleType("playground.web.app")
    app.serve = calls.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "playground.web.app", app)
    for variable in [name for name in os.environ if name.startswith("PLAYGROUND_")]:
        monkeypatch.delenv(variable)
    for variable in ("HOST", "PORT", "WORKERS"):
        monkeypatch.delenv(variable, raising=False)
    return calls


def test_without_a_command_it_serves(served: list[Any]) -> None:
    assert run([]) == 0
    assert run(["--port", "9001"]) == 0
    assert [settings.port for settings in served] == [8000, 9001]
    assert served[0].host == "127.0.0.1"
    assert served[0].open_browser is False


def test_options_of_serve_win_over_the_environment(
    served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "9100")
    monkeypatch.setenv("PLAYGROUND_HOST", "0.0.0.0")
    monkeypatch.setenv("PLAYGROUND_OPEN", "1")
    monkeypatch.setenv("PLAYGROUND_WORKERS", "3")
    run(["serve"])
    run(["serve", "--port", "9101", "--host", "::1", "--no-open", "--workers", "2"])
    found = [(s.host, s.port, s.open_browser, s.workers) for s in served]
    assert found == [("0.0.0.0", 9100, True, 3), ("::1", 9101, False, 2)]


def test_a_bad_setting_of_serve_is_refused_by_name(
    served: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--port", "99999"]) == 2
    assert capsys.readouterr().err == "error: port: must be at most 65,535, got 99999\n"
    assert served == []


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == experiment_schema()


def test_help_and_version_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out
    assert run(["--help"]) == 0
    assert {"serve", "train", "schema"} <= set(capsys.readouterr().out.split())
    assert run(["train", "-h"]) == 0
    assert "--log-every" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["trian"], "error: No such command 'trian'. Did you mean 'train'?\n"),
        (["train"], "error: EXPERIMENT.json: is missing\n"),
        (
            ["train", "/no/such.json", "--steps", "1"],
            "error: EXPERIMENT.json: File '/no/such.json' does not exist\n",
        ),
        (["--prot", "1"], "error: --prot: there is no such option; did you mean --port?\n"),
    ],
)
def test_a_bad_command_line_is_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err == line


def test_an_experiment_can_come_from_standard_input() -> None:
    answer = ask("train", "-", "--steps", "2", text='{"seed": 3}')
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["steps"] == 2
    assert answer.stderr == "", "no progress bar where there is no terminal"


def test_text_that_is_not_json_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text('{"seed": }')
    answer = ask("train", str(path), "--steps", "1")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr == (
        f"error: {path}: an experiment must be JSON: Expecting value at line 1, column 10\n"
    )


def test_blas_has_one_thread_before_numpy_is_loaded() -> None:
    """The command line alone loads no NumPy, and `train` sets the variables first."""
    program = (
        "import sys, os; from playground.cli import run; early = 'numpy' in sys.modules;"
        "run(['train', '-', '--steps', '0']);"
        "print(early, os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    )
    clean = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    answer = subprocess.run(
        [sys.executable, "-c", program], input="{}", capture_output=True, text=True, env=clean
    )
    assert answer.stdout.splitlines()[-1] == "False 1 1", answer.stderr
