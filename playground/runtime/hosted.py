"""One session's run inside a worker, and what the web process is still to be told of it."""

from __future__ import annotations

import time
import traceback
from math import inf
from typing import Any

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.runtime import checkpoint
from playground.runtime.answers import answer
from playground.runtime.channel import Channel, Envelope
from playground.runtime.run import Run
from playground.telemetry.cadence import Cadence
from playground.telemetry.probes import points
from playground.wire.codec import encode
from playground.wire.commands import KnownToTheRun, parse_command
from playground.wire.requests import parse_request

CHECKPOINT_SECONDS = 1.5
"""With the time to write it, what a killed server costs is below two seconds."""
RESTING_CHECKPOINT_SECONDS = 0.25
"""A run that rests is checkpointed so soon after a change."""
_NO_ANSWER = {"message": "the server could not do this", "field": None}
CHECKPOINT_SHARE = 0.025
"""Of the time between two checkpoints, what making one may cost."""


class Hosted:
    """A run, its frames and checkpoints; `opening` is the message that brought it."""

    def __init__(self, opening: Envelope, body: bytes) -> None:
        self.session: str = opening["session"]
        self.slot: int = opening["slot"]
        self.generation: int = opening["generation"]
        self.seq: int = opening["seq"]
        self.command: int = opening["command"]
        self.is_pulled = False
        """Somebody who may draw one more frame is waiting for it."""
        self.pulled_at = -inf
        self.cadence = Cadence()
        self.corrected: dict[str, Any] | None = None
        """The experiment as it really is, where the web process holds another."""
        self.points_sent = -1
        self._told: tuple[object, ...] = ()
        self._checkpointed_at = time.perf_counter()
        self._checkpoint_seconds = 0.0
        self._checkpointed: tuple[object, ...] = ()
        self.run = self._begin(opening, body)
        self._checkpointed = self._standing()

    def _begin(self, opening: Envelope, body: bytes) -> Run:
        try:
            if opening["checkpoint"]:
                return _resumed(opening["checkpoint"], body)
            return Run(Experiment.parse(opening["experiment"]))
        except InputError as error:
            run = Run(Experiment())
            run.tell("error", f"This experiment can't be run: {error}.")
            self.corrected = run.experiment.dump()
            return run

    def handle(self, number: int, command: object, body: bytes = b"") -> None:
        """Do command `number`, `body` beside it; what can't be done becomes a notice."""
        self.command = number
        try:
            parsed = parse_command(command)
            self.run.handle(parsed, body)
            if isinstance(parsed, KnownToTheRun):
                # Only here is it known what was there before.
                self.corrected = self.run.experiment.dump()
        except InputError as error:
            self.run.tell("error", f"Not changed: {error.message}.", error.field)
            self.corrected = self.run.experiment.dump()
            # A frame says by its number that this too was heard, and shows what stands.
            self.run.is_dirty = True

    def answer(self, channel: Channel, message: Envelope, body: bytes) -> None:
        """Answer a request of the web process: nothing of the run changes."""
        told = {"kind": "answer", "session": self.session, "number": message["number"]}
        try:
            words, answered = answer(self.run, parse_request(message["request"]), body)
        except InputError as error:
            refusal = {"message": error.message, "field": error.field}
            channel.send({**told, "ok": False, "error": refusal})
            return
        except Exception:
            channel.send({**told, "ok": False, "error": dict(_NO_ANSWER)})
            raise
        channel.send({**told, "ok": True, **words}, answered)

    def wants_frame(self, now: float) -> bool:
        """Is a frame asked for, and is it time? Whether there is anything new, it does not say."""
        return self.is_pulled and now >= self.cadence.due

    def is_drawn(self, now: float) -> bool:
        """Does it move, and does somebody watch?"""
        return self.run.state == "running" and (self.is_pulled or now - self.pulled_at < 1.0)

    def wake(self, now: float) -> float:
        """When this run next needs attention."""
        frame = self.cadence.due if self.is_pulled and self.run.is_dirty else inf
        return min(self.run.wake(now), frame, self._checkpoint_due())

    def tell(self, channel: Channel) -> None:
        """A `state` message where something of it has changed."""
        run = self.run
        undo, redo = run.edits.past.words()
        beside = run.comparison.told()
        now = (self.command, run.state, run.pace.speed, undo, redo, len(beside))
        if now == self._told and not run.notices and self.corrected is None:
            return
        self._told = now
        message: Envelope = {
            "kind": "state",
            "session": self.session,
            "command": self.command,
            "run_state": run.state,
            "step": run.step,
            "epoch": run.epoch,
            "speed": run.pace.speed,
            "diverged": run.diverged,
            "undo": undo,
            "redo": redo,
            "comparison": beside,
            "notices": run.notices,
        }
        if self.corrected is not None:
            message["experiment"] = self.corrected
        run.notices, self.corrected = [], None
        channel.send(message)

    def draw(self, channel: Channel, watched: int) -> None:
        """A frame, and before it the points where they are others than before."""
        run, began, used = self.run, time.perf_counter(), time.thread_time()
        if self.points_sent != run.points_revision:
            self.points_sent = run.points_revision
            header, arrays = points(run.assembly.dataset, run.points_revision, run.recorder.lens)
            named = {"kind": "points", "session": self.session, "revision": run.points_revision}
            channel.send(named, encode(header, arrays))
        self.seq += 1
        body = encode(*run.frame(self.seq, self.generation, self.command))
        sent = {"kind": "frame", "session": self.session, "seq": self.seq}
        channel.send({**sent, "step": run.step, "epoch": run.epoch}, body)
        self.is_pulled = False
        # Not by the clock: where others hold the processor, frames would become rare.
        used = time.thread_time() - used - run.lab.seconds + run.sampling_seconds
        self.cadence.made(began, used, watched)

    def save(self, channel: Channel, now: float, *, at_once: bool = False) -> None:
        """A checkpoint, where there is something new to keep and it is time, or must be now."""
        if self._standing() == self._checkpointed or (now < self._checkpoint_due() and not at_once):
            return
        began = time.thread_time()
        words, body = checkpoint.pack(self.run)
        words |= {"kind": "checkpoint", "session": self.session, "command": self.command}
        channel.send(words, body)
        self._checkpointed, self._checkpointed_at = self._standing(), time.perf_counter()
        # Not by the clock: where others hold the processor, checkpoints would become rare.
        self._checkpoint_seconds = time.thread_time() - began

    def stand_still(self, why: str) -> None:
        """Stop what can't go on, until the next command, without touching what may be broken."""
        self.run.state, self.run.remaining = "paused", None
        self.run.is_dirty = False
        self.run.tell("error", why)

    def _standing(self) -> tuple[object, ...]:
        return (self.command, self.run.step, self.run.state)

    def _checkpoint_due(self) -> float:
        if self._standing() == self._checkpointed:
            return inf
        running = self.run.state == "running"
        spacing = CHECKPOINT_SECONDS if running else RESTING_CHECKPOINT_SECONDS
        return self._checkpointed_at + max(spacing, self._checkpoint_seconds / CHECKPOINT_SHARE)


def _resumed(words: Envelope, body: bytes) -> Run:
    """From a checkpoint; at step 0, and with a word of regret, where it can't be read."""
    try:
        return checkpoint.unpack(words, body)
    except (InputError, MemoryError):
        raise
    except Exception:
        traceback.print_exc()
        run = Run(Experiment.parse(words["experiment"]))
        run.tell("error", "What was kept of this run can't be read; it begins anew at step 0.")
        return run
