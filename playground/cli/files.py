"""What commands read: an experiment, the table of its data, weights; each refused in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
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


def table_path(described: Experiment, path: Path, data: Path | None) -> Path | None:
    """The CSV file named on the command line, or by the experiment and seen from its folder."""
    named: str | None = getattr(described.data, "path", None)
    if data is not None or named is None:
        return data
    return (Path() if str(path) == "-" else path.parent) / named


def read_table(described: Experiment, path: Path, data: Path | None) -> bytes | None:
    """Its content; None where none is named."""
    table = table_path(described, path, data)
    if table is None:
        return None
    try:
        return table.read_bytes()
    except (OSError, ValueError) as error:  # a name can hold what no file's name can
        if data is not None:
            raise InputError(f"can't be read: {_reason(error)}", str(data)) from None
        raise InputError(f"{table} can't be read: {_reason(error)}", "data.path") from None


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
        raise InputError(f"can't be read: {_reason(error)}", str(path)) from None


def check_output(path: Path | None, option: str, inputs: Iterable[Path | None]) -> None:
    """InputError unless `path` can be written and is none of `inputs`, which would be lost; asked
    before anything is computed, and before another output is opened."""
    if path is None:
        return
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", option)
    if path.is_dir():
        raise InputError(f"must be a file, {path} is a folder", option)
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(f"{path} can't be written: Permission denied", option)
    for other in inputs:
        # `resolve`, as two outputs may be one file that is not there yet.
        if other is not None and other.resolve() == path.resolve() and not _is_device(path):
            raise InputError(f"must be another file than {other}, which it would replace", option)


def unwritable(path: Path, error: OSError, option: str) -> InputError:
    """What to say of a file that can't be written."""
    return InputError(f"{path} can't be written: {_reason(error)}", option)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()
