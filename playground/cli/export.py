"""`export`: an experiment as a script of its own."""

from __future__ import annotations

from pathlib import Path

import click

from playground.base.errors import InputError
from playground.cli.files import (
    READABLE,
    READABLE_OR_STDIN,
    WRITABLE,
    one_blas_thread,
    read_experiment,
    read_table,
    read_weights,
)


@click.command("export")
@click.argument("experiment", type=READABLE_OR_STDIN, metavar="EXPERIMENT.json")
@click.option("--to", "library", required=True, metavar="LIBRARY", help="numpy or pytorch.")
@click.option("--weights", type=READABLE, help="Start from these (.npz), not from initializers.")
@click.option("--data", type=READABLE, help="The table of the data set 'csv'.")
@click.option(
    "-o", "--out", type=WRITABLE, help="Write the script there.  [default: standard output]"
)
def export_command(
    experiment: Path, library: str, weights: Path | None, data: Path | None, out: Path | None
) -> None:
    """Write the experiment in a file ('-': standard input) as a script that repeats its numbers."""
    one_blas_thread()
    from playground.export.exporters import EXPORTERS

    make = EXPORTERS.part(library, "--to").make
    described = read_experiment(experiment)
    script = make(described, read_weights(weights), read_table(described, experiment, data))
    if out is None:
        click.echo(script, nl=False)
        return
    try:
        out.write_text(script, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} can't be written: {error.strerror}", "--out") from None
