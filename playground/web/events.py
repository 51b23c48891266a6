"""Socket.IO: who comes in, what is asked, what has been drawn.

Below Flask's request context, which would cost half of all the work.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import gevent
import socketio

from playground.base.errors import FloodError, InputError, LimitError
from playground.base.validation import shown
from playground.experiment.config import Experiment
from playground.runtime.keys import Keys, Role, new_token, view_token
from playground.runtime.session import Session
from playground.runtime.supervisor import Supervisor
from playground.store.database import Database
from playground.web.broadcast import Broadcast
from playground.web.hall import HALL, HallAct
from playground.web.metrics import Metrics, why
from playground.web.security import TokenBucket
from playground.web.settings import Settings
from playground.web.websocket import install

_log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
QUEUE_MOST = 64
"""Messages that wait for one browser. Credits bound the frames; who lets so much else pile up is
not reading and is cut off: it can come back, and finds its session as it left it."""
_BURST_SECONDS = 5.0
_HOUR = 3600.0
LATE_SECONDS = 2.0
"""The loop that serves everybody comes so late, twice in a row: nobody new is let in."""
_OPEN_COST = 10.0
"""Commands' worth of tokens: to open a session makes a data set and a network."""


@dataclass
class _Visitor:
    """One connection."""

    bucket: TokenBucket
    openings: TokenBucket
    """Sessions that it may still make."""
    address: str
    session: Session | None = None


