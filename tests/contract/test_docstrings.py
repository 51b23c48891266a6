"""Docstrings are there, and true: every `>>>` is run."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import playground

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(playground.__path__, "playground.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0, f"{outcome.failed} of {outcome.attempted} examples in {name}"


@pytest.mark.parametrize("name", MODULES)
def test_what_others_use_is_explained_in(name: str) -> None:
    file = importlib.import_module(name).__file__
    assert file is not None
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{name} has no docstring"
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, definitions)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
