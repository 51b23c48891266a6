"""A run as one file: a zip archive of what people and programs can read without this one.

    experiment.json   the experiment, as the command line takes it
    weights.npz       W1, b1, … as weight files have them
    data.csv          the table, where the data are one's own
    training.npz      optimizer memory, random streams, step and curves: to go on as if nothing was

All but the first may be missing; weights win over what stands in `training.npz`. Nothing is ever
unpickled, and nothing is unpacked beyond what a run can be.
"""

from __future__ import annotations

import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.base.errors import InputError, LimitError
from playground.experiment.config import Experiment
from playground.experiment.limits import MAX_PARAMETERS, MAX_SAVED_BYTES, MAX_UPLOAD_BYTES
from playground.export.archive import weight_archive, weights_of

Arrays = Mapping[str, npt.NDArray[Any]]

EXPERIMENT, WEIGHTS, TABLE, TRAINING = "experiment.json", "weights.npz", "data.csv", "training.npz"
_MOST_BYTES = {
    EXPERIMENT: 1 << 20,
    WEIGHTS: MAX_SAVED_BYTES,
    TABLE: MAX_UPLOAD_BYTES,
    TRAINING: MAX_SAVED_BYTES,
}
_MOST_MEMBERS = 64
_TRAINING_BYTES = 8 * 5 * MAX_PARAMETERS + (1 << 20)
"""Unpacked: parameters, up to three vectors of memory, running statistics; and the curves."""
_DAMAGED = "is no saved experiment, or a damaged one"


@dataclass(frozen=True)
class Saved:
    """What a saved file holds."""

    experiment: Experiment
    weights: dict[str, Array] | None = None
    training: dict[str, npt.NDArray[Any]] | None = None
    table: bytes | None = None


def saved_file(saved: Saved, extra: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a saved file; `extra` are further texts by name. What training goes on with is
    left out where the file would be too large to be opened again."""
    table = saved.table if saved.experiment.data.name == "csv" else None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(EXPERIMENT, experiment_text(saved.experiment, TABLE if table else None))
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
        if table is not None:
            archive.writestr(TABLE, table)
        # Random bits do not get shorter, and the time is the worker's.
        if saved.weights is not None:
            archive.writestr(WEIGHTS, weight_archive(saved.weights), zipfile.ZIP_STORED)
        if saved.training is not None:
            numbers = io.BytesIO()
            np.savez(numbers, allow_pickle=False, **saved.training)
            if packed.tell() + numbers.tell() < MAX_SAVED_BYTES:
                archive.writestr(TRAINING, numbers.getvalue(), zipfile.ZIP_STORED)
    return packed.getvalue()


def experiment_text(experiment: Experiment, table: str | None = None) -> str:
    """An experiment file; `table` is the name of the CSV file beside it."""
    described = experiment.dump()
    if table is not None:
        described["data"] = {**experiment.dump(expanded=True)["data"], "path": table}
    return json.dumps(described, indent=2, allow_nan=False) + "\n"


def experiment_in(file: bytes) -> dict[str, Any]:
    """The experiment alone, of a saved file or an experiment file, as the page would send it."""
    if file[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(file)) as archive:
                file = _member(archive, EXPERIMENT) or b""
        except _BROKEN:
            raise InputError(_DAMAGED) from None
    # A path means something on the machine where it was written, not here.
    described = Experiment.parse(file).dump(expanded=True)
    if "path" in described["data"]:
        described["data"]["path"] = None
    return described


def saved_in(file: bytes) -> Saved:
    """All that a saved file holds; InputError where it can't be used."""
    experiment = Experiment.parse(experiment_in(file))
    if file[:2] != b"PK":
        return Saved(experiment)
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            weights, training = _member(archive, WEIGHTS), _member(archive, TRAINING)
            table = _member(archive, TABLE)
    except _BROKEN:
        raise InputError(_DAMAGED) from None
    return Saved(
        experiment,
        weights_of(weights) if weights is not None else None,
        _arrays(training) if training is not None else None,
        table,
    )


_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, LookupError, OSError,
    EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip
"""Whatever zipfile brings out of a damaged archive."""


def _member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One file of an archive, or None; LimitError before more is unpacked than it may hold."""
    if len(archive.namelist()) > _MOST_MEMBERS:
        raise InputError(_DAMAGED)
    if name not in archive.namelist():
        return None
    most = _MOST_BYTES[name]
    # What an archive says of itself is not to be believed: no more is read than may be there.
    with archive.open(name) as member:
        found = member.read(most + 1)
    if len(found) > most:
        raise LimitError(f"{name} is larger than {most:,} bytes")
    return found


def _arrays(packed: bytes) -> dict[str, npt.NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as members:
            if sum(member.file_size for member in members.infolist()) > _TRAINING_BYTES:
                raise LimitError(f"is larger than a run of {MAX_PARAMETERS:,} parameters")
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            return {name: np.asarray(stored[name]) for name in stored.files}
    except LimitError:
        raise
    except Exception:  # a damaged header brings out whatever zipfile, NumPy or tokenize have
        raise InputError(f"{TRAINING} must be an .npz archive of numbers (no pickle)") from None
