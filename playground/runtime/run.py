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

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.runtime.edits import Edited, Edits, assembled
from playground.runtime.lab import GradientLab
from playground.runtime.motion import Motion
from playground.runtime.pace import crowding, guessed_seconds
from playground.runtime.past import begun
from playground.runtime.policy import DEFAULT_SPEED
from playground.runtime.reports import Reports
from playground.runtime.rules import StopRules
from playground.runtime.saving import subject
from playground.telemetry.frames import FrameHeader, RunState, finite
from playground.telemetry.look import Look
from playground.telemetry.recorder import Arrays
from playground.wire.commands import (
    Band,
    Command,
    Compare,
    Keep,
    Load,
    LookAt,
    Pause,
    Play,
    Speed,
    Step,
    Watch,
)


class Run(Motion):
    """A network that trains, is told what to do, and can say how it stands."""

    def __init__(
        self,
        experiment: Experiment,
        *,
        speed: float | None = DEFAULT_SPEED,
        table: bytes | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.edits = Edits(clock, lambda: self.comparison.dump())
        self.lab = GradientLab()
        self.reports = Reports()
        assembly = assembled(lambda: begun(experiment, table))
        super().__init__(assembly, speed=speed, clock=clock)

    @property
    def experiment(self) -> Experiment:
        return self.assembly.experiment

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
                self._go_on()
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
            case Compare() if not command.variants:
                if self.comparison.lanes:
                    self.edits.note(command, self.assembly, self.recorder)
                self._end_comparison()
            case Compare():
                lanes = self.comparison.begun(command.variants, self.assembly)
                self._adopt(self.edits.make(command, self.assembly, self.recorder), command)
                self.comparison.lanes = lanes
            case Keep():
                kept = self.comparison.lane(command.variant)
                histories, now = kept.recorder.dump(), self.assembly
                edited = self.edits.keep(command, kept.assembly, histories, now, self.recorder)
                self._end_comparison()
                self._adopt(edited, command)
            case _:
                edited = self.edits.make(command, self.assembly, self.recorder, body)
                self._adopt(edited, command)
        self.lab.refresh()
        self.reports.refresh()
        self.is_dirty = True

    def see(self, look: Look) -> None:
        """Draw the run as `look` says. InputError where its data can't be looked at so."""
        self.recorder.see(look)
        if look.axes != self.look.axes:
            self.points_revision += 1
        self.look = look

    def share_with(self, runs: int) -> None:
        """So many runs have the same worker, this one included."""
        of_all = crowding(runs)
        self.pace.crowding = self.lab.crowding = self.reports.crowding = of_all
        self.recorder.crowding = of_all

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
        beside = self.comparison.header(self.assembly, self.recorder, self.diverged)
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
            "finished": self.finished if self.state == "finished" else None,
            **measured,
            "report": self.reports.newest(self.assembly, is_running=is_running),
            "lab": {**lab, "band": self.band.header(), "comparison": beside},
        }
        return header, arrays | of_lab | self.band.arrays() | self.comparison.arrays()

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
        self._go_on()
        self._move(None)

    def _follow_beside(self, edited: Edited, command: Command) -> None:
        """Change the variants as the run was changed, or go with it to another moment's, which may
        be none."""
        reason = "nothing was compared at this moment"
        if edited.is_rewound and edited.beside:
            self.comparison.load(*edited.beside, edited.assembly)
            return
        if not edited.is_rewound:
            try:
                self.comparison.follow(command, edited.assembly)
                return
            except InputError as error:
                reason = str(error)
        self._end_comparison()
        self.tell("info", f"The comparison has ended: {reason}.")

    def _adopt(self, edited: Edited, command: Command) -> None:
        """Go on with what `command` gave."""
        old, new = self.assembly, edited.assembly
        if edited.is_begun:
            if isinstance(command, Load):
                self.comparison.end()
            self._begin(new)
        elif self.comparison.lanes or edited.beside:
            self._follow_beside(edited, command)
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
