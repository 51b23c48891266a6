"""How many steps to take now: what the asked speed owes, and what fits into a slice."""

from __future__ import annotations

from collections import deque
from math import inf

from playground.experiment.assemble import Assembly

QUANTUM_SECONDS = 0.004
"""Steps of a limited run are taken together when they are closer than this."""
_FEW_RUNS, _MOST_TIMES = 12, 10
_DEBT_SECONDS = 0.1
"""A run that was held up catches up with so much at most, or it would race afterwards."""
_WINDOW_SECONDS = 1.0


def crowding(runs: int) -> float:
    """By how much a run does rarely what may wait, where `runs` have the same worker."""
    return min(max(1.0, runs / _FEW_RUNS), _MOST_TIMES)


class Pace:
    """The steps one run owes, and its measured cost of a step. Times are in seconds."""

    def __init__(self, speed: float | None, step_seconds: float = 1e-4) -> None:
        """`speed` in steps per second, None: as fast as it goes; `step_seconds` a first guess."""
        self.speed = speed
        self.step_seconds = step_seconds
        self.crowding = 1.0
        self._owed = 1.0
        self._counted = 0.0

    def start(self, now: float) -> None:
        """Training begins or goes on now: one step is owed at once."""
        self._owed, self._counted = 1.0, now

    def owed(self, now: float, slice_seconds: float) -> int:
        """Steps to take now, in at most about `slice_seconds`; one at least, if any."""
        fitting = max(1, int(slice_seconds / self.step_seconds))
        if self.speed is None:
            return fitting
        self._count(now, self.speed)
        return min(fitting, int(self._owed))

    def took(self, steps: int, seconds: float) -> None:
        """`steps` were taken and lasted `seconds`."""
        self._owed = max(0.0, self._owed - steps)
        if steps:
            per_step = max(seconds / steps, 1e-7)
            # Slower counts at once, or one long slice would be followed by another.
            self.step_seconds = max(per_step, 0.7 * self.step_seconds + 0.3 * per_step)

    def wake(self, now: float) -> float:
        """The moment at which the next steps are due."""
        if self.speed is None:
            return now
        self._count(now, self.speed)
        missing = max(1.0, self.speed * QUANTUM_SECONDS * self.crowding) - self._owed
        return now + max(0.0, missing / self.speed)

    def _count(self, now: float, speed: float) -> None:
        most = max(2.0, speed * _DEBT_SECONDS)
        self._owed = min(most, self._owed + (now - self._counted) * speed)
        self._counted = now


class Meter:
    """Steps per second over the last second, or between the last two steps where they are rarer."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def clear(self) -> None:
        self._seen.clear()

    def saw(self, now: float, step: int) -> None:
        """The run stands at `step`; told whenever it has moved."""
        self._seen.append((now, step))
        while len(self._seen) > 2 and self._seen[1][0] < now - _WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """None as long as there is nothing to compare."""
        if len(self._seen) < 2:
            return None
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - began) if ended > began else inf


def guessed_seconds(assembly: Assembly) -> float:
    """A first guess at the time of one step: calls, then six operations per weight and example."""
    batch = min(assembly.experiment.training.batch_size, len(assembly.dataset.train))
    layers = len(assembly.network.layers)
    return 1e-5 + 3e-6 * layers + 6e-10 * batch * len(assembly.network.parameters)
