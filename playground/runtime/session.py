"""One session as the web process holds it: who may, who watches, what is still to be told.

The network is the worker's. Here stand the words: what was asked and confirmed (the journal), the
newest frame, and each viewer's credits.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Literal, Protocol

import gevent

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.experiment.limits import limits
from playground.runtime.audience import Audience
from playground.runtime.channel import Envelope
from playground.runtime.journal import Journal
from playground.runtime.keys import Keys, Role, new_token
from playground.runtime.pictures import Pictures, Transmit
from playground.runtime.policy import DEFAULT_SPEED
from playground.runtime.questions import Questions
from playground.telemetry.frames import Divergence, Notice, RunState
from playground.telemetry.standing import StateEvent
from playground.wire.commands import Play, Reset, Speed, Step

Level = Literal["info", "warning", "error"]

MOST_NOTICES = 8
SENT_PER_SECOND = 6200.0
"""Frames of one session that the web process hands to browsers: beyond 200 viewers, each of them
gets fewer than thirty a second, 300 get twenty."""
ANNOUNCE_SECONDS = 0.03
"""Two `state` events are at least so far apart; the second tells what both would have."""


class Worker(Protocol):
    """Whatever a session can be hosted by."""

    def send(self, envelope: Envelope, body: bytes = b"") -> None:
        """Pass a message on, in order."""


class Session:
    """`slot` is its number, and never that of another session; `name` one that it had before."""

    def __init__(
        self,
        experiment: Experiment,
        slot: int,
        transmit: Transmit,
        keys: Keys | None = None,
        name: str | None = None,
    ) -> None:
        self.id = name or secrets.token_urlsafe(12)
        self.keys = keys or Keys.of(new_token())
        self.slot = slot
        self.generation = 0
        self.address = ""
        self.journal = Journal(experiment)
        self.run_state: RunState = "idle"
        self.step = self.epoch = 0
        self.speed: float | None = DEFAULT_SPEED
        self.is_set_aside = False
        self.strikes = 0
        self.struck_at = -float("inf")
        self.unwatched_since = time.monotonic()
        self.diverged: Divergence | None = None
        self._undo: str | None = None
        self._redo: str | None = None
        self.comparison: list[dict[str, Any]] = []
        """The variants beside it, as JSON."""
        self._notices: list[Notice] = []
        self._transmit = transmit
        self._worker: Worker | None = None
        self._is_announcing = False
        self._announced_at = -float("inf")
        self._questions = Questions()
        self.audience = Audience()
        self._pictures = Pictures(self.audience, transmit)

    def role(self, token: object) -> Role | None:
        """What the holder of `token` may do here; None: nothing."""
        return self.keys.role(token)

    @property
    def viewers(self) -> list[str]:
        return list(self.audience)

    def attach(self, viewer: str, role: Role = "owner", number: int = 0) -> None:
        """`viewer` is shown everything from now on, beginning with what there is."""
        is_first = not self.audience
        self.audience.join(viewer, role, number)
        if role == "viewer":
            self.announce()
        if is_first:
            # The last frame is as old as the last viewer's leaving.
            self._pictures.is_pulling = False
            self._pull(fresh=True)
        else:
            self._pictures.deliver([viewer])
            self._pull()

    def detach(self, viewer: str) -> None:
        """`viewer` is gone; without another, no more frames are made."""
        self.audience.leave(viewer)
        if self.audience:
            self.announce()
        else:
            self.unwatched_since = time.monotonic()
            self._pictures.is_pulling = False
            if self._worker:
                self._worker.send({"kind": "rest", "session": self.id})

    def drawn(self, viewer: str, seq: int) -> None:
        """`viewer` has drawn frame `seq`."""
        seat = self.audience.seats.get(viewer)
        if seat:
            seat.outbox.drawn(seq)
            self._pictures.deliver([viewer])
            self._pull()

    def ask(self, given: object, body: bytes = b"") -> int:
        """Check a command and pass it on, `body` beside it; its number. InputError, and no change,
        if refused."""
        command, experiment = self.journal.check(given, body)
        if self.is_set_aside and isinstance(command, Play | Step | Speed):
            raise InputError("this session is set aside: make it lighter, then press Reset")
        assert isinstance(given, dict)
        number = self.journal.accept(given, experiment, body)
        if self.is_set_aside:
            self._settle(isinstance(command, Reset))
        elif self._worker:
            message = {"kind": "command", "session": self.id, "number": number, "command": given}
            self._worker.send(message, body)
        return number

    def request(self, asked: dict[str, Any], body: bytes = b"") -> tuple[Envelope, bytes]:
        """The worker's answer to a question that changes nothing. InputError where it refuses."""
        if self._worker is None:
            raise InputError("this session has no worker at the moment; try again")
        number, waiting = self._questions.begin()
        named = {"kind": "request", "session": self.id, "number": number, "request": asked}
        self._worker.send(named, body)
        return self._questions.wait(number, waiting)

    def broadcast(self, event: str, payload: Any, but: str) -> None:
        """To all who see it, but one."""
        others = [each for each in self.audience if each != but]
        if others:
            self._transmit(event, payload, others)

    def tell(self, level: Level, text: str) -> None:
        """A notice for whoever watches, now or when they come back."""
        self._note([{"level": level, "text": text, "field": None}])
        self.announce()

    @property
    def is_homeless(self) -> bool:
        """Is it to be hosted, and is not?"""
        return self._worker is None and not self.is_set_aside

    def host(self, worker: Worker) -> None:
        """Begin, or go on from the last checkpoint, in `worker`."""
        self._worker = worker
        self._pictures.is_pulling = False
        opening, body = self.journal.opening()
        named = {"kind": "open", "session": self.id, "slot": self.slot}
        counted = {"generation": self.generation, "seq": self._pictures.seq}
        worker.send({**named, **counted, **opening}, body)
        self._pull()

    def lose_worker(self) -> None:
        """Its worker is gone; `host` begins the next generation."""
        self._worker = None
        self._pictures.is_pulling = False
        self._questions.fail()
        self.generation += 1

    def set_aside(self) -> None:
        """Host it no more, until a Reset."""
        self.is_set_aside = True
        self.run_state = "paused"
        self._settle(False)
        self.tell(
            "error",
            f"This session brought its training process down {self.strikes} times and is set "
            "aside. Make the network or the data set lighter, then press Reset.",
        )

    def close(self) -> None:
        """The worker may forget it."""
        if self._worker:
            self._worker.send({"kind": "close", "session": self.id})
            self._worker = None

    def heard(self, message: Envelope, body: bytes) -> None:
        """What the worker says of this session."""
        kind = message["kind"]
        if kind == "frame":
            self.step, self.epoch = message["step"], message["epoch"]
            self._pictures.take(message["seq"], body)
            self._pull()
        elif kind == "points":
            self._pictures.take_points(message["revision"], body)
        elif kind == "state":
            self._confirm(message)
        elif kind == "checkpoint":
            self.journal.keep(message, body)
        elif kind == "answer":
            self._questions.answered(message, body)

    def state(self, role: Role) -> StateEvent:
        """How the session stands after its last confirmed command; to the owner, its notices too,
        which count as told."""
        notices: list[Notice] = []
        if role == "owner":
            notices, self._notices = self._notices, notices
        return self._words(role, notices)

    def _words(self, role: Role, notices: list[Notice]) -> StateEvent:
        return {
            "session": self.id,
            "role": role,
            "generation": self.generation,
            "command": self.journal.command,
            "run_state": self.run_state,
            "step": self.step,
            "epoch": self.epoch,
            "experiment": self.journal.confirmed.dump(),
            "speed": self.speed,
            "diverged": self.diverged,
            "undo": self._undo,
            "redo": self._redo,
            "comparison": self.comparison,
            "notices": notices,
            "limits": limits(),
            "watching": self.audience.watching,
            "steering": self.audience.steering,
            "asking": self.audience.asking,
        }

    def _settle(self, is_reset: bool) -> None:
        """No worker answers for a session that is set aside: what is asked holds at once."""
        self._undo = self._redo = None
        self.comparison = []
        self.journal.begin_anew()
        if is_reset:
            self.is_set_aside = False
            self.run_state, self.step, self.epoch, self.diverged = "idle", 0, 0, None
        self.announce()

    def _confirm(self, message: Envelope) -> None:
        self.run_state, self.speed = message["run_state"], message["speed"]
        self.step, self.epoch = message["step"], message["epoch"]
        self.diverged = message["diverged"]
        self._undo, self._redo = message["undo"], message["redo"]
        self.comparison = message["comparison"]
        self._note(message["notices"])
        if "experiment" in message:
            experiment = Experiment.parse(message["experiment"])
            self.journal.correct(message["command"], experiment)
        else:
            self.journal.confirm(message["command"])
        self.announce()

    def _note(self, notices: list[Notice]) -> None:
        self._notices = [*self._notices, *notices][-MOST_NOTICES:]

    def announce(self) -> None:
        """A `state` event to all viewers, now or as soon as the last is old enough."""
        if self._is_announcing or not self.audience:
            return
        wait = self._announced_at + ANNOUNCE_SECONDS - time.monotonic()
        if wait > 0:
            self._is_announcing = True
            gevent.spawn_later(wait, self._say)
        else:
            self._say()

    def _say(self) -> None:
        self._is_announcing = False
        self._announced_at = time.monotonic()
        notices = self._notices
        for role, hears, viewers in self.audience.groups():
            if hears:
                self._notices = []
            self._transmit("state", self._words(role, notices if hears else []), viewers)

    def _pull(self, *, fresh: bool = False) -> None:
        """Ask the worker for a frame, if somebody could draw it: the next new, or a fresh one."""
        if self._worker is None or self._pictures.is_pulling:
            return
        if self._pictures.is_wanted:
            self._pictures.is_pulling = True
            spacing = len(self.audience) / SENT_PER_SECOND
            told = {"session": self.id, "fresh": fresh, "spacing": spacing}
            self._worker.send({"kind": "pull", **told})
