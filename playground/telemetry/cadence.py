"""When the next frame is due: at most thirty a second, within a share of the worker's time."""

from __future__ import annotations

FRAME_SECONDS = 1 / 30
OWN_SHARE = 0.25
"""Of the worker's time, what the frames of one run may cost."""
ALL_SHARE = 0.5
"""Of the worker's time, what the frames of all its runs may cost together."""
_SMOOTHING = 0.2


class Cadence:
    """The rhythm of one run's frames, from what they have cost so far."""

    def __init__(self) -> None:
        self.due = 0.0
        """The moment from which the next frame may be made."""
        self._cost = 0.0

    def made(self, began: float, ended: float, watched: int) -> None:
        """A frame was made from `began` to `ended`, on a worker with `watched` watched runs."""
        cost = ended - began
        # A frame that costs more than before counts at once, one that costs less by and by.
        self._cost = max(cost, self._cost + _SMOOTHING * (cost - self._cost))
        share = min(OWN_SHARE, ALL_SHARE / max(watched, 1))
        interval = max(FRAME_SECONDS, self._cost / share)
        # Counted from when it was due, so that small delays do not add up to a lower rate.
        self.due = max(self.due, began - interval) + interval
