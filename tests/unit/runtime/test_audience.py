"""Who steers and who watches: handing over, taking back, leaving, raised hands."""

from __future__ import annotations

import pytest

from playground.base.errors import InputError
from playground.runtime.audience import Audience
from playground.runtime.keys import Role


def seat(audience: Audience, who: str, role: Role = "viewer") -> int:
    number = audience.number(role)
    audience.join(who, role, number)
    return number


@pytest.fixture
def audience() -> Audience:
    made = Audience()
    seat(made, "owner", "owner")
    seat(made, "ann")
    seat(made, "bob")
    return made


def test_only_the_owner_steers_at_first(audience: Audience) -> None:
    audience.check_steers("owner")
    for other in ("ann", "bob", "stranger"):
        with pytest.raises(InputError, match="you are watching"):
            audience.check_steers(other)


def test_control_is_handed_over_and_taken_back(audience: Audience) -> None:
    audience.hand_over("owner", 2)
    assert audience.steering == 2
    audience.check_steers("bob")
    with pytest.raises(InputError, match="viewer 2 has control: take it back"):
        audience.check_steers("owner")
    with pytest.raises(InputError, match="another viewer"):
        audience.check_steers("ann")
    audience.hand_over("owner", None)
    audience.check_steers("owner")
    with pytest.raises(InputError, match="you are watching"):
        audience.check_steers("bob")


def test_whoever_has_control_may_give_it_back_and_nobody_else_may_move_it(
    audience: Audience,
) -> None:
    with pytest.raises(InputError, match="only the presenter"):
        audience.hand_over("ann", 1)
    audience.hand_over("owner", 1)
    with pytest.raises(InputError, match="only the presenter"):
        audience.hand_over("bob", None)
    with pytest.raises(InputError, match="only the presenter"):
        audience.hand_over("ann", 2)
    audience.hand_over("ann", None)
    audience.check_steers("owner")


def test_control_comes_back_when_its_holder_leaves(audience: Audience) -> None:
    audience.hand_over("owner", 1)
    audience.leave("ann")
    assert audience.steering is None
    audience.check_steers("owner")
    with pytest.raises(InputError, match="no longer here"):
        audience.hand_over("owner", 1)
    assert seat(audience, "cleo") == 3, "a number is nobody else's"


def test_nobody_gets_control_as_the_owner_whose_number_is_zero(audience: Audience) -> None:
    with pytest.raises(InputError, match="viewer 0 is no longer here"):
        audience.hand_over("owner", 0)


def test_hands_are_raised_lowered_and_answered(audience: Audience) -> None:
    audience.raise_hand("bob", True)
    audience.raise_hand("ann", True)
    audience.raise_hand("bob", False)
    assert audience.asking == [1]
    audience.hand_over("owner", 1)
    assert audience.asking == []
    with pytest.raises(InputError, match="only viewers"):
        audience.raise_hand("owner", True)


def test_a_whole_hall_of_hands_does_not_flood_the_owner(audience: Audience) -> None:
    for k in range(300):
        seat(audience, str(k))
        audience.raise_hand(str(k), True)
    assert len(audience.asking) == 20
    assert audience.watching == 302


def test_notices_are_heard_by_whoever_can_act_on_them(audience: Audience) -> None:
    assert audience.groups() == [("owner", True, ["owner"]), ("viewer", False, ["ann", "bob"])]
    audience.hand_over("owner", 1)
    assert audience.groups() == [
        ("owner", True, ["owner"]),
        ("viewer", True, ["ann"]),
        ("viewer", False, ["bob"]),
    ]
