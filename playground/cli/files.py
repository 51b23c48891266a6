"""What commands read: an experiment, the table of its data, weights; each refused in words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playground.base.errors import InputError

if TYPE_CHECKING:
    from playground.experiment.config import Experiment

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
READABLE_OR_STDIN = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)

_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_blas_thread() -> None:
    """One thread is fastest at these sizes; it must be said before NumPy is loaded."""
    for variable in _BLAS:
        os.environ.setdefault(variable, "1")


def read_experiment(path: Path) -> Experiment:
    """The experiment in a file, or on standard input for `-`."""
    from playground.experiment.config import Experiment

    try:
        return Experiment.parse(read_bytes(path))
    except InputError as error:
        raise error if error.field else error.under(str(path)) from None


def read_table(described: Experiment, path: Path, data: Path | None) -> bytes | None:
    """The CSV file named on the command line, or by the experiment and seen from its folder."""
    named: str | None = getattr(described.data, "path", None)
    if data is not None:
        return read_bytes(data)
    if named is None:
        return None
    beside = Path() if str(path) == "-" else path.parent
    try:
        return (beside / named).read_bytes()
    except OSError as error:
        raise InputError(f"{beside / named} can't be read: {error.strerror}", "data.path") from None


def read_weights(path: Path | None) -> dict[str, Any] | None:
    """The arrays of a weight file; None where none is named."""
    if path is None:
        return None
    from playground.export.archive import weights_of

    try:
        return dict(weights_of(read_bytes(path)))
    except InputError as error:
        raise error.under("--weights") from None


def read_bytes(path: Path) -> bytes:
    """The file's content; standard input for `-`."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", str(path)) from None
