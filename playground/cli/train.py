"""`train`: run an experiment without a browser."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from playground.base.errors import InputError

if TYPE_CHECKING:
    from playground.experiment.config import Experiment

_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_READABLE_OR_STDIN = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("train")
@click.argument("experiment", type=_READABLE_OR_STDIN, metavar="EXPERIMENT.json")
@click.option("--steps", type=click.IntRange(min=0), help="How many updates to make.")
@click.option("--epochs", type=click.IntRange(min=0), help="How many passes over the training set.")
@click.option("--weights", type=_READABLE, help="Start from these (.npz), not from initializers.")
@click.option("--out", type=_WRITABLE, help="Write the trained weights there (.npz).")
@click.option("--log", type=_WRITABLE, help="Write measurements there, a JSON object a line.")
@click.option(
    "--log-every",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Log step 1, then each step that is a multiple of this.",
)
@click.option("--data", type=_READABLE, help="The table of the data set 'csv'.")
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
    # One thread is fastest at these sizes, and it must be said before NumPy is loaded.
    for variable in _BLAS:
        os.environ.setdefault(variable, "1")
    from playground.cli.loop import Log, train_assembly
    from playground.experiment.assemble import assemble
    from playground.experiment.weights import named_weights
    from playground.export.archive import weights_of, write_weights

    described = _read_experiment(experiment)
    if steps is not None and epochs is not None:
        raise InputError("can't be given together with --epochs", "--steps")
    if steps is None and epochs is None and not described.training.stop.any:
        raise InputError("give --steps, --epochs or a rule in training.stop", "--steps")
    first = None
    if weights is not None:
        try:
            first = weights_of(_bytes(weights))
        except InputError as error:
            raise error.under("--weights") from None
    assembly = assemble(described, weights=first, table=_read_table(described, experiment, data))
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


def _read_experiment(path: Path) -> Experiment:
    from playground.experiment.config import Experiment

    try:
        return Experiment.parse(_bytes(path))
    except InputError as error:
        raise error if error.field else error.under(str(path)) from None


def _read_table(described: Experiment, path: Path, data: Path | None) -> bytes | None:
    """The CSV file named on the command line, or by the experiment and seen from its folder."""
    named: str | None = getattr(described.data, "path", None)
    if data is not None:
        return _bytes(data)
    if named is None:
        return None
    beside = Path() if str(path) == "-" else path.parent
    try:
        return (beside / named).read_bytes()
    except OSError as error:
        raise InputError(f"{beside / named} can't be read: {error.strerror}", "data.path") from None


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", str(path)) from None
