"""Curves and maps over training time: of bounded length, and no spike is lost.

Time is kept in spans of steps. A new sample is a span of its own; once there are too many, the two
neighbours that together cover the fewest steps become one. So the spans stay about equally long on
the axis of steps, however fast or slow training was, and each remembers the extremes of what it
swallowed. The first and the newest sample are never merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array

Codes = npt.NDArray[np.uint8]

CURVE_POINTS = 400
MAP_CELLS, MAP_COLUMNS_LEAST, MAP_COLUMNS_MOST = 6000, 60, 240

LOG_LOW, LOG_HIGH = -30.0, 2.0
"""Decades that the map's codes 1 … 254 cover."""
CODE_ZERO, CODE_NOT_FINITE = 0, 255


class _Spans:
    """The first and last step of each span, and the rows that belong to them."""

    def __init__(self, cap: int, rows: Mapping[str, Array | Codes]) -> None:
        """`rows` maps a name to one example row; its dtype and length are those of all."""
        self._cap = cap
        self._size = 0
        self._steps = np.zeros((cap + 1, 2))
        self._rows = {
            name: np.zeros((cap + 1, *row.shape), row.dtype) for name, row in rows.items()
        }

    def __len__(self) -> int:
        return self._size

    def clear(self) -> None:
        self._size = 0

    def dump(self) -> dict[str, npt.NDArray[Any]]:
        """Copies of all of it, for a checkpoint."""
        used = {"steps": self._steps, **self._rows}
        return {name: rows[: self._size].copy() for name, rows in used.items()}

    def load(self, dumped: Mapping[str, npt.NDArray[Any]]) -> None:
        """What `dump` gave; begun anew where it was of another shape."""
        own = {"steps": self._steps, **self._rows}
        size = len(dumped["steps"])
        fits = all(
            name in dumped and dumped[name].shape[1:] == rows.shape[1:]
            for name, rows in own.items()
        )
        self._size = size if fits and size <= self._cap else 0
        if not self._size:
            return
        for name, rows in own.items():
            rows[: self._size] = dumped[name][: self._size]

    def _append(self, step: float, rows: Mapping[str, Any]) -> None:
        """A span of one sample, in the place of any that are not before it."""
        while self._size and self._steps[self._size - 1, 0] >= step:
            self._size -= 1
        at = self._size
        self._steps[at] = step
        for name, row in rows.items():
            self._rows[name][at] = row
        self._size += 1
        if self._size > self._cap:
            self._merge_closest()

    def _merge_closest(self) -> None:
        inner = self._steps[1 : self._size - 1]
        at = 1 + int(np.argmin(inner[1:, 1] - inner[:-1, 0]))
        self._merge(at)
        self._steps[at, 1] = self._steps[at + 1, 1]
        for rows in (self._steps, *self._rows.values()):
            rows[at + 1 : self._size - 1] = rows[at + 2 : self._size]
        self._size -= 1

    def _merge(self, at: int) -> None:
        """Make row `at` stand for row `at + 1` too."""
        raise NotImplementedError


class Curves(_Spans):
    """Several quantities over the same steps, thinned to at most `CURVE_POINTS` points."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        row = np.zeros(len(self.names))
        parts = ("low", "low_step", "high", "high_step")
        super().__init__(CURVE_POINTS // 2, dict.fromkeys(parts, row))

    def append(self, step: int, values: Sequence[float | None]) -> None:
        """One sample; None where a quantity has no value."""
        row = np.array([np.nan if v is None else v for v in values])
        self._append(step, {"low": row, "low_step": step, "high": row, "high_step": step})

    def arrays(self) -> dict[str, Array]:
        """`step`, float64 (T,), and each quantity, float32 (T,), NaN where it has no value.

        A span of several samples gives two points, at its first and its last step: each quantity's
        lowest and highest value in the order in which they came.
        """
        n = self._size
        steps, rows = self._steps[:n], {name: row[:n] for name, row in self._rows.items()}
        falling = rows["high_step"] < rows["low_step"]
        points = np.empty((n, 2, len(self.names)), np.float32)
        with np.errstate(over="ignore"):
            points[:, 0] = np.where(falling, rows["high"], rows["low"])
            points[:, 1] = np.where(falling, rows["low"], rows["high"])
        kept = np.ones((n, 2), bool)
        kept[:, 1] = steps[:, 0] != steps[:, 1]
        thinned = points[kept]
        return {
            "step": steps[kept],
            **{name: thinned[:, k].copy() for k, name in enumerate(self.names)},
        }

    def _merge(self, at: int) -> None:
        for part, other_is_further in (("low", np.less), ("high", np.greater)):
            rows, steps = self._rows[part], self._rows[f"{part}_step"]
            better = other_is_further(rows[at + 1], rows[at]) | np.isnan(rows[at])
            rows[at] = np.where(better, rows[at + 1], rows[at])
            steps[at] = np.where(better, steps[at + 1], steps[at])


MAPPED = (
    "delta_norm",
    "weight_gradient_norm",
    "weight_gradient_norm_clipped",
    "activation_norm",
    "update_ratio",
)


class GradientMap(_Spans):
    """What `MAPPED` names, of each layer over time, one byte each: log10, from 1e-30 to 1e2.

    A merged span keeps each layer's largest norm, and so every explosion.
    """

    def __init__(self, layers: int) -> None:
        columns = min(max(MAP_CELLS // max(layers, 1), MAP_COLUMNS_LEAST), MAP_COLUMNS_MOST)
        super().__init__(columns, dict.fromkeys(MAPPED, np.zeros(layers, np.uint8)))

    def append(self, step: int, norms: Mapping[str, Array]) -> None:
        """One sample; each (layers,), input side first. Without an update its ratio is 0."""
        ratio = norms["update_ratio"]
        values = {**norms, "update_ratio": np.where(np.isnan(ratio), 0.0, ratio)}
        codes = log_codes(np.array([values[name] for name in MAPPED]))
        self._append(step, dict(zip(MAPPED, codes, strict=True)))

    def arrays(self) -> dict[str, Array | Codes]:
        """`step`, float64 (M,), and each of `MAPPED`, uint8 (M, layers)."""
        return {
            "step": self._steps[: self._size, 0].copy(),
            **{name: rows[: self._size].copy() for name, rows in self._rows.items()},
        }

    def _merge(self, at: int) -> None:
        for rows in self._rows.values():
            np.maximum(rows[at], rows[at + 1], out=rows[at])


def log_codes(values: Array) -> Codes:
    """Norms as bytes: 0 exact zero, 1 … 254 equal steps of log10 from 1e-30 to 1e2, 255 not finite.

    >>> log_codes(np.array([0.0, 1e-30, 1e2, 1e9, np.inf])).tolist()
    [0, 1, 254, 254, 255]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = (np.log10(values) - LOG_LOW) / (LOG_HIGH - LOG_LOW)
        codes = np.fmin(np.fmax(np.rint(1 + 253 * scaled), 1), 254)  # quicker than clip
    codes = np.where(values == 0, CODE_ZERO, codes)
    return np.where(np.isfinite(values), codes, CODE_NOT_FINITE).astype(np.uint8)
