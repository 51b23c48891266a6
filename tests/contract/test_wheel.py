"""`pip install` into an empty environment, away from the checkout, gives one that plays."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from driver import Playground
from playwright.sync_api import Page
from server import ServerProcess

VENDORED = {
    "atkinson-hyperlegible-mono.woff2",
    "atkinson-hyperlegible-next.woff2",
    "plotly-cartesian.min.js",
    "plotly-cartesian.min.js.gz",
    "socket.io.esm.min.js",
    "socket.io.esm.min.js.gz",
}


def _pip(python: Path | str, *arguments: str, cwd: Path) -> None:
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    answer = subprocess.run([*pip, *arguments], cwd=cwd, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", str(folder), str(root), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment into which the wheel was installed."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=True)
    scripts = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pins = str(root / "constraints.txt")
    _pip(scripts / "python", "install", "-c", pins, str(wheel), cwd=home)
    return scripts


def test_the_wheel_carries_the_page_and_all_it_needs(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("static", "templates"):
        ours = {
            f"playground/{file.relative_to(root).as_posix()}"
            for file in (root / folder).rglob("*")
            if file.is_file()
        }
        assert ours
        assert ours <= names
    assert {f"playground/static/vendor/{name}" for name in VENDORED} <= names
    assert {name for name in names if name.startswith("playground/manual/")}


def test_every_vendored_file_brings_its_licence(wheel: Path) -> None:
    names = [name.rsplit("/", 1)[1] for name in zipfile.ZipFile(wheel).namelist()]
    licences = {name for name in names if name.endswith(".LICENSE.txt")}
    assert licences == {
        "atkinson-hyperlegible-mono.LICENSE.txt",
        "atkinson-hyperlegible-next.LICENSE.txt",
        "plotly.LICENSE.txt",
        "socket.io-client.LICENSE.txt",
    }


def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert all(top == "playground" or top.endswith(".dist-info") for top in tops)


def test_an_installed_playground_plays(installed: Path, tmp_path: Path, page: Page) -> None:
    command = (str(installed / "backprop-playground"),)
    with ServerProcess(tmp_path / "server.log", command=command, cwd=tmp_path) as server:
        playground = Playground(page, server.url).open()
        playground.play()
        playground.wait_for_metric("step", above=20)
        page.close()  # before its server goes


def test_an_installed_playground_trains_without_a_browser(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "experiment.json").write_text("{}", encoding="utf-8")
    answer = subprocess.run(
        [installed / "backprop-playground", "train", "experiment.json", "--steps", "50"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    assert '"steps": 50' in answer.stdout.splitlines()[-1]


def test_the_program_ships_its_types(wheel: Path) -> None:
    assert "playground/py.typed" in zipfile.ZipFile(wheel).namelist()
