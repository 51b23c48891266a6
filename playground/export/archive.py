"""Weight files: `.npz` archives of W1, b1, W2, b2, … in float64, and gamma, beta, mean, variance of
the layers that are normalized. Nothing in them is ever unpickled."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from playground.base.arrays import Array
from playground.base.errors import InputError, LimitError
from playground.experiment.limits import MAX_HIDDEN_LAYERS, MAX_PARAMETERS

_NAME = re.compile(r"(?:W|b|gamma|beta|mean|variance)[1-9][0-9]*")
_SLACK_BYTES = 1024  # of a .npy header, in each member


def weight_archive(weights: Mapping[str, Array]) -> bytes:
    """The bytes of a weight file."""
    packed = io.BytesIO()
    numbers = {name: np.asarray(array, dtype=np.float64) for name, array in weights.items()}
    np.savez(packed, allow_pickle=False, **numbers)
    return packed.getvalue()


def weights_of(archive: bytes) -> dict[str, Array]:
    """The arrays of a weight file, by name; InputError where it is none, or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            sizes = [member.file_size for member in members.infolist()]
            _check_size(sizes)
        with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
            found = {name: np.asarray(arrays[name]) for name in arrays.files}
    except LimitError:
        raise
    except Exception:  # a damaged header brings out whatever zipfile, NumPy or tokenize have
        raise InputError("must be an .npz archive of numbers (no pickle)") from None
    if not found:
        raise InputError("is empty")
    for name, array in found.items():
        if not _NAME.fullmatch(name):
            raise InputError(f"holds {name!r}, which is not a name such as W1 or b1")
        if array.dtype.kind not in "fiu":
            raise InputError(f"{name} must hold numbers, got {array.dtype}")
    return {name: array.astype(np.float64) for name, array in found.items()}


def write_weights(path: Path, weights: Mapping[str, Array]) -> None:
    """Write a weight file under exactly this name: the whole of it, or nothing."""
    write_whole(path, weight_archive(weights))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file: the whole of it, or nothing, and what stood there before stays."""
    if path.exists() and not path.is_file():  # such as /dev/stdout
        path.write_bytes(content)
        return
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _check_size(sizes: list[int]) -> None:
    """What an archive says it unpacks to is checked before it is unpacked."""
    # Running means and variances come on top of the parameters, in layers that are normalized.
    most = 8 * 2 * MAX_PARAMETERS + _SLACK_BYTES * 6 * (MAX_HIDDEN_LAYERS + 1)
    if sum(sizes) > most or len(sizes) > 6 * (MAX_HIDDEN_LAYERS + 1):
        raise LimitError(f"is larger than a network of {MAX_PARAMETERS:,} parameters")
