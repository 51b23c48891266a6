"""Fixtures that train an experiment by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playground.cli import run

Train = Callable[..., dict[str, Any]]


@pytest.fixture
def describe(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    """Write an experiment file; its path."""

    def write(described: dict[str, Any]) -> str:
        path = tmp_path / "experiment.json"
        path.write_text(json.dumps(described))
        return str(path)

    return write


@pytest.fixture
def train(
    describe: Callable[[dict[str, Any]], str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, Any]]:
    """Train an experiment; the object on the last line of stdout, with the exit code as `code`."""

    def run_it(described: dict[str, Any], *arguments: object) -> dict[str, Any]:
        code = run(["train", describe(described), *map(str, arguments)])
        out, err = capsys.readouterr()
        report: dict[str, Any] = json.loads(out.splitlines()[-1]) if out else {}
        return {**report, "code": code, "stderr": err}

    return run_it
