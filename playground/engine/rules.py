"""The form every elementwise rule takes: whole-array NumPy calls, bound to their buffers once.

A rule such as tanh is a function from buffers to a list of zero-argument calls that fill them. The
network strings these lists together into a tape when the batch size is known; a training step then
makes one call after another, with nothing allocated, looked up or decided on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from playground.base.arrays import Array

Call = Callable[[], object]
Calls = list[Call]


def scalar(value: float, like: Array) -> Array:
    """A 0-d array of `like`'s dtype: NumPy takes it in half the time that a Python float costs."""
    return np.array(value, dtype=like.dtype)


def copied(source: Array, target: Array) -> Calls:
    """No call at all where both are the same memory."""
    return [] if source is target else [partial(np.copyto, target, source)]


def priced(flops: int, *touched: Array) -> Callable[[Call], Call]:
    """Decorator: what one call costs that `engine/cost.py` can't read off a `partial`: operations,
    and the arrays that it reads and writes (named twice where it does both)."""

    def mark(call: Call) -> Call:
        call.price = (flops, sum(array.nbytes for array in touched))  # type: ignore[attr-defined]
        return call

    return mark


def maximum(x: Array, y: Array, out: Array) -> Call:
    """out ← max(x, y). `np.maximum` wants its `out` by name, which a `partial` passes on slowly."""
    return _by_name(np.maximum, x, y, out)


def minimum(x: Array, y: Array, out: Array) -> Call:
    """out ← min(x, y), likewise."""
    return _by_name(np.minimum, x, y, out)


def in_full(call: Call) -> Call:
    """The `partial` that does what `call` does, if there is one: it shows function and buffers."""
    return getattr(call, "in_full", call)


def _by_name(function: np.ufunc, x: Array, y: Array, out: Array) -> Call:
    def call() -> object:
        return function(x, y, out=out)

    call.in_full = partial(function, x, y, out=out)  # type: ignore[attr-defined]
    return call


def play(calls: Calls) -> None:
    """Make the calls, in order."""
    for call in calls:
        call()


@dataclass(frozen=True)
class Activation:
    """φ and φ′ as rules. `from_output`: φ′ needs a alone, so z and a may be one buffer.

    `kinks` are the z at which φ′ or φ″ jumps; a φ that has any must not fall anywhere.
    """

    forward: Callable[[Array, Array], Calls]
    derivative: Callable[[Array, Array, Array], Calls]
    from_output: bool = True
    is_identity: bool = False
    kinks: tuple[float, ...] = ()

    def value(self, z: Array) -> Array:
        """φ(z) as a new array."""
        z = np.array(z)
        a = np.empty_like(z)
        play(self.forward(z, a))
        return a

    def slope(self, z: Array) -> Array:
        """φ′(z) as a new array."""
        z = np.array(z)
        a, d = np.empty_like(z), np.empty_like(z)
        play(self.forward(z, a) + self.derivative(z, a, d))
        return d
