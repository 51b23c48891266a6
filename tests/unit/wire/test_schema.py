"""The schema that draws the form: whole, worded, and true to what the experiment accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from playground.base.registry import Registry
from playground.data.sets import DATASETS
from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.config import Experiment
from playground.wire.schema import experiment_schema

SCHEMA = experiment_schema()


def field(path: str) -> dict[str, Any]:
    """The schema of a field; `*` is a list's items."""
    found: Any = SCHEMA
    for key in path.split("."):
        found = found["items"] if key == "*" else found["properties"][key]
    assert isinstance(found, dict)
    return found


def walk(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema within, with a path for people."""
    if isinstance(node, dict):
        yield path, node
        for key, inner in node.items():
            if key not in ("default", "const", "enum", "x-titles"):
                yield from walk(inner, f"{path}.{key}")
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from walk(inner, f"{path}.{place}")


def test_it_is_json_and_refers_nowhere() -> None:
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    assert "$ref" not in json.dumps(SCHEMA)
    assert "$defs" not in SCHEMA


def test_its_defaults_are_the_default_experiment() -> None:
    defaults = {key: value["default"] for key, value in SCHEMA["properties"].items()}
    assert Experiment.parse(defaults) == Experiment()


def test_every_field_has_a_title() -> None:
    silent = [
        f"{path}.{name}"
        for path, node in walk(SCHEMA)
        for name, inner in node.get("properties", {}).items()
        if isinstance(inner, dict) and not inner.get("title")
    ]
    assert silent == []


def test_titles_are_in_sentence_case() -> None:
    names = {"Weight Decay", "Total Epochs"}  # as pydantic would have them
    titles = {
        inner["title"]
        for _, node in walk(SCHEMA)
        for inner in node.get("properties", {}).values()
        if isinstance(inner, dict) and "title" in inner
    }
    assert not titles & names
    assert {"Weight decay", "Total epochs"} <= titles
    assert [t for t in titles if re.search(r"[a-z] [A-Z][a-z]", t)] == []


def test_every_setting_that_is_not_a_group_is_explained() -> None:
    silent = [
        f"{path}.{name}"
        for path, node in walk(SCHEMA)
        for name, inner in node.get("properties", {}).items()
        if name not in ("name", "version") and not inner.get("description")
        if "oneOf" not in inner and "properties" not in inner
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("path", "registry", "extra"),
    [
        ("data", DATASETS, []),
        ("network.hidden.*.activation", ACTIVATIONS, []),
        ("network.output.activation", ACTIVATIONS, []),
        ("training.loss", LOSSES, ["auto"]),
        ("training.optimizer", OPTIMIZERS, []),
        ("training.schedule", SCHEDULES, []),
    ],
)
def test_a_part_is_one_of_its_registry_with_its_settings(
    path: str, registry: Registry, extra: list[str]
) -> None:
    variants = field(path)["oneOf"]
    names = [variant["properties"]["name"]["const"] for variant in variants]
    assert names == [*extra, *registry.names]
    for variant, name in zip(variants, names, strict=True):
        assert variant["title"]
        assert variant["description"]
        assert variant["additionalProperties"] is False
        if name in registry:
            own = set(registry.part(name).setting_names)
            assert own <= variant["properties"].keys()


def test_bounds_and_units_come_along() -> None:
    units = field("network.hidden.*.units")
    assert (units["minimum"], units["maximum"]) == (1, 512)
    rate = field("training.learning_rate")
    assert (rate["exclusiveMinimum"], rate["default"], rate["x-scale"]) == (0, 0.03, "log")
    assert field("training.batch_size")["x-unit"] == "examples"
    assert field("network.hidden")["maxItems"] == 64
    circle = field("data")["oneOf"][0]["properties"]
    assert (circle["noise"]["minimum"], circle["noise"]["maximum"]) == (0, 0.5)
    assert circle["features"]["items"]["enum"][2] == "x1_squared"
    assert circle["features"]["x-titles"]["x1_squared"] == "x₁²"


def test_a_data_sets_own_settings_come_before_the_common_ones() -> None:
    circle = list(field("data")["oneOf"][0]["properties"])
    assert circle[:4] == ["name", "samples", "noise", "train_fraction"]


def test_what_may_be_null_says_so() -> None:
    for path in ("training.clip_norm", "network.hidden.*.residual", "training.stop.patience"):
        kinds = [variant.get("type") for variant in field(path)["anyOf"]]
        assert "null" in kinds, path
    normalization = field("network.hidden.*.normalization")["anyOf"]
    assert {"type": "null"} in normalization


def test_every_data_set_stands_under_the_heading_people_look_under() -> None:
    headings: dict[str, set[str]] = {}
    for variant in experiment_schema()["properties"]["data"]["oneOf"]:
        name = variant["properties"]["name"]["const"]
        headings.setdefault(variant["x-group"], set()).add(name)
    assert {"circle", "xor", "gauss", "spiral", "blobs"} <= headings["Classification"]
    assert headings["Regression"] == {"plane", "multi_gauss", "sine"}
    assert headings["Real data"] == {"iris", "wine", "breast_cancer", "digits", "diabetes"}
    assert headings["Your own"] == {"csv", "drawn"}
    assert headings["Worked by hand"] == {"mazur"}
