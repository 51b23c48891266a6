"""The newest frame and points of a session, handed to whoever has credit for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playground.runtime.audience import Audience

Transmit = Callable[[str, Any, list[str]], None]
"""Event, payload, viewers: hands something to all of them, encoded once."""


class Pictures:
    """What `audience` is shown; `seq` is the newest frame's, -1 before the first."""

    def __init__(self, audience: Audience, transmit: Transmit) -> None:
        self.seq = -1
        self.is_pulling = False
        """A frame is asked for and has not come."""
        self._frame = b""
        self._revision, self._points = -1, b""
        self._audience, self._transmit = audience, transmit

    def take(self, seq: int, frame: bytes) -> None:
        """A new frame: to all who have credit."""
        self.seq, self._frame = seq, frame
        self.is_pulling = False
        self.deliver(self._audience)

    def take_points(self, revision: int, points: bytes) -> None:
        """Other points: they go before the next frame."""
        self._revision, self._points = revision, points

    def deliver(self, viewers: Iterable[str]) -> None:
        """The newest frame to those of `viewers` who have credit and have not had it."""
        boxes = {viewer: self._audience.seats[viewer].outbox for viewer in viewers}
        ready = [viewer for viewer, box in boxes.items() if box.wants(self.seq)]
        if not ready:
            return
        behind = [viewer for viewer in ready if boxes[viewer].points_revision != self._revision]
        if behind:
            self._transmit("points", self._points, behind)
        self._transmit("frame", self._frame, ready)
        for viewer in ready:
            boxes[viewer].sent(self.seq)
            boxes[viewer].points_revision = self._revision

    @property
    def is_wanted(self) -> bool:
        """Could somebody draw one more?"""
        return any(seat.outbox.has_credit for seat in self._audience.seats.values())
