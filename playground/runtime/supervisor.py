"""The sessions: opened, placed in workers, parked, woken, copied; how many there may be."""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import gevent

from playground.base.errors import InputError, LimitError, StoreError
from playground.experiment.config import Experiment
from playground.runtime.channel import Envelope
from playground.runtime.fleet import Fleet
from playground.runtime.keeper import Keeper
from playground.runtime.kept import keys_of, row_of, session_of
from playground.runtime.keys import Keys
from playground.runtime.pictures import Transmit
from playground.runtime.policy import Policy
from playground.runtime.process import WorkerProcess
from playground.runtime.session import Level, Session
from playground.store.database import Database
from playground.store.schema import Kept

_log = logging.getLogger(__name__)

WATCH_SECONDS = 0.5
COMING_BACK_SECONDS = 60.0
"""A session is not dropped for another as long as its viewer may just be reconnecting."""
EXPIRE_SECONDS = 3600.0


class Supervisor:
    """Opens, finds and parks sessions. For use inside gevent."""

    def __init__(
        self, policy: Policy, transmit: Transmit, database: Database | None = None
    ) -> None:
        self.policy = policy
        self.keeper = Keeper(database, self._row, self._tell_all)
        self._transmit = transmit
        self._sessions: dict[str, Session] = {}
        self._slots = count()
        self._homes: dict[str, WorkerProcess] = {}
        self.is_overloaded = False
        """The web process itself is late: the last resort, after frames have become fewer."""
        self.fleet = Fleet(policy, self._hear, self._rehost)
        self._greenlets: list[Any] = []

    def start(self) -> None:
        """Start the workers, and the watch over them."""
        self.fleet.start()
        self.keeper.start()
        self._greenlets += [gevent.spawn(self._watch), gevent.spawn(self._expire)]

    def stop(self) -> None:
        """Keep every session as it is, and end every worker; none is left when this returns."""
        gevent.killall(self._greenlets)
        if self.keeper.database:
            self.fleet.save()
            self.keeper.stop()
        self.fleet.stop()

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._sessions.values())

    def find(self, session_id: object) -> Session | None:
        return self._sessions.get(session_id) if isinstance(session_id, str) else None

    def open(self, experiment: Experiment, keys: Keys | None = None, address: str = "") -> Session:
        """A new session, idle at step 0. LimitError where there is no room for one more."""
        self._make_room(address)
        session = Session(experiment, next(self._slots), self._transmit, keys)
        session.address = address
        return self._begin(session)

    def fork(self, session: Session, keys: Keys, address: str = "") -> Session:
        """A copy of `session` as its last checkpoint has it, and the commands since."""
        self._make_room(address)
        forked = Session(session.journal.origin, next(self._slots), self._transmit, keys)
        forked.journal = session.journal.copied()
        forked.address = address
        forked.run_state, forked.speed = session.run_state, session.speed
        forked.step, forked.epoch = session.step, session.epoch
        forked.is_set_aside, forked.diverged = session.is_set_aside, session.diverged
        return self._begin(forked)

    def wake(self, session_id: object, token: object) -> Session | None:
        """A session that is parked, for whoever holds a token of it; None where none is kept.

        InputError where it can't be looked up, or the token is wrong.
        """
        if not isinstance(session_id, str):
            return None
        try:
            kept = self.keeper.read(session_id)
            # Meanwhile somebody else may have woken it.
            if kept is None or session_id in self._sessions:
                return self._sessions.get(session_id)
            if not keys_of(kept).role(token):
                raise InputError("this token does not open this session", "token")
            self._make_room()
            return self._begin(session_of(kept, next(self._slots), self._transmit))
        except StoreError as error:
            raise InputError(
                f"this session can't be looked up: {error}; wait", "database"
            ) from None

    def ask(self, session: Session, command: object, body: bytes = b"") -> int:
        """Check a command and pass it on; its number. InputError where it is refused."""
        number = session.ask(command, body)
        if session.is_set_aside:
            self.keeper.note(session.id)
        if session.is_homeless and session.id not in self._homes:
            self._place(session)
        return number

    def _begin(self, session: Session) -> Session:
        self._sessions[session.id] = session
        self.keeper.note(session.id)
        if not session.is_set_aside:
            self._place(session)
        return session

    def _make_room(self, address: str = "") -> None:
        """Where it is full: part with the session that has been unwatched for longest."""
        if self.is_overloaded:
            raise LimitError(
                "this server has as much to do as it can do well; those who are here go on, "
                "new ones please try again in a minute"
            )
        own = [s for s in self if address and s.address == address]
        if len(own) >= self.policy.max_sessions_per_address:
            most = self.policy.max_sessions_per_address
            words = f"{most} sessions are open from your network, which is as many as may be"
            self._part_with_one_of(own, words)
        if len(self._sessions) >= self.policy.max_sessions:
            most = self.policy.max_sessions
            words = f"this server already carries {most} session{'s' * (most != 1)}"
            self._part_with_one_of(list(self), words)

    def _part_with_one_of(self, sessions: list[Session], full: str) -> None:
        long_ago = time.monotonic() - COMING_BACK_SECONDS
        leaving = [s for s in sessions if self._may_leave(s) and s.unwatched_since < long_ago]
        if not leaving:
            raise LimitError(f"{full}, and all of them are in use; please try again later")
        self._part_with(min(leaving, key=lambda session: session.unwatched_since))

    def _may_leave(self, session: Session) -> bool:
        """Nobody watches it, and nothing that could be kept would be lost."""
        is_kept = self.keeper.is_kept(session.id) or not self.keeper.database
        return not session.viewers and is_kept

    def _part_with(self, session: Session) -> None:
        """Park it: the database has it. Without one, this is the end of it."""
        session.close()
        del self._sessions[session.id]
        self._homes.pop(session.id, None)

    def _place(self, session: Session) -> None:
        """Host `session` where the fewest are."""
        hosted = list(self._homes.values())
        worker = min(self.fleet.workers, key=hosted.count)
        self._homes[session.id] = worker
        session.host(worker)

    def _hear(self, message: Envelope, body: bytes) -> None:
        session = self._sessions.get(message["session"])
        if session:
            session.heard(message, body)
            if message["kind"] == "checkpoint":
                self.keeper.note(session.id)

    def _row(self, session_id: str) -> Kept | None:
        session = self._sessions.get(session_id)
        return row_of(session) if session else None

    def _tell_all(self, level: Level, text: str) -> None:
        for session in list(self):
            if self.keeper.database:
                self.keeper.note(session.id)
            session.tell(level, text)

    def _expire(self) -> None:
        """For ever: forget what nobody has opened for long."""
        while True:
            before = time.time() - self.policy.expire_days * 86400
            with contextlib.suppress(StoreError):
                self.keeper.ask(lambda database, before=before: database.expire(before))  # type: ignore[misc]
            gevent.sleep(EXPIRE_SECONDS)

    def _rehost(self, lost: WorkerProcess, worker: WorkerProcess) -> None:
        """The sessions of a lost worker go on in the next."""
        for session in [s for s in self if self._homes.get(s.id) is lost]:
            session.lose_worker()
            self._blame(session, lost)
            if session.is_set_aside:
                del self._homes[session.id]
            else:
                self._homes[session.id] = worker
                session.host(worker)

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
            self.keeper.note(session.id)

    def _watch(self) -> None:
        while True:
            gevent.sleep(WATCH_SECONDS)
            now = time.monotonic()
            for session in list(self):
                self._look_after(session, now)

    def _look_after(self, session: Session, now: float) -> None:
        """Nobody watches: train on for a while, then pause; in the end, park."""
        if session.viewers:
            return
        alone = now - session.unwatched_since
        if alone > self.policy.idle_seconds:
            if self._may_leave(session):
                self._part_with(session)
        elif alone > self.policy.unwatched_training_seconds and session.run_state == "running":
            session.ask({"name": "pause"})
            minutes = round(self.policy.unwatched_training_seconds / 60)
            session.tell("info", f"Nobody was watching for {minutes} minutes, so training paused.")
