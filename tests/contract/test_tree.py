"""The checkout: what may lie in its root, how long a file may be, what must not be committed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT_HOLDS = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints.txt",
    "playground",
    "pyproject.toml",
    "static",
    "templates",
    "tests",
}
LONGEST = 300
GENERATED = {"package-lock.json"}


@pytest.fixture(scope="module")
def files(root: Path) -> list[Path]:
    """Every file that is, or would be, committed; relative to the root."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listing, cwd=root, capture_output=True, text=True)
    if answer.returncode:
        pytest.skip("not a git checkout")
    named = [Path(name) for name in answer.stdout.split("\0") if name]
    return [file for file in named if (root / file).is_file()]


def test_the_root_holds_nothing_unexpected(files: list[Path]) -> None:
    assert {file.parts[0] for file in files} <= ROOT_HOLDS


def test_product_code_lies_in_no_folder_that_tools_claim(files: list[Path]) -> None:
    claimed = {"spec", "docs", "examples", "build"}
    assert [file for file in files if claimed & set(file.parts[:-1])] == []


def test_no_file_is_longer_than_it_should_be(root: Path, files: list[Path]) -> None:
    long = {
        str(file): lines
        for file in files
        if file.suffix in {".py", ".js", ".mjs", ".css", ".html"} and file.name not in GENERATED
        if (lines := len((root / file).read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_file_says_in_its_first_line_what_it_does(root: Path, files: list[Path]) -> None:
    opening = {
        ".py": ('"""', 'r"""', "#!"),
        ".js": ("//", "/*"),
        ".mjs": ("//", "/*"),
        ".css": ("/*",),
    }
    silent = [
        str(file)
        for file in files
        if file.suffix in opening
        and (text := (root / file).read_text(encoding="utf-8"))
        and not text.startswith(opening[file.suffix])
    ]
    assert silent == []


def test_nothing_of_others_is_committed(files: list[Path]) -> None:
    foreign = re.compile(r"\.min\.(js|css)$|\.woff2?$|(^|/)node_modules/|(^|/)vendor/")
    assert [str(file) for file in files if foreign.search(file.as_posix())] == []


def test_no_file_names_a_package_registry(root: Path, files: list[Path]) -> None:
    """Where packages come from is for the machine's own configuration to say."""
    host = re.compile(r"pypi\.(org|io)|registry\.(npmjs|yarnpkg)|pythonhosted\.org|debian\.org")
    naming = [
        str(file)
        for file in files
        if host.search((root / file).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert naming == []
