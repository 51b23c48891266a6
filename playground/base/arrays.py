"""Array aliases, dtypes and named random streams: same seed, same curve, bit for bit."""

from __future__ import annotations

import zlib
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.integer[Any]]
BoolArray = npt.NDArray[np.bool_]
DtypeName = Literal["float64", "float32"]


def random_stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator of its own for each name under one seed, so that drawing more from one stream
    (a wider layer, a larger sample) never shifts another.

    Names are hashed with CRC-32, which is the same in every process; Python's `hash` is not.

    >>> bool(random_stream(0, "data").random() == random_stream(0, "data").random())
    True
    >>> bool(random_stream(0, "data").random() == random_stream(0, "shuffle").random())
    False
    """
    words = [zlib.crc32(n.encode()) if isinstance(n, str) else n for n in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
