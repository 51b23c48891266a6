"""The state of a random stream as six 64-bit words, so that it fits among plain numeric arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[Any]

_WORD = (1 << 64) - 1


def stream_words(state: Mapping[str, Any]) -> Words:
    """From what a PCG64 generator says of itself."""
    inner = state["state"]
    return np.array(
        [
            inner["state"] >> 64,
            inner["state"] & _WORD,
            inner["inc"] >> 64,
            inner["inc"] & _WORD,
            state["has_uint32"],
            state["uinteger"],
        ],
        np.uint64,
    )


def stream_state(words: Words) -> dict[str, Any]:
    """Back to what a PCG64 generator takes.

    >>> state = np.random.PCG64(1).state
    >>> stream_state(stream_words(state)) == state
    True
    """
    w = [int(v) for v in words]
    return {
        "bit_generator": "PCG64",
        "state": {"state": (w[0] << 64) | w[1], "inc": (w[2] << 64) | w[3]},
        "has_uint32": w[4],
        "uinteger": w[5],
    }