class Events:
    """The handlers of one server, and its sessions."""

    def __init__(
        self,
        server: socketio.Server,
        settings: Settings,
        metrics: Metrics,
        database: Database | None = None,
    ) -> None:
        self._server, self._settings, self._metrics = server, settings, metrics
        self._broadcast = Broadcast(server, install(server, metrics))
        self.supervisor = Supervisor(settings.policy(), self.transmit, database)
        self._visitors: dict[str, _Visitor] = {}
        self._silent_since: dict[str, float] = {}
        for name in ("connect", "disconnect", "open", "command", "credit"):
            server.on(name, getattr(self, f"_{name}"))
        for name, act in HALL.items():
            server.on(name, partial(self._in_the_hall, act))

    def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        if len(self._visitors) >= self._settings.max_viewers:
            self._metrics.refuse("full")
            raise socketio.exceptions.ConnectionRefusedError(
                f"this server already has {self._settings.max_viewers} visitors; try again later"
            )
        rate = self._settings.commands_per_second
        most = self._settings.max_sessions_per_page
        self._visitors[sid] = _Visitor(
            TokenBucket(rate, rate * _BURST_SECONDS),
            TokenBucket(most / _HOUR, most),
            str(environ.get("REMOTE_ADDR", "")),
        )

    def _disconnect(self, sid: str, reason: object = None) -> None:
        visitor = self._visitors.pop(sid, None)
        if visitor and visitor.session:
            visitor.session.detach(sid)

    def transmit(self, event: str, payload: Any, viewers: list[str]) -> None:
        """To all of `viewers`, encoded once."""
        if event == "frame":
            self._metrics.frames.inc(len(viewers))
        lines = {sid: self._line(sid) for sid in viewers}
        if isinstance(payload, bytes):
            lines = self._broadcast.straight(event, payload, lines)
        if not lines:
            return
        self._server.emit(event, payload, to=list(lines))
        for name in lines.values():
            line = self._server.eio.sockets.get(name)
            if line and line.queue.qsize() > QUEUE_MOST:
                line.close(wait=False, abort=True)

    def sweep(self) -> None:
        """For ever: close connections that have opened no session in time, greeted or not."""
        late = 0.0
        while True:
            slept = time.monotonic()
            gevent.sleep(SWEEP_SECONDS)
            late, before = time.monotonic() - slept - SWEEP_SECONDS, late
            self._metrics.lag.set(late)
            self.supervisor.is_overloaded = min(late, before) > LATE_SECONDS
            now, lines = time.monotonic(), self._server.eio.sockets
            at_home = {self._line(sid) for sid, v in self._visitors.items() if v.session}
            since = self._silent_since
            self._silent_since = {x: since.get(x, now) for x in lines if x not in at_home}
            for line, began in self._silent_since.items():
                if now - began > self._settings.open_seconds:
                    self._metrics.refuse("silent")
                    lines[line].close(wait=False)

    def _line(self, sid: str) -> str | None:
        """Engine.IO's name for the connection that Socket.IO calls `sid`."""
        found: str | None = self._server.manager.eio_sid_from_sid(sid, "/")
        return found

    def _open(self, sid: str, given: object = None) -> dict[str, Any]:
        visitor = self._visitors[sid]
        try:
            if not visitor.bucket.take(_OPEN_COST):
                raise FloodError("too many sessions opened at once; try again in a moment")
            session, token = self._session(given, visitor)
        except InputError as error:
            return self._refused(error)
        except Exception:
            _log.exception("a session could not be opened")
            return self._refused(InputError("the server could not open a session"))
        if visitor.session:
            visitor.session.detach(sid)
        role = session.role(token)
        if visitor is not self._visitors.get(sid) or role is None:
            return self._refused(InputError("this connection has ended", "session"))
        visitor.session = session
        number = session.audience.number(role)
        answer = {
            "ok": True,
            "session": session.id,
            "token": token,
            "view": view_token(token) if role == "owner" else token,
            "role": role,
            "number": number,
            "presented": session.audience.presented,
            "experiment": session.journal.confirmed.dump(),
            "state": session.state(role),
        }
        # After the answer: no frame comes before the page knows what it shows.
        gevent.spawn(self._attach, sid, session, role, number)
        return answer

    def _attach(self, sid: str, session: Session, role: Role, number: int) -> None:
        visitor = self._visitors.get(sid)
        if visitor and visitor.session is session:
            session.attach(sid, role, number)

    def _session(self, given: object, visitor: _Visitor) -> tuple[Session, str]:
        """The session that is asked for, or a new one; one that is gone begins again from the
        experiment that came with the question. With it, the token that opens it."""
        if given is None:
            given = {}
        if not isinstance(given, dict):
            raise InputError(f"must be an object, got {shown(given)}", "open")
        experiment = given.get("experiment")
        if given.get("session") is not None:
            name, token = given["session"], given.get("token")
            found = self.supervisor.find(name) or self.supervisor.wake(name, token)
            if found and found.role(token):
                if not given.get("fork"):
                    return found, str(token)
                own = self._new_owner(visitor)
                return self.supervisor.fork(found, Keys.of(own), visitor.address), own
            if found:
                raise InputError("this token does not open this session", "token")
            if experiment is None:
                raise InputError("this session is no longer here", "session")
            if given.get("fork"):
                raise InputError("this session is no longer here", "session")
        if experiment is not None and not isinstance(experiment, dict):
            raise InputError(f"must be an object, got {shown(experiment)}", "experiment")
        parsed = Experiment.parse(experiment or {})
        if getattr(parsed.data, "path", None) is not None:
            raise InputError("a server opens no file that a visitor names", "data.path")
        token = self._new_owner(visitor)
        return self.supervisor.open(parsed, Keys.of(token), visitor.address), token

    def _new_owner(self, visitor: _Visitor) -> str:
        """A token for a new session. LimitError where this page has made enough of them."""
        if not visitor.openings.take():
            most = self._settings.max_sessions_per_page
            raise LimitError(f"this page has opened {most} sessions; please try again later")
        return new_token()

    def _command(self, sid: str, given: object = None) -> dict[str, Any]:
        visitor = self._visitors[sid]
        try:
            if not visitor.bucket.take():
                raise FloodError("too many commands; slow down a little")
            if visitor.session is None:
                raise InputError("open a session first")
            visitor.session.audience.check_steers(sid)
            with self._metrics.command_seconds.time():
                number = self.supervisor.ask(visitor.session, given)
            self._metrics.commands.inc()
            return {"ok": True, "number": number}
        except InputError as error:
            return self._refused(error)
        except Exception:
            _log.exception("a command failed")
            return self._refused(InputError("the server could not do this; nothing was changed"))

    def _in_the_hall(self, act: HallAct, sid: str, given: object = None) -> dict[str, Any]:
        visitor = self._visitors[sid]
        try:
            if not visitor.bucket.take():
                raise FloodError("too much at once; slow down a little")
            if visitor.session is None:
                raise InputError("open a session first")
            act(visitor.session, sid, given)
        except InputError as error:
            return self._refused(error)
        return {"ok": True}

    def _credit(self, sid: str, given: object = None) -> None:
        visitor = self._visitors.get(sid)
        seq = given.get("seq") if isinstance(given, dict) else None
        if visitor and visitor.session and isinstance(seq, int):
            visitor.session.drawn(sid, seq)

    def _refused(self, error: InputError) -> dict[str, Any]:
        self._metrics.refuse(why(error))
        return {"ok": False, "error": {"message": error.message, "field": error.field}}
