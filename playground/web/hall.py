"""The lecture hall's events: hands raised, control handed over, what the presenter shows."""

from __future__ import annotations

from collections.abc import Callable

from playground.base.errors import InputError
from playground.runtime.session import Session
from playground.wire.presented import parse_presented

HallAct = Callable[[Session, str, object], None]


def _raise_hand(session: Session, sid: str, given: object) -> None:
    """A viewer asks for control, or no longer."""
    up = given.get("up") if isinstance(given, dict) else None
    if not isinstance(up, bool):
        raise InputError("must be true or false", "up")
    session.audience.raise_hand(sid, up)
    session.announce()


def _hand_over(session: Session, sid: str, given: object) -> None:
    """The owner gives control to a viewer, by number, or takes it back."""
    to = given.get("to") if isinstance(given, dict) else ""
    if to is not None and (not isinstance(to, int) or isinstance(to, bool)):
        raise InputError("must be a viewer's number, or null", "to")
    session.audience.hand_over(sid, to)
    session.announce()


def _present(session: Session, sid: str, given: object) -> None:
    """Whoever steers shows this; all others may show the same."""
    presented = parse_presented(given)
    session.audience.check_steers(sid)
    session.audience.presented = presented
    session.broadcast("presented", presented, but=sid)


HALL: dict[str, HallAct] = {
    "raise_hand": _raise_hand,
    "hand_over": _hand_over,
    "present": _present,
}
"""By event."""
