"""What commands write: never over what they read, never half, and nothing where they refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playground.cli import run
from playground.export import archive

COMMAND = [sys.executable, "-m", "playground"]
TABLE = "a,b\n" + "1,2\n3,4\n5,7\n" * 5


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With an experiment on a table beside it, first weights, and what earlier runs left."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.json").write_text(
        '{"data": {"name": "csv", "path": "t.csv"}, "network": {"hidden": []}}'
    )
    (tmp_path / "t.csv").write_text(TABLE)
    assert run(["train", "e.json", "--steps", "1", "--out", "w.npz"]) == 0
    for name in ("old.jsonl", "old.py"):
        (tmp_path / name).write_text("of an earlier run")
    (tmp_path / "sub").mkdir()
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("train --steps 5 --out e.json", "--out: must be another file than e.json"),
        ("train --steps 5 --out sub/../t.csv", "--out: must be another file than t.csv"),
        ("train --steps 5 --log e.json", "--log: must be another file than e.json"),
        ("train --steps 5 --log t.csv", "--log: must be another file than t.csv"),
        ("train --steps 5 --weights w.npz --log w.npz", "--log: must be another file than w.npz"),
        ("train --steps 5 --out n.npz --log n.npz", "--log: must be another file than n.npz"),
        ("train --steps 5 --log old.jsonl --out no/o.npz", "--out: there is no folder no"),
        ("train --steps 5 --log old.jsonl --out .", "--out: "),
        ("export --to numpy -o e.json", "--out: must be another file than e.json"),
        ("export --to pytorch -o t.csv", "--out: must be another file than t.csv"),
        ("export --to numpy -o no/o.py", "--out: there is no folder no"),
    ],
)
def test_an_output_that_would_cost_another_file_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: str, line: str
) -> None:
    before = contents(folder)
    command, *rest = arguments.split()
    assert run([command, "e.json", *rest]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {line}")
    assert said.count("\n") == 1
    assert contents(folder) == before


def test_training_goes_on_in_the_file_it_started_from(folder: Path) -> None:
    before = contents(folder)["w.npz"]
    assert run(["train", "e.json", "--steps", "5", "--weights", "w.npz", "--out", "w.npz"]) == 0
    assert contents(folder)["w.npz"] != before


def test_a_disk_that_is_full_costs_no_earlier_script(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = Path.write_bytes

    def full(path: Path, content: bytes) -> Any:
        written(path, content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Path, "write_bytes", full)
    monkeypatch.setattr(
        archive.Path, "write_text", lambda path, text, **_: full(path, text.encode())
    )
    before = contents(folder)
    assert run(["export", "e.json", "--to", "numpy", "-o", "old.py"]) == 2
    assert (
        capsys.readouterr().err
        == "error: --out: old.py can't be written: No space left on device\n"
    )
    assert contents(folder) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_output_that_takes_nothing_is_one_line(folder: Path) -> None:
    with Path("/dev/full").open("w") as nowhere:
        answer = subprocess.run(
            [*COMMAND, "train", "e.json", "--steps", "3"], stdout=nowhere, stderr=-1, text=True
        )
    assert answer.returncode == 1
    assert answer.stderr == "error: the output can't be written: No space left on device\n"
    logged = subprocess.run(
        [*COMMAND, "train", "e.json", "--steps", "3", "--log", "/dev/full"],
        capture_output=True,
        text=True,
    )
    assert logged.returncode == 2
    assert logged.stderr == "error: --log: /dev/full can't be written: No space left on device\n"


def test_a_long_name_is_not_said_again_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "e.json").write_text('{"data": "' + "a" * 5000 + '"}')
    assert run(["train", str(tmp_path / "e.json"), "--steps", "1"]) == 2
    assert len(capsys.readouterr().err) < 500
