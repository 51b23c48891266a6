"""How a run moves: steps in slices of time, what is measured on the way, and how it comes to rest.

The variants of a comparison and a band of seeds move with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import Any

from playground.base.errors import DivergedError
from playground.experiment.assemble import Assembly
from playground.runtime.comparison import Comparison
from playground.runtime.followed import FollowedBand
from playground.runtime.pace import Meter, Pace, guessed_seconds
from playground.runtime.rules import StopRules
from playground.runtime.saving import subject
from playground.telemetry.frames import Divergence, Notice, RunState
from playground.telemetry.look import Look
from playground.telemetry.recorder import Recorder

_UNWATCHED_SECONDS = 0.5
"""A run that nobody draws is measured so often, for the curves."""
_EACH_STEP_SPEED = 30.0
"""Up to this speed every step is measured: each can be drawn."""


class Motion:
    """A network that trains, and what trains beside it."""

    def __init__(
        self, assembly: Assembly, *, speed: float | None, clock: Callable[[], float]
    ) -> None:
        self.clock = clock
        self.pace = Pace(speed)
        self.meter = Meter()
        self.look = Look()
        self.band = FollowedBand()
        self.comparison = Comparison()
        self.points_revision = 0
        self._begin(assembly)

    def _begin(self, assembly: Assembly) -> None:
        """At step 0 with `assembly`."""
        self.assembly = assembly
        self.state: RunState = "idle"
        self.diverged: Divergence | None = None
        self.finished: str | None = None
        """Which rule ended the run, in words, while it stands there."""
        self.rules = StopRules(assembly)
        self.recorder = Recorder(subject(assembly), self.look)
        self.notices: list[Notice] = []
        self.is_dirty = True
        """Something to draw has changed since the last frame."""
        self.points_revision += 1
        self.band.again(assembly)
        self.comparison.again(assembly)
        self.remaining: int | None = None
        """Steps still to take of a `step` command; None while playing."""
        self.sampling_seconds = 0.0
        """Of the processor, what measuring cost last time."""
        self._sampled_at = -inf
        self.meter.clear()
        self.pace.step_seconds = guessed_seconds(assembly) * (1 + len(self.comparison.lanes))

    @property
    def step(self) -> int:
        return self.assembly.trainer.step

    @property
    def epoch(self) -> int:
        return self.assembly.trainer.epoch

    def wake(self, now: float) -> float:
        """The moment at which the next step is due; infinite when none is."""
        if self.state != "running":
            return inf
        return now if self.remaining is not None else self.pace.wake(now)

    def advance(self, seconds: float, *, measured: bool) -> None:
        """Take the steps that are due, for about `seconds` at most.

        `measured`: the last of them is measured, because a frame follows.
        """
        now = self.clock()
        steps = self._due(now, seconds)
        if not steps:
            return
        trainer = self.assembly.trainer
        measured = measured or self._is_slow or now - self._sampled_at > _UNWATCHED_SECONDS
        before, sampling = trainer.step, 0.0
        try:
            if steps > measured and not self.diverged:
                trainer.run(steps - measured)
            if measured and not self.diverged:
                sampling = self._sample_step()
        except DivergedError as error:
            self._diverge(error)
        beside = self._advance_beside(steps, measured=measured)
        taken, ended = max(trainer.step - before, beside), self.clock()
        self.pace.took(taken, ended - now - sampling - self.comparison.sampling_seconds)
        self.meter.saw(ended, max(trainer.step, self.comparison.step))
        self.band.follow(self.step, seconds)
        self.is_dirty = True
        if self.state == "running":
            self._count(taken)

    def tell(self, level: Any, text: str, field: str | None = None) -> None:
        """Leave a notice for whoever watches."""
        self.notices.append({"level": level, "text": text, "field": field})

    def _go_on(self) -> None:
        """What has diverged tries again; beside others it would be behind them."""
        if not self.comparison.is_live:
            self.diverged = None

    def _advance_beside(self, steps: int, *, measured: bool) -> int:
        """The same steps with each variant; how many were taken."""
        taken, notices = self.comparison.advance(steps, measured=measured)
        self.notices += notices
        if self.diverged and not self.comparison.is_live:
            self._rest("diverged")
        return taken

    def _end_comparison(self) -> None:
        self.comparison.end()
        if self.diverged:
            self._rest("diverged")

    def _move(self, count: int | None) -> None:
        self.state, self.remaining = "running", count
        self.meter.clear()
        self.pace.start(self.clock())

    @property
    def _is_slow(self) -> bool:
        if self.remaining is not None:
            return self.remaining <= 1
        return self.pace.speed is not None and self.pace.speed <= _EACH_STEP_SPEED

    def _sample_step(self) -> float:
        """Take one step and measure it; return what the measuring of everything else cost."""
        norms = self.assembly.trainer.measured_step()
        began, used = self.clock(), time.thread_time()
        self.recorder.sample(norms)
        self._sampled_at = self.clock()
        self.sampling_seconds = time.thread_time() - used
        return self._sampled_at - began

    def _rest(self, state: RunState) -> None:
        self.state, self.remaining = state, None
        self.is_dirty = True

    def _due(self, now: float, seconds: float) -> int:
        """Steps to take now, never beyond the end of an epoch whose losses a stop rule asks for."""
        if self.state != "running":
            return 0
        if self.remaining is None:
            steps = self.pace.owed(now, seconds)
        else:
            steps = min(self.remaining, max(1, int(seconds / self.pace.step_seconds)))
        most = self.rules.steps(self.assembly)
        return steps if most is None else min(steps, most)

    def _count(self, taken: int) -> None:
        if self.remaining is not None:
            self.remaining -= taken
            if self.remaining <= 0:
                self._rest("paused")
        reason = self.rules.verdict(self.assembly)
        if reason is not None:
            self._finish(reason)

    def _finish(self, reason: str) -> None:
        self._rest("finished")
        self.finished = reason
        if self.recorder.sampled_step > self.step:
            self.recorder.sample(remembered=False)

    def _diverge(self, error: DivergedError) -> None:
        self.diverged = {"step": error.step, "layer": error.layer, "what": error.what}
        # The coming batch is the one that broke: its norms show where.
        self.recorder.sample(self.assembly.trainer.peek())
        self.tell(
            "error",
            f"Training diverged at step {error.step}: {error.what} of layer {error.layer} is not "
            "finite. The last finite weights are kept: lower the learning rate, clip the gradient, "
            "or reset.",
        )
