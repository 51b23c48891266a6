"""Lists of calls as functions that make them, so that nothing is spent on going through a list.

A small network's step is some forty calls of half a microsecond, and the loop around them a
twentieth of it. What is made of a list is the loop written out: `call0()`, `call1()`, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from playground.engine.rules import Call, Calls


def unrolled(lists: Sequence[Calls]) -> list[Call]:
    """A function for each of the lists, which have to be equally long.

    The calls that all of them share are bound once, so that another list costs no more than the
    calls of its own: a step's lists differ only where the batch goes in.
    """
    if not lists:
        return []
    names: dict[str, object] = {f"call{i}": call for i, call in enumerate(lists[0])}
    lines = [f"{name}()" for name in names]
    places = zip(*lists, strict=True)
    own = [i for i, calls in enumerate(places) if any(call is not calls[0] for call in calls)]
    parameters = ", ".join(f"call{i}" for i in own)
    exec("\n    ".join([f"def play({parameters}):", *lines, "return"]), names)
    play = names["play"]
    assert callable(play)
    return [partial(play, *(calls[i] for i in own)) for calls in lists]
