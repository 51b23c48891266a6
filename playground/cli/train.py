"""`train`: run an experiment without a browser."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import click

from playground.base.errors import InputError
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


@click.command("train")
@click.argument("experiment", type=READABLE_OR_STDIN, metavar="EXPERIMENT.json")
@click.option("--steps", type=click.IntRange(min=0), help="How many updates to make.")
@click.option("--epochs", type=click.IntRange(min=0), help="How many passes over the training set.")
@click.option("--weights", type=READABLE, help="Start from these (.npz), not from initializers.")
@click.option("--out", type=WRITABLE, help="Write the trained weights there (.npz).")
@click.option("--log", type=WRITABLE, help="Write measurements there, a JSON object a line.")
@click.option(
    "--log-every",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Log step 1, then each step that is a multiple of this.",
)
@click.option("--data", type=READABLE, help="The table of the data set 'csv'.")
def train_command(
    experiment: Path,
    steps: int | None,
    epochs: int | None,
    weights: Path | None,
    out: Path | None,
    log: Path | None,
    log_every: int,
    data: Path | None,
) -> int:
    """Train the experiment in a file ('-': standard input), without a browser.

    The last line of stdout is one JSON object with what came of it; Ctrl-C ends training and loses
    nothing. Exit codes: 2 for bad input, 3 where training diverged, 130 after Ctrl-C.
    """
    one_blas_thread()
    from playground.cli.loop import INTERRUPTED, Log, train_assembly
    from playground.experiment.assemble import assemble
    from playground.experiment.weights import named_weights
    from playground.export.archive import write_weights

    described = read_experiment(experiment)
    if steps is not None and epochs is not None:
        raise InputError("can't be given together with --epochs", "--steps")
    if steps is None and epochs is None and not described.training.stop.any:
        raise InputError("give --steps, --epochs or a rule in training.stop", "--steps")
    first = read_weights(weights)
    table = read_table(described, experiment, data)
    read = [experiment, table_path(described, experiment, data)]
    check_output(out, "--out", read)
    check_output(log, "--log", [*read, weights, out])
    assembly = assemble(described, weights=first, table=table)
    if epochs is not None:
        steps = epochs * assembly.trainer.steps_per_epoch
    try:
        with log.open("w", encoding="utf-8") if log else nullcontext() as file:
            outcome = train_assembly(assembly, steps, Log(file, log_every) if file else None)
    except OSError as error:
        assert log is not None, "nothing else is written while training"
        raise unwritable(log, error, "--log") from None
    if out is not None:
        try:
            write_weights(out, named_weights(assembly.network))
        except OSError as error:
            raise unwritable(out, error, "--out") from None
    click.echo(json.dumps(outcome.report(), allow_nan=False))
    if outcome.diverged:
        raise outcome.diverged
    return 130 if outcome.stopped == INTERRUPTED else 0
