"""When the measures of all sets are taken: at rest at once, in training a few times a second."""

from __future__ import annotations

import time
from math import inf

from playground.experiment.assemble import Assembly
from playground.telemetry.frames import Report
from playground.telemetry.report import report

REPORT_SECONDS = 0.4
REPORT_SHARE = 0.03
"""Of the time between two reports, what one may cost."""


class Reports:
    """The newest report of one run."""

    def __init__(self) -> None:
        self.crowding = 1.0
        self._due = -inf
        self._told: Report | None = None

    def refresh(self) -> None:
        """Something was changed: measure again for the next frame."""
        self._due = -inf

    def newest(self, assembly: Assembly, *, is_running: bool) -> Report:
        """Of now, or, in the middle of training, of a moment ago."""
        began, trainer = time.perf_counter(), assembly.trainer
        resting_anew = not is_running and (self._told is None or self._told["step"] != trainer.step)
        if self._told is None or resting_anew or began >= self._due:
            self._told = report(trainer.network, trainer.loss, assembly.dataset, trainer.step)
            cost = time.perf_counter() - began
            self._due = began + self.crowding * max(REPORT_SECONDS, cost / REPORT_SHARE)
        return self._told
