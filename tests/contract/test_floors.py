"""The house stands as ARCHITECTURE.md draws it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest


def test_every_import_goes_down(root: Path) -> None:
    """The contracts of pyproject.toml: floors, no circles, no network in the web process."""
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    answer = subprocess.run(lint, cwd=root, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_web_process_never_loads_a_network(root: Path) -> None:
    """import-linter reads the sources; this looks at what is really loaded."""
    code = (
        "import playground.web.app, sys;"
        "print(*[m for m in sys.modules if m in {'playground.engine.network',"
        " 'playground.engine.trainer', 'playground.experiment.assemble'}])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.strip() == ""


def test_the_program_imports_what_it_declares_and_declares_what_it_imports(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(re.split(r"[<>=! \[]", entry)[0]) for entry in project["dependencies"]}
    providers = packages_distributions()
    imported = {
        _normal(distribution)
        for module in _top_level_imports(root / "playground")
        for distribution in providers.get(module, [module])
    }
    # python-engineio is only pinned: our WebSocket driver plugs in where it looks for one.
    assert imported == declared - {"python-engineio"}


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _top_level_imports(package: Path) -> set[str]:
    names: set[str] = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"playground"}


@pytest.mark.parametrize("extra", ["test", "lint"])
def test_everything_an_extra_needs_is_pinned(root: Path, extra: str) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"][extra]
    pinned = {
        _normal(line.split("==")[0])
        for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert {_normal(re.split(r"[<>=! \[]", entry)[0]) for entry in wanted} <= pinned
