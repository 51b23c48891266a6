"""The Experiment's JSON Schema (draft 2020-12): it draws the form and tells what a file may hold.

A part is a `oneOf`: one entry for each name, with its settings as properties. Beside the standard's
keywords there are `x-kind` (of which registry it is), `x-group` (the heading it stands under),
`x-unit` (what a number counts), `x-scale` (`log` where a slider should be), `x-titles` (what
people read for the names of an enumeration) and `x-help` (what each of them is).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from playground.experiment.config import Experiment


@cache
def experiment_schema() -> dict[str, Any]:
    """The schema, whole: nothing in it refers elsewhere."""
    schema = Experiment.model_json_schema()
    definitions = schema.pop("$defs", {})
    whole = _resolved(schema, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def _resolved(node: Any, definitions: dict[str, Any]) -> Any:
    """`node` with what it refers to in place of each reference; words beside a reference win."""
    if isinstance(node, list):
        return [_resolved(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].removeprefix("#/$defs/")]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    return {key: _resolved(value, definitions) for key, value in node.items()}
