"""What one viewer still has to draw: frames by credit, the newest wins, nothing grows.

A viewer may hold at most `WINDOW` frames that it has not drawn. It acknowledges after drawing, with
the `seq` of the newest frame drawn, which covers all before it. Frames that come while it is full
are not queued: when a credit returns, it gets the newest there is.
"""

from __future__ import annotations

from collections import deque

WINDOW = 2


class Outbox:
    """The credits of one viewer."""

    def __init__(self) -> None:
        self._undrawn: deque[int] = deque()
        self.newest = -1
        """The `seq` of the newest frame sent to this viewer; -1 before the first."""
        self.points_revision = -1
        """The revision of the points this viewer has."""

    @property
    def has_credit(self) -> bool:
        return len(self._undrawn) < WINDOW

    def wants(self, seq: int) -> bool:
        """Is frame `seq` news to this viewer, and may it be sent now?"""
        return self.has_credit and seq > self.newest

    def sent(self, seq: int) -> None:
        """Frame `seq` is on its way."""
        self._undrawn.append(seq)
        self.newest = seq

    def drawn(self, seq: int) -> None:
        """The viewer has drawn frame `seq` and forgets all before it.

        A `seq` that was never sent earns nothing beyond what is out: a client that lies only
        hurries itself.
        """
        while self._undrawn and self._undrawn[0] <= seq:
            self._undrawn.popleft()
