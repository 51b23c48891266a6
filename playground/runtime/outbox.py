"""What one viewer still has to draw: frames by credit, the newest wins, nothing grows.

A viewer may hold at most `WINDOW` frames that it has not drawn. It acknowledges after drawing, with
the `seq` of the newest frame drawn, which covers all before it. Frames that come while it is full
are not queued: when a credit returns, it gets the newest there is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW = 2
SLOW_SECONDS = 0.3
"""Who takes so long to get and draw a frame has one under way at a time, until one takes less than
half of it: on a thin line two take twice as long as one, and come late."""


class Outbox:
    """The credits of one viewer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._undrawn: deque[tuple[int, float]] = deque()
        self._window = WINDOW
        self.newest = -1
        """The `seq` of the newest frame sent to this viewer; -1 before the first."""
        self.points_revision = -1
        """The revision of the points this viewer has."""

    @property
    def has_credit(self) -> bool:
        return len(self._undrawn) < self._window

    def wants(self, seq: int) -> bool:
        """Is frame `seq` news to this viewer, and may it be sent now?"""
        return self.has_credit and seq > self.newest

    def sent(self, seq: int) -> None:
        """Frame `seq` is on its way."""
        self._undrawn.append((seq, self._clock()))
        self.newest = seq

    def drawn(self, seq: int) -> None:
        """The viewer has drawn frame `seq` and forgets all before it.

        A `seq` that was never sent earns nothing beyond what is out: a client that lies only
        hurries itself.
        """
        took = 0.0
        while self._undrawn and self._undrawn[0][0] <= seq:
            took = self._clock() - self._undrawn.popleft()[1]
        if took > SLOW_SECONDS:
            self._window = 1
        elif 0 < took < SLOW_SECONDS / 2:
            self._window = WINDOW
