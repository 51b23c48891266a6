"""When the next frame is due: at most thirty a second, within a share of the worker's time."""

from __future__ import annotations

FRAME_SECONDS = 1 / 30
FLUENT_SECONDS = 1 / 15
"""Frames that are rarer look like a slide show."""
OWN_SHARE = 0.25
"""Of the worker's time, what the frames of one run may cost, as long as that keeps them fluent."""
ALONE_SHARE = 0.5
"""Of the worker's time, what the frames of its only watched run may cost."""
CROWD_SHARE = 0.75
"""Of the worker's time, what the frames of all its runs may cost where several are watched: most of
them have a speed that leaves time over."""


class Cadence:
    """The rhythm of one run's frames, from what they cost."""

    def __init__(self) -> None:
        self.due = 0.0
        """The moment from which the next frame may be made."""
        self.spacing = FRAME_SECONDS
        """The least time between two frames; more where a crowd watches."""

    def made(self, began: float, cost: float, watched: int) -> None:
        """A frame was made at `began`, for `cost` seconds of the processor, on a worker with
        `watched` watched runs."""
        fluent = min(cost / OWN_SHARE, FLUENT_SECONDS)
        share = cost * watched / CROWD_SHARE if watched > 1 else cost / ALONE_SHARE
        interval = max(self.spacing, fluent, share)
        # Counted from when it was due, so that small delays do not add up to a lower rate.
        self.due = max(self.due, began - interval) + interval
