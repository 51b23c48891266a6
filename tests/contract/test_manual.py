"""The manual covers what there is, and its links lead somewhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import playground
from playground.base.errors import UnknownNameError
from playground.base.registry import Registry
from playground.cli import playground as program
from playground.experiment.config import Experiment
from playground.web import manual
from playground.web.settings import Settings

WHOLE = "\n".join(manual.markdown(name) for name in manual.PAGES)


def _registries() -> list[Registry]:
    modules = pkgutil.walk_packages(playground.__path__, "playground.")
    found = {
        id(value): value
        for module in modules
        if not module.name.endswith("__main__")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Registry)
    }
    return list(found.values())


def test_every_page_is_in_the_contents(root: Path) -> None:
    written = {page.stem for page in (root / "playground" / "manual").glob("*.md")}
    assert written == set(manual.PAGES)


@pytest.mark.parametrize("name", manual.PAGES)
def test_a_page_is_rendered(name: str) -> None:
    page = manual.page(name)
    assert page.title
    assert page.html.startswith("<h1>")
    assert "<!--" not in page.html


def test_a_page_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'speed'"):
        manual.page("sped")


@pytest.mark.parametrize("registry", _registries(), ids=lambda registry: registry.kind)
def test_every_part_is_explained(registry: Registry) -> None:
    for part in registry:
        assert f"| `{part.name}` | {part.help.replace('|', '∣')} |" in WHOLE
        for setting in part.setting_names:
            assert f"`{setting}` (" in WHOLE


def test_every_field_of_an_experiment_is_explained() -> None:
    def keys(node: object) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(keys, node))
        if isinstance(node, dict):
            return set(node).union(*map(keys, node.values()))
        return set()

    missing = {key for key in keys(Experiment().dump()) if f"`{key}`" not in WHOLE}
    assert missing - {"name", "hidden", "output"} == set()


def test_every_command_and_option_is_explained() -> None:
    text = manual.markdown("command-line")
    for name, command in program.commands.items():
        assert f"`{name}" in text
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "help":
                for option in (*parameter.opts, *parameter.secondary_opts):
                    assert f"`{option}`" in text, f"{name} {option}"


def test_every_setting_of_the_server_is_explained() -> None:
    text = manual.markdown("command-line")
    for name in Settings.model_fields:
        if name != "open_browser":  # --open, PLAYGROUND_OPEN
            assert f"`PLAYGROUND_{name.upper()}`" in text


def test_no_link_leads_nowhere(root: Path) -> None:
    for name in manual.PAGES:
        for target in re.findall(r'href="([^"]+)"', manual.page(name).html):
            if target.startswith("http") or target == "/scenarios":
                continue
            there, _, anchor = target.partition("#")
            page = manual.page(there or name)
            if anchor:
                assert f'id="{anchor}"' in page.html, f"{name} → {target}"


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_no_document_names_a_file_that_is_not_there(root: Path, document: str) -> None:
    text = (root / document).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(r"`((?:playground|static|templates|tests|\.ci)/[\w./-]+)`", text)
    assert [path for path in linked + named if not (root / path).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md"])
def test_no_document_names_a_make_target_that_is_not_there(root: Path, document: str) -> None:
    text = (root / document).read_text(encoding="utf-8")
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"`make (\w+)`|^make (\w+)", text, re.MULTILINE)
    assert named
    for target in {first or second for first, second in named}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
