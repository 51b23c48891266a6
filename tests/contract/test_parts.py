"""What must hold for every part of every registry, also for one that is added tomorrow."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import playground
from playground.base.errors import InputError, UnknownNameError
from playground.base.registry import Part, Registry
from playground.wire.formulary import FORMULARY
from playground.wire.mathml import tree
from playground.wire.terms import LETTERS


def _registries() -> dict[int, Registry]:
    found = {}
    for module in pkgutil.walk_packages(playground.__path__, "playground."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Registry):
                    found[id(value)] = value
    return found


REGISTRIES = sorted(_registries().values(), key=lambda registry: registry.kind)
PARTS = [
    pytest.param(registry, part, id=f"{registry.kind}-{part.name}")
    for registry in REGISTRIES
    for part in registry
]


def test_there_is_one_registry_of_each_kind() -> None:
    kinds = [registry.kind for registry in REGISTRIES]
    assert len(kinds) == len(set(kinds))
    wanted = {"activation", "initializer", "loss", "optimizer", "schedule", "data set"}
    assert wanted <= set(kinds)


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_a_part_says_what_it_is(registry: Registry, part: Part) -> None:
    assert part.title.strip()
    assert len(part.help.split()) >= 3, f"the {registry.kind} {part.name} needs a docstring"
    assert len(part.help) <= 250, "the first paragraph is a sentence or two, not an essay"


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_a_part_answers_to_its_name_alone(registry: Registry, part: Part) -> None:
    settings = registry.settings(part.name)
    assert settings == registry.settings({"name": part.name})
    assert settings.model_dump()["name"] == part.name


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_every_setting_can_be_shown_in_a_form(registry: Registry, part: Part) -> None:
    schema = part.settings.model_json_schema()
    for name in part.setting_names:
        field = schema["properties"][name]
        assert field.get("description"), f"{part.name}.{name} needs a description"
        assert field.get("title"), f"{part.name}.{name} needs a title"
        assert "default" in field


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_an_unknown_setting_is_refused(registry: Registry, part: Part) -> None:
    with pytest.raises(InputError, match="nonsense"):
        registry.settings({"name": part.name, "nonsense": 1})


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_a_name_off_by_a_letter_is_refused_with_the_right_one(
    registry: Registry, part: Part
) -> None:
    with pytest.raises(UnknownNameError) as refusal:
        registry.settings(part.name + "q")
    if len(part.name) >= 4:
        assert "did you mean" in refusal.value.message


WITHOUT_FORMULA = {"data set"}
"""A cloud of points has none."""


@pytest.mark.parametrize(("registry", "part"), PARTS)
def test_a_part_has_its_formula_and_its_source(registry: Registry, part: Part) -> None:
    if registry.kind not in FORMULARY:
        pytest.skip(f"a {registry.kind} is nothing that mathematics books have")
    entry = FORMULARY[registry.kind].get(part.name)
    assert entry, f"the {registry.kind} {part.name!r} is missing in playground/wire/formulary.py"
    assert entry.source.strip()
    assert entry.formulas or registry.kind in WITHOUT_FORMULA
    assert LETTERS[registry.kind] or registry.kind in WITHOUT_FORMULA
    for formula in entry.formulas:
        assert tree(formula)[0] == "math"


def test_the_formulary_knows_no_part_that_is_gone() -> None:
    by_kind = {registry.kind: set(registry.names) for registry in REGISTRIES}
    assert {kind: set(entries) for kind, entries in FORMULARY.items()} == {
        kind: by_kind[kind] for kind in FORMULARY
    }
    wanted = {"activation", "loss", "optimizer", "initializer", "schedule", "normalization"}
    assert wanted <= set(FORMULARY)
