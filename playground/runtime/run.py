"""One run as a state machine: idle, running, paused, finished, diverged.

    idle ── play ──▶ running ── pause ──▶ paused ── play ──▶ running
                        ├── a stop rule holds ──▶ finished
                        └── a value is not finite ──▶ diverged ── play ──▶ running
    step: one step, or `count`, then paused.   reset: idle at step 0, from anywhere.

Every change is made between two steps; what can't be made raises InputError and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import Any

from playground.base.errors import DivergedError
from playground.experiment.assemble import Assembly
from playground.experiment.config import Experiment
from playground.runtime.edits import Edited, Edits, assembled
from playground.runtime.followed import FollowedBand
from playground.runtime.lab import GradientLab
from playground.runtime.pace import Meter, Pace, guessed_seconds
from playground.runtime.past import begun
from playground.runtime.policy import DEFAULT_SPEED
from playground.runtime.reports import Reports
from playground.runtime.rules import StopRules
from playground.runtime.saving import subject
from playground.telemetry.frames import Divergence, FrameHeader, Notice, RunState, finite
from playground.telemetry.look import Look
from playground.telemetry.recorder import Arrays, Recorder
from playground.wire.commands import Band, Command, LookAt, Pause, Play, Speed, Step, Watch

_UNWATCHED_SECONDS = 0.5
"""A run that nobody draws is measured so often, for the curves."""
_EACH_STEP_SPEED = 30.0
"""Up to this speed every step is measured: each can be drawn."""


class Run:
    """A network that trains, is told what to do, and can say how it stands."""

    def __init__(
        self,
        experiment: Experiment,
        *,
        speed: float | None = DEFAULT_SPEED,
        table: bytes | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.clock = clock
        self.pace = Pace(speed)
        self.meter = Meter()
        self.points_revision = 0
        self.edits = Edits(clock)
        self.lab = GradientLab()
        self.reports = Reports()
        self.look = Look()
        self.band = FollowedBand()
        self._begin(assembled(lambda: begun(experiment, table)))

    def _begin(self, assembly: Assembly) -> None:
        """At step 0 with `assembly`."""
        self.assembly = assembly
        self.state: RunState = "idle"
        self.diverged: Divergence | None = None
        self.rules = StopRules(assembly)
        self.recorder = Recorder(subject(assembly), self.look)
        self.notices: list[Notice] = []
        self.is_dirty = True
        """Something to draw has changed since the last frame."""
        self.points_revision += 1
        self.band.again(assembly)
        self.remaining: int | None = None
        """Steps still to take of a `step` command; None while playing."""
        self.sampling_seconds = 0.0
        """What measuring cost last time."""
        self._sampled_at = -inf
        self.meter.clear()
        self.pace.step_seconds = guessed_seconds(assembly)

    @property
    def experiment(self) -> Experiment:
        return self.assembly.experiment

    @property
    def step(self) -> int:
        return self.assembly.trainer.step

    @property
    def epoch(self) -> int:
        return self.assembly.trainer.epoch

    def handle(self, command: Command, body: bytes = b"") -> None:
        """Do what was asked, with what came beside it. InputError, and no change, where it can't
        be done."""
        match command:
            case Play():
                self._play()
            case Pause():
                if self.state == "running":
                    self._rest("paused")
            case Step():
                self.diverged = None
                self._move(command.count)
            case Speed():
                self.pace.speed = command.steps_per_second
                self.pace.start(self.clock())
            case Watch():
                self.lab.watched = list(command.instruments)
            case LookAt():
                axes = None if command.axes is None else (command.axes[0], command.axes[1])
                self.see(Look(axes, command.gradients))
            case Band():
                self.band.begin(command.seeds, self.assembly)
            case _:
                self._adopt(self.edits.make(command, self.assembly, self.recorder, body))
        self.lab.refresh()
        self.reports.refresh()
        self.is_dirty = True

    def see(self, look: Look) -> None:
        """Draw the run as `look` says. InputError where its data can't be looked at so."""
        self.recorder.see(look)
        if look.axes != self.look.axes:
            self.points_revision += 1
        self.look = look

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
            if steps > measured:
                trainer.run(steps - measured)
            if measured:
                sampling = self._sample_step()
        except DivergedError as error:
            self._diverge(error)
        taken, ended = trainer.step - before, self.clock()
        self.pace.took(taken, ended - now - sampling)
        self.meter.saw(ended, trainer.step)
        self.band.follow(self.step, seconds)
        self.is_dirty = True
        if self.state == "running":
            self._count(taken)

    def frame(self, seq: int, generation: int, command: int) -> tuple[FrameHeader, Arrays]:
        """How the run stands, whole in itself; `seq`, `generation`, `command` are passed on."""
        trainer = self.assembly.trainer
        if self.recorder.sampled_step != trainer.step:
            self.recorder.sample()
        is_running = self.state == "running"
        measured, arrays = self.recorder.parts(exact=not is_running)
        lab, of_lab = self.lab.parts(
            self.assembly, self.recorder, is_running=is_running, diverged=self.diverged
        )
        self.is_dirty = False
        header: FrameHeader = {
            "seq": seq,
            "generation": generation,
            "command": command,
            "run_state": self.state,
            "step": trainer.step,
            "epoch": trainer.epoch,
            "learning_rate": finite(trainer.effective_learning_rate),
            "steps_per_second": finite(self.meter.rate) if is_running else None,
            "speed": self.pace.speed,
            "diverged": self.diverged,
            **measured,
            "report": self.reports.newest(self.assembly, is_running=is_running),
            "lab": {**lab, "band": self.band.header()},
        }
        return header, arrays | of_lab | self.band.arrays()

    def tell(self, level: Any, text: str, field: str | None = None) -> None:
        """Leave a notice for whoever watches."""
        self.notices.append({"level": level, "text": text, "field": field})

    def resume(self, state: RunState, remaining: int | None) -> None:
        """Stand, or go on, as a checkpoint says."""
        self.state = state
        if state == "running":
            self._move(remaining)

    def _play(self) -> None:
        if self.state == "running" and self.remaining is None:
            return
        if self.state == "finished":
            # Patience begins anew; a rule that holds as it stands would end this at once.
            self.rules = StopRules(self.assembly)
            reason = self.rules.verdict(self.assembly, again=True)
            if reason is not None:
                self._finish(reason)
                return
        self.diverged = None
        self._move(None)

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
        began = self.clock()
        self.recorder.sample(norms)
        self._sampled_at = self.clock()
        self.sampling_seconds = self._sampled_at - began
        return self.sampling_seconds

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
        self.tell("info", f"Training is finished: {reason}.")
        if self.recorder.sampled_step > self.step:
            self.recorder.sample(remembered=False)

    def _diverge(self, error: DivergedError) -> None:
        self._rest("diverged")
        self.diverged = {"step": error.step, "layer": error.layer, "what": error.what}
        # The coming batch is the one that broke: its norms show where.
        self.recorder.sample(self.assembly.trainer.peek())
        self.tell(
            "error",
            f"Training diverged at step {error.step}: {error.what} of layer {error.layer} is not "
            "finite. The last finite weights are kept: lower the learning rate, clip the gradient, "
            "or reset.",
        )

    def _adopt(self, edited: Edited) -> None:
        """Go on with what an edit gave."""
        old, new = self.assembly, edited.assembly
        if edited.is_begun:
            self._begin(new)
        self.assembly = new
        self.notices += edited.notices
        if self.band.is_left_behind(new.experiment):
            self.tell("info", "The band of seeds has ended: the experiment is another now.")
        if not edited.is_touched:
            return
        self.recorder.bind(subject(new))
        if edited.is_rewound:
            self.diverged = None
            if edited.histories is not None:
                self.recorder.load(edited.histories)
            if self.state != "running":
                self.state = "paused" if self.step else "idle"
        if new is old:
            return
        # A best network of another shape could not be brought back.
        self.rules = StopRules(new)
        self.pace.step_seconds = max(self.pace.step_seconds, guessed_seconds(new))
        if new.dataset is not old.dataset:
            self.points_revision += 1
