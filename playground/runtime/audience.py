"""Who watches a session: each one's credits, who steers, who asks to, what the presenter shows.

The owner steers until they hand over to a viewer; they can take back at any time, and get control
back when that viewer leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playground.base.errors import InputError, RoleError
from playground.runtime.keys import Role
from playground.runtime.outbox import Outbox

MOST_ASKING = 20
"""Raised hands that the owner is told of."""


@dataclass
class Seat:
    """One page that shows the session."""

    role: Role
    number: int
    """Of a viewer, from 1; 0 for the owner."""
    outbox: Outbox = field(default_factory=Outbox)
    asks: bool = False


class Audience:
    """By connection."""

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self.presented: dict[str, Any] = {}
        """What the presenter shows, as the page understands it."""
        self._numbers = count(1)
        self._steering: str | None = None
        """The viewer to whom control was handed."""

    def __len__(self) -> int:
        return len(self.seats)

    def __iter__(self) -> Iterator[str]:
        return iter(self.seats)

    def number(self, role: Role) -> int:
        """For the next of that role: a number that nobody else has had."""
        return 0 if role == "owner" else next(self._numbers)

    def join(self, viewer: str, role: Role, number: int) -> None:
        """Take a seat."""
        self.seats[viewer] = Seat(role, number)

    def leave(self, viewer: str) -> None:
        """Give the seat back, and control with it."""
        self.seats.pop(viewer, None)
        if self._steering == viewer:
            self._steering = None

    def check_steers(self, viewer: str) -> None:
        """RoleError, with what to do, where this one may change nothing now."""
        seat = self.seats.get(viewer)
        if self._steering is not None:
            if self._steering != viewer:
                if seat and seat.role == "owner":
                    raise RoleError(f"viewer {self.steering} has control: take it back first")
                raise RoleError("another viewer has control at the moment")
        elif seat is None or seat.role != "owner":
            raise RoleError(
                "you are watching: only the presenter can change this; "
                "Make it mine gives you a copy of your own"
            )

    def raise_hand(self, viewer: str, up: bool) -> None:
        """Ask for control, or no longer."""
        seat = self.seats.get(viewer)
        if seat is None or seat.role == "owner":
            raise InputError("only viewers can ask for control")
        seat.asks = up

    def hand_over(self, viewer: str, number: int | None) -> None:
        """By the owner: control to the viewer of that number; None takes it back."""
        seat = self.seats.get(viewer)
        if seat is None or seat.role != "owner":
            if number is None and self._steering == viewer:
                self._steering = None
                return
            raise InputError("only the presenter can hand over control")
        if number is None:
            self._steering = None
            return
        found = next((v for v, s in self.seats.items() if number and s.number == number), None)
        if found is None:
            raise InputError(f"viewer {number} is no longer here")
        self.seats[found].asks = False
        self._steering = found

    @property
    def steering(self) -> int | None:
        """The number of the viewer who has control; None where it is with the owner."""
        return self.seats[self._steering].number if self._steering else None

    @property
    def watching(self) -> int:
        """How many viewers there are beside the owner."""
        return sum(seat.role == "viewer" for seat in self.seats.values())

    @property
    def asking(self) -> list[int]:
        """The numbers of those who ask for control, the first first."""
        return [seat.number for seat in self.seats.values() if seat.asks][:MOST_ASKING]

    def groups(self) -> list[tuple[Role, bool, list[str]]]:
        """Who is told the same: role, whether they hear the notices, and who they are."""
        owners = [v for v, seat in self.seats.items() if seat.role == "owner"]
        steering = [self._steering] if self._steering else []
        viewers = [v for v in self.seats if v not in owners and v != self._steering]
        told: list[tuple[Role, bool, list[str]]] = [
            ("owner", True, owners), ("viewer", True, steering), ("viewer", False, viewers),
        ]  # fmt: skip
        return [group for group in told if group[2]]
