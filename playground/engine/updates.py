"""The form of an optimizer's update, and the moves that the rules share.

`bind(clock, chunks)` gives the calls of one update. A chunk is a piece of the parameter vector with
its gradient and state, small enough to stay in the processor's cache while the rule passes over it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from playground.base.arrays import Array
from playground.engine.blas import add_scaled, scale
from playground.engine.rules import Calls, priced, scalar

_CHUNK = 16_384
"""Parameters that a rule passes over at a time: its vectors then fit in the cache."""


@dataclass
class Clock:
    """What changes from step to step: the learning rate in force, and the updates made so far."""

    rate: Array
    updates: int = 0


@dataclass
class Chunk:
    """Views of equal shape (m,): parameters, gradient, scratch, and the optimizer's own vectors."""

    p: Array
    g: Array
    scratch: Array
    state: dict[str, Array] = field(default_factory=dict)


def chunks(p: Array, g: Array, state: dict[str, Array]) -> list[Chunk]:
    """The flat vectors in pieces, which share one scratch vector."""
    scratch = np.empty(min(_CHUNK, p.size), p.dtype)
    found = []
    for start in range(0, p.size, _CHUNK):
        here = slice(start, min(start + _CHUNK, p.size))
        own = {name: vector[here] for name, vector in state.items()}
        found.append(Chunk(p[here], g[here], scratch[: here.stop - start], own))
    return found


@dataclass(frozen=True)
class Optimizer:
    """`state` names the vectors it keeps, each as long as the parameter vector, zero at first."""

    state: tuple[str, ...]
    bind: Callable[[Clock, list[Chunk]], Calls]


def decay_weights(clock: Clock, chunks: list[Chunk], weight_decay: float) -> Calls:
    """p ← p·(1 − rate·decay)."""
    if not weight_decay:
        return []
    keep = scalar(1.0, clock.rate)

    @priced(0)
    def prepare() -> None:
        keep[()] = 1.0 - float(clock.rate) * weight_decay

    return [prepare, *(partial(np.multiply, c.p, keep, c.p) for c in chunks)]


def average(old: Array, new: Array, keep: float) -> Calls:
    """old ← keep·old + (1 − keep)·new."""
    return [scale(old, keep), add_scaled(old, new, 1 - keep)]


def average_of_squares(old: Array, new: Array, keep: float, scratch: Array) -> Calls:
    """old ← keep·old + (1 − keep)·new²."""
    return [partial(np.square, new, scratch), *average(old, scratch, keep)]
