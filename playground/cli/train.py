"""`train`: run an experiment without a browser."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

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

    The last line of stdout is one JSON object with what came of it. Exit codes: 2 for bad input,
    3 where training diverged.
    """
    one_blas_thread()
    from playground.cli.loop import Log, train_assembly
    from playground.experiment.assemble import assemble
    from playground.experiment.weights import named_weights
    from playground.export.archive import write_weights

    described = read_experiment(experiment)
    if steps is not None and epochs is not None:
        raise InputError("can't be given together with --epochs", "--steps")
    if steps is None and epochs is None and not described.training.stop.any:
        raise InputError("give --steps, --epochs or a rule in training.stop", "--steps")
    first = read_weights(weights)
    assembly = assemble(described, weights=first, table=read_table(described, experiment, data))
    if epochs is not None:
        steps = epochs * assembly.trainer.steps_per_epoch
    with ExitStack() as stack:
        # Both files are opened first: a folder that isn't there is no news for after the training.
        lines = Log(stack.enter_context(_opened(log, "--log")), log_every) if log else None
        if out is not None and not out.parent.is_dir():
            raise InputError(f"there is no folder {out.parent}", "--out")
        outcome = train_assembly(assembly, steps, lines)
    if out is not None:
        try:
            write_weights(out, named_weights(assembly.network))
        except OSError as error:
            raise InputError(f"can't be written: {error.strerror}", "--out") from None
    click.echo(json.dumps(outcome.report(), allow_nan=False))
    if outcome.diverged:
        raise outcome.diverged
    return 0


def _opened(path: Path, option: str) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}", option) from None
