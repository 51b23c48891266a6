"""Input that is nearly right: documents with something replaced or dropped; bytes with errors."""

from __future__ import annotations

import copy
import random
from typing import Any

SCALARS: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**400, 0.5, -0.0, 1e308, 5e-324,
    float("nan"), float("inf"), "", " ", "a", "tanh", "\x00", "\ud800", "𝛿" * 50, "x" * 10_000,
    "../../etc/passwd", "__class__", "1e9", "NaN", [], {}, [[]], [None], {"name": None},
]  # fmt: skip


def nested(depth: int) -> Any:
    """Lists in lists."""
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def junk(rng: random.Random) -> Any:
    """Something that is rarely wanted."""
    kind = rng.random()
    if kind < 0.8:
        return copy.deepcopy(rng.choice(SCALARS))
    if kind < 0.9:
        key = rng.choice(["name", "units", "a", "", "\ud800"])
        return {key: copy.deepcopy(rng.choice(SCALARS))}
    return rng.choice([nested(50), [1.5] * 200, list(range(50)), rng.random() * 1e300])


def twisted(document: Any, rng: random.Random, times: int = 2) -> Any:
    """A copy of `document` with some places changed."""
    found = copy.deepcopy(document)
    for _ in range(rng.randint(1, times)):
        places = list(_places(found))
        if not places or rng.random() < 0.02:
            return junk(rng)
        holder, key = rng.choice(places)
        act = rng.random()
        if act < 0.7:
            holder[key] = junk(rng)
        elif act < 0.85:
            del holder[key]
        elif isinstance(holder, dict):
            holder[rng.choice(["nme", "evil", "__proto__", ""])] = junk(rng)
        else:
            holder.extend(copy.deepcopy(holder) * rng.randint(1, 5))
    return found


def damaged(data: bytes, rng: random.Random) -> bytes:
    """A copy of `data`, cut, or with some bytes changed, doubled or put in."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(found) + 1)
        act = rng.random()
        if act < 0.5 and at < len(found):
            found[at] = rng.randrange(256)
        elif act < 0.65:
            del found[at : at + rng.randint(1, 64)]
        elif act < 0.8:
            found[at:at] = rng.randbytes(rng.randint(1, 16))
        elif act < 0.9:
            found[at:at] = found[at : at + rng.randint(1, 64)]
        else:
            del found[at:]
    return bytes(found)


def _places(node: Any) -> Any:
    items: Any = ()
    if isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node))
    for key, value in items:
        yield node, key
        yield from _places(value)
