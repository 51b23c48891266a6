"""Lists of calls as functions that make them, so that nothing is spent on going through a list.

A small network's step is some forty calls of half a microsecond, and the loop around them a
twentieth of it. What is made of a list is the loop written out: `call0()`, `call1()`, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from playground.engine.rules import Call, Calls


def unrolled(lists: Iterable[Calls]) -> list[Call]:
    """A function for each of the lists, which have to be equally long.

    The calls that all of them share are bound once, and the lists are looked at one by one, none
    kept: another costs no more than the calls of its own. A step's lists differ only where the
    batch goes in, and an epoch may have twenty thousand of them.
    """
    rest = iter(lists)
    first = next(rest, None)
    if first is None:
        return []
    others = [_differing(calls, first) for calls in rest]
    own = sorted({i for calls in others for i in calls})
    names: dict[str, object] = {f"call{i}": call for i, call in enumerate(first)}
    lines = [f"{name}()" for name in names]
    parameters = ", ".join(f"call{i}" for i in own)
    exec("\n    ".join([f"def play({parameters}):", *lines, "return"]), names)
    play = names["play"]
    assert callable(play)
    return [partial(play, *(calls.get(i, first[i]) for i in own)) for calls in ({}, *others)]


def _differing(calls: Calls, first: Calls) -> dict[int, Call]:
    """The calls that are not those of `first`, by their places."""
    places = enumerate(zip(first, calls, strict=True))
    return {i: call for i, (like, call) in places if call is not like}
