"""Minibatches of the training set: reshuffled each epoch into fixed buffers; views stay valid."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.base.arrays import Array, random_stream


class Minibatches:
    """x with a last column of ones and y, in this epoch's order; batch k is rows k·size onwards.

    Each epoch's order is drawn afresh from the shuffle stream, so its state at the epoch's start is
    all that a snapshot needs. The last batch of an epoch may be smaller.
    """

    def __init__(
        self, x: Array, y: Array, size: int, *, shuffle: bool, seed: int, dtype: np.dtype[Any]
    ) -> None:
        n = len(x)
        self.size = min(size, n)
        self.count = -(-n // self.size)
        self.shuffle = shuffle
        self._x = np.concatenate([x, np.ones((n, 1))], axis=1).astype(dtype)
        self._y = np.ascontiguousarray(y, dtype)
        self._rng = random_stream(seed, "shuffle")
        self.epoch_start = self._rng.bit_generator.state
        self.x, self.y = self._x.copy(), self._y.copy()
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Draw the order of the epoch that begins now."""
        if not self.shuffle:
            return
        self.epoch_start = self._rng.bit_generator.state
        order = self._rng.permutation(len(self._x))
        # With mode "raise" NumPy would buffer the output; the order is in range by construction.
        self._x.take(order, 0, self.x, "clip")
        self._y.take(order, 0, self.y, "clip")

    def restart_epoch(self, state: Any) -> None:
        """Draw again the order that was drawn when the stream was in `state`."""
        self._rng.bit_generator.state = state
        self.begin_epoch()

    @property
    def stream_state(self) -> Any:
        """Where the shuffle stream stands: the next epoch's order comes from here."""
        return self._rng.bit_generator.state

    def batch(self, k: int) -> tuple[Array, Array]:
        """Views x (inputs + 1, n) and y (outputs, n) of batch k, an example a column."""
        rows = slice(k * self.size, min((k + 1) * self.size, len(self.x)))
        return self.x[rows].T, self.y[rows].T
