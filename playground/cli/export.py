"""`export`: an experiment as a script of its own."""

from __future__ import annotations

from pathlib import Path

import click

from playground.cli.files import (
    READABLE,
    READABLE_OR_STDIN,
    WRITABLE,
    check_output,
    one_blas_thread,
    read_experiment,
    read_table,
    read_weights,
    table_path,
    unwritable,
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
    check_output(out, "--out", [experiment, table_path(described, experiment, data), weights])
    script = make(described, read_weights(weights), read_table(described, experiment, data))
    if out is None:
        click.echo(script, nl=False)
        return
    from playground.export.archive import write_whole

    try:
        write_whole(out, script.encode())
    except OSError as error:
        raise unwritable(out, error, "--out") from None
