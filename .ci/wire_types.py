"""The browser's types of the wire, from the server's models: tests/js/generated/wire.d.ts.

Made afresh for every check and never committed, so that browser code which no longer fits what the
server says is found by `tsc`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from playground.experiment.config import Experiment
from playground.telemetry.frames import FrameHeader, PointsHeader
from playground.telemetry.standing import StateEvent
from playground.wire.commands import Command

ON_THE_WIRE: dict[str, Any] = {
    "Experiment": Experiment,
    "Command": Command,
    "FrameHeader": FrameHeader,
    "PointsHeader": PointsHeader,
    "StateEvent": StateEvent,
}
DUMPED_WHOLE = {"Experiment", "HiddenLayer", "Network", "OutputLayer", "Stop", "Training"}
"""What the server sends with every key in its place, though a file may leave any of them out."""

UNSAYABLE = {"title", "default", "minItems", "maxItems", "uniqueItems"}
"""What would only make the types longer: names for every number, tuples of every length."""

PART = {
    "description": "A part: its name alone, or with settings.",
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": True,
        },
    ],
}


def wire_schema() -> dict[str, Any]:
    """One JSON Schema with a definition for each kind of message."""
    wanted = [(name, "validation", TypeAdapter(model)) for name, model in ON_THE_WIRE.items()]
    kinds, document = TypeAdapter.json_schemas(wanted)  # type: ignore[arg-type]
    definitions = {name: _typed(schema) for name, schema in document["$defs"].items()}
    for name in DUMPED_WHOLE:
        definitions[name]["required"] = list(definitions[name]["properties"])
    for (name, _), schema in kinds.items():
        definitions.setdefault(name, _typed(schema))
    definitions["StateEvent"]["properties"]["experiment"] = {"$ref": "#/$defs/Experiment"}
    return {
        "title": "Wire",
        "description": "Everything that crosses the wire.",
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{name}"} for name in ON_THE_WIRE},
        "required": list(ON_THE_WIRE),
        "additionalProperties": False,
        "$defs": {**definitions, "Part": PART},
    }


def write(path: Path) -> None:
    """The schema as a file, for json-schema-to-typescript."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(wire_schema(), indent=2), encoding="utf-8")


def _typed(node: Any) -> Any:
    if isinstance(node, list):
        return [_typed(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "oneOf" in node:  # the parts of a registry, whose settings are for the form to know
        return {"$ref": "#/$defs/Part"}
    kept = {
        key: {name: _typed(schema) for name, schema in value.items()}
        if key == "properties"
        else _typed(value)
        for key, value in node.items()
        if key not in UNSAYABLE and not key.startswith("x-")
    }
    if "properties" in kept:
        kept.setdefault("additionalProperties", False)
    return kept
