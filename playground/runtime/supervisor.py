"""The sessions and the workers that hold them: starts, places, caps, watches, replaces.

A fixed pool of workers, each with its share of the sessions, and one more that waits: importing
takes half a second, so a lost worker is replaced by one that has done it already.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import gevent

from playground.base.errors import LimitError
from playground.experiment.config import Experiment
from playground.runtime.channel import Envelope
from playground.runtime.policy import Policy
from playground.runtime.process import WorkerProcess
from playground.runtime.session import Session, Transmit

_log = logging.getLogger(__name__)

WATCH_SECONDS = 0.5
STANDBY_SECONDS = 1.0
"""The waiting worker starts so long after it is needed, so as not to slow down the one that is."""
COMING_BACK_SECONDS = 60.0
"""A session is not dropped for another as long as its viewer may just be reconnecting."""
MAX_PAUSE_SECONDS = 5.0
"""Workers that end as soon as they begin are started again at most this slowly."""


class Supervisor:
    """Opens, finds and drops sessions; keeps their workers alive. For use inside gevent."""

    def __init__(self, policy: Policy, transmit: Transmit) -> None:
        self.policy = policy
        self._transmit = transmit
        self._sessions: dict[str, Session] = {}
        self._slots = count()
        self._homes: dict[str, WorkerProcess] = {}
        self._workers: list[WorkerProcess] = []
        self._standby: WorkerProcess | None = None
        self._early_ends = 0
        self._is_stopping = False
        self._greenlets: list[Any] = []

    def start(self) -> None:
        """Start the workers, and the watch over them."""
        self._workers = [self._worker() for _ in range(self.policy.workers)]
        gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
        self._greenlets.append(gevent.spawn(self._watch))

    def stop(self) -> None:
        """End every worker; none is left when this returns."""
        self._is_stopping = True
        gevent.killall(self._greenlets)
        processes = [*self._workers, *([self._standby] if self._standby else [])]
        gevent.joinall([gevent.spawn(process.stop) for process in processes])

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._sessions.values())

    @property
    def pids(self) -> list[int]:
        """Of the workers that hold sessions."""
        return [worker.pid for worker in self._workers if not worker.is_lost]

    @property
    def is_healthy(self) -> bool:
        """Does every worker answer?"""
        now = time.monotonic()
        return all(w.is_ready and not w.is_hung(now) and not w.is_lost for w in self._workers)

    def find(self, session_id: object) -> Session | None:
        return self._sessions.get(session_id) if isinstance(session_id, str) else None

    def open(self, experiment: Experiment) -> Session:
        """A new session, idle at step 0. LimitError where there is no room for one more."""
        if len(self._sessions) >= self.policy.max_sessions:
            self._make_room()
        session = Session(experiment, next(self._slots), self._transmit)
        self._sessions[session.id] = session
        self._place(session)
        return session

    def ask(self, session: Session, command: object, body: bytes = b"") -> int:
        """Check a command and pass it on; its number. InputError where it is refused."""
        number = session.ask(command, body)
        if session.is_homeless and session.id not in self._homes:
            self._place(session)
        return number

    def _make_room(self) -> None:
        """Drop the session that has been unwatched for longest."""
        long_ago = time.monotonic() - COMING_BACK_SECONDS
        unwatched = [s for s in self if not s.viewers and s.unwatched_since < long_ago]
        if not unwatched:
            raise LimitError(
                f"this server already carries {self.policy.max_sessions} sessions, "
                "and all of them are in use; please try again later"
            )
        self._drop(min(unwatched, key=lambda session: session.unwatched_since))

    def _drop(self, session: Session) -> None:
        session.close()
        del self._sessions[session.id]
        self._homes.pop(session.id, None)

    def _place(self, session: Session) -> None:
        """Host `session` where the fewest are."""
        hosted = list(self._homes.values())
        worker = min(self._workers, key=hosted.count)
        self._homes[session.id] = worker
        session.host(worker)

    def _worker(self) -> WorkerProcess:
        return WorkerProcess(self.policy, self._hear, self._lose)

    def _prepare_standby(self) -> None:
        if self._standby is None and not self._is_stopping:
            self._standby = self._worker()

    def _hear(self, message: Envelope, body: bytes) -> None:
        session = self._sessions.get(message["session"])
        if session:
            session.heard(message, body)

    def _lose(self, lost: WorkerProcess) -> None:
        """A worker has ended: put another in its place, and its sessions into that."""
        if self._is_stopping:
            return
        if lost is self._standby:
            self._standby = None
            gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
            return
        _log.warning("worker %d ended (%s)", lost.pid, _how(lost))
        self._pause_after_early_end(lost)
        at = self._workers.index(lost)
        self._workers[at] = self._standby or self._worker()
        self._standby = None
        gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
        for session in [s for s in self if self._homes.get(s.id) is lost]:
            session.lose_worker()
            self._blame(session, lost)
            if session.is_set_aside:
                del self._homes[session.id]
            else:
                self._homes[session.id] = self._workers[at]
                session.host(self._workers[at])

    def _blame(self, session: Session, lost: WorkerProcess) -> None:
        """A strike for the session at whose work the worker ended by itself or had to be ended."""
        killed_from_outside = lost.returncode in (-signal.SIGKILL, -signal.SIGTERM)
        if session.slot != lost.busy_with or (killed_from_outside and not lost.was_hung):
            return
        now = time.monotonic()
        if now - session.struck_at > self.policy.forgive_seconds:
            session.strikes = 0
        session.strikes, session.struck_at = session.strikes + 1, now
        if session.strikes >= self.policy.strikes:
            session.set_aside()

    def _pause_after_early_end(self, lost: WorkerProcess) -> None:
        """Where workers can't even start, do not start them in a loop."""
        self._early_ends = 0 if lost.is_ready else self._early_ends + 1
        if self._early_ends:
            gevent.sleep(min(MAX_PAUSE_SECONDS, 0.1 * 2**self._early_ends))

    def _watch(self) -> None:
        while True:
            gevent.sleep(WATCH_SECONDS)
            now = time.monotonic()
            for worker in [*self._workers, *([self._standby] if self._standby else [])]:
                if worker.is_hung(now) and not worker.was_hung:
                    _log.error("worker %d does not answer", worker.pid)
                    worker.was_hung = True
                    worker.kill()
            for session in list(self):
                self._look_after(session, now)

    def _look_after(self, session: Session, now: float) -> None:
        """Nobody watches: train on for a while, then pause; in the end, forget."""
        if session.viewers:
            return
        alone = now - session.unwatched_since
        if alone > self.policy.idle_seconds:
            self._drop(session)
        elif alone > self.policy.unwatched_training_seconds and session.run_state == "running":
            session.ask({"name": "pause"})
            minutes = round(self.policy.unwatched_training_seconds / 60)
            session.tell("info", f"Nobody was watching for {minutes} minutes, so training paused.")


def _how(lost: WorkerProcess) -> str:
    if lost.was_hung:
        return "it did not answer"
    code = lost.returncode
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
