"""Frames as bytes: one JSON header and the arrays it names, packed into one attachment.

Layout, little-endian throughout: a uint32 header length; the JSON header, filled up with spaces so
that it ends on a multiple of 8 bytes; then the arrays, each starting on a multiple of 8 bytes, so
that the browser lays typed-array views over them without a copy. The header's `arrays` lists each
array's `name`, `dtype`, `shape` and `offset` (from the start of the attachment).
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.errors import InputError

AnyArray = npt.NDArray[Any]

DTYPES: dict[str, np.dtype[Any]] = {
    name: np.dtype(name).newbyteorder("<") for name in ("float64", "float32", "uint16", "uint8")
}
# `dtype.name` is built anew at every call, which would be half the cost of a frame.
_NAMES = {order + dtype.str[1:]: name for name, dtype in DTYPES.items() for order in "<>|"}
ALIGNMENT = 8
_LENGTH = struct.Struct("<I")


def encode(header: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> bytes:
    """One attachment. ValueError where the header holds NaN or infinity, which JSON lacks."""
    rows: list[tuple[str, int]] = []
    bodies: list[bytes] = []
    size = 0
    for name, array in arrays.items():
        kind = array.dtype.str
        body = (array.astype(DTYPES[_NAMES[kind]]) if kind[0] == ">" else array).tobytes()
        rows.append((_row(name, _NAMES[kind], array.shape), size))
        bodies.append(body)
        size += len(body)
        if size % ALIGNMENT:
            padding = bytes(-size % ALIGNMENT)
            bodies.append(padding)
            size += len(padding)
    text = _HEADER.encode(header)
    # The offsets stand in the header whose length decides them: leave room for their digits.
    room = len(text) + sum(len(row) for row, _ in rows) + 32 * (len(rows) + 1)
    start = _aligned(_LENGTH.size + room)
    table = ",".join(f'{row},"offset":{start + offset}}}' for row, offset in rows)
    opening = f"{text[:-1]}," if len(text) > 2 else "{"
    head = f'{opening}"arrays":[{table}]}}'.encode("ascii").ljust(start - _LENGTH.size)
    return b"".join([_LENGTH.pack(len(head)), head, *bodies])


_HEADER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


@lru_cache(maxsize=4096)
def _row(name: str, dtype: str, shape: tuple[int, ...]) -> str:
    """The beginning of an array's entry in the table."""
    return f'{{"name":{json.dumps(name)},"dtype":"{dtype}","shape":{list(shape)}'


def decode(data: bytes) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """The header (without `arrays`) and read-only arrays; InputError where they disagree."""
    if len(data) < _LENGTH.size:
        raise InputError("a frame starts with its header's length in four bytes")
    (length,) = _LENGTH.unpack_from(data)
    if length > len(data) - _LENGTH.size:
        raise InputError(f"the header is said to be {length} bytes long, the frame is {len(data)}")
    try:
        header = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        table = header.pop("arrays")
        arrays = {entry["name"]: _view(data, entry) for entry in table}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"not a frame's header: {error}") from None
    return header, arrays


def _view(data: bytes, entry: Mapping[str, Any]) -> AnyArray:
    dtype = DTYPES.get(entry["dtype"])
    if dtype is None:
        raise InputError(f"no array is of type {entry['dtype']!r}; known: {', '.join(DTYPES)}")
    shape, offset = entry["shape"], entry["offset"]
    if not all(isinstance(n, int) and n >= 0 for n in [*shape, offset]) or offset % ALIGNMENT:
        raise InputError(f"array {entry['name']!r} has an impossible shape or offset")
    count = math.prod(shape)
    if offset + count * dtype.itemsize > len(data):
        raise InputError(f"array {entry['name']!r} reaches beyond the end of the frame")
    return np.frombuffer(data, dtype, count, offset).reshape(shape)


def _aligned(size: int) -> int:
    return size + -size % ALIGNMENT
