"""The form every elementwise rule takes: whole-array NumPy calls, bound to their buffers once.

A rule such as tanh is a function from buffers to a list of zero-argument calls that fill them. The
network strings these lists together into a tape when the batch size is known; a training step is
then `for call in tape: call()`, with nothing allocated, looked up or decided on the way.
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


def maximum(x: Array, y: Array, out: Array) -> None:
    """`np.maximum`, which wants its `out` by name: a `partial` is slow to pass names on."""
    np.maximum(x, y, out=out)


def minimum(x: Array, y: Array, out: Array) -> None:
    """`np.minimum`, likewise."""
    np.minimum(x, y, out=out)


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
