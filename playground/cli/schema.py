"""`schema`: the JSON Schema of experiment files."""

from __future__ import annotations

import json

import click


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of experiment files."""
    from playground.wire.schema import experiment_schema

    click.echo(json.dumps(experiment_schema(), indent=2, ensure_ascii=False))
