"""Who may do what over plain HTTP: the session's token comes in a header, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from flask import request

from playground.base.errors import FloodError, InputError, RoleError
from playground.runtime.session import Session
from playground.runtime.supervisor import Supervisor
from playground.web.security import TokenBucket

TOKEN_HEADER = "X-Session-Token"
_RATE, _BURST = 3.0, 30.0
"""Files a second of one session: each costs its worker some milliseconds."""

Owned = Callable[..., Session]


def owners(supervisor: Supervisor) -> Owned:
    """What gives the session of that name to its owner. InputError to anybody else."""
    buckets: WeakKeyDictionary[Session, TokenBucket] = WeakKeyDictionary()

    def owned(session_id: str, cost: float = 1.0) -> Session:
        session = supervisor.find(session_id)
        role = session.role(request.headers.get(TOKEN_HEADER)) if session else None
        if session is None or role is None:
            raise InputError("this session is not here, or not yours", "session")
        if role != "owner":
            raise RoleError("you are watching: Make it mine gives you files too", "session")
        if not buckets.setdefault(session, TokenBucket(_RATE, _BURST)).take(cost):
            raise FloodError("too many files at once; try again in a moment")
        return session

    return owned
