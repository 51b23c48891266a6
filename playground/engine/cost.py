"""What a training step costs, layer by layer, counted from the very calls that it plays.

A product of (m, k) and (k, n) is 2·m·k·n operations; any other call is one for each element it
works on, a tanh as much as a sum. Bytes are those of every array that a call reads or writes: what
would cross the memory bus if there were no caches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from scipy.linalg import blas

from playground.engine.layers import BoundLayer
from playground.engine.params import vector_size
from playground.engine.rules import Call, Calls, in_full
from playground.engine.trainer import Trainer

_PRODUCTS = (blas.sgemm, blas.dgemm)
_SCALED_SUMS = (blas.saxpy, blas.daxpy)
_MOVES = (np.copyto,)


@dataclass(frozen=True)
class Cost:
    """Floating-point operations, and bytes read and written."""

    flops: int = 0
    bytes: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.flops + other.flops, self.bytes + other.bytes)

    def share(self, of: Fraction) -> Cost:
        """That part of it, to the nearest whole number."""
        return Cost(round(self.flops * of), round(self.bytes * of))


@dataclass(frozen=True)
class LayerCost:
    """One layer's part in one step; `backward` is about twice `forward`, having two products."""

    forward: Cost
    backward: Cost
    update: Cost

    @property
    def total(self) -> Cost:
        return self.forward + self.backward + self.update


def step_costs(trainer: Trainer) -> list[LayerCost]:
    """Each layer's part in a step on a whole batch, the output layer last.

    The loss's gradient counts to the output layer; penalties, clipping and the optimizer's rule go
    over all parameters at once and are shared out by their number.
    """
    network = trainer.network
    x, y = trainer.batches.batch(0)
    tape = trainer.tape(x.shape[1])
    loss = trainer.loss.gradient(tape.output, y, tape.output_delta)
    update, parameters = calls_cost(trainer.update_calls), len(network.parameters)
    found, h = [], x
    for k, bound in enumerate(tape.layers):
        last, first = k == len(tape.layers) - 1, k == 0
        forward = [bound.affine(h), *bound.inner, *bound.merge(h)]
        backward = [
            *(loss if last else []),
            *_slope(bound),
            *bound.through,
            *([] if first else bound.below(np.empty_like(h[:-1]))),
            bound.weight_gradient(h),
        ]
        own = Fraction(vector_size(network.shapes[k : k + 1]), parameters)
        found.append(LayerCost(calls_cost(forward), calls_cost(backward), update.share(own)))
        h = bound.a_and_ones
    return found


def calls_cost(calls: Iterable[Call]) -> Cost:
    """The sum over the calls."""
    return sum((call_cost(call) for call in calls), Cost())


def call_cost(call: Call) -> Cost:
    """One call's cost; TypeError for a call that shows neither its arrays nor a price."""
    price = getattr(call, "price", None)
    if price is not None:
        return Cost(*price)
    call = in_full(call)
    if not isinstance(call, partial):
        raise TypeError(f"{call!r} has no price")
    arrays = [v for v in (*call.args, *call.keywords.values()) if isinstance(v, np.ndarray)]
    if not arrays:  # a method of the array that it fills
        return Cost(0, call.func.__self__.nbytes)  # type: ignore[attr-defined]
    moved = sum(array.nbytes for array in arrays if array.ndim)
    size = max(array.size for array in arrays)
    if call.func in _PRODUCTS:
        _, left, _, _, out, turned, *_ = call.args
        return Cost(2 * out.size * left.shape[0 if turned else 1], moved)
    if call.func in _SCALED_SUMS:
        return Cost(2 * size, moved + arrays[1].nbytes)
    if call.func is np.matmul:
        return Cost(2 * arrays[2].size * arrays[0].shape[-1], moved)
    if len(arrays) == 1:  # scaled in place
        return Cost(size, 2 * moved)
    return Cost(0 if call.func in _MOVES else size, moved)


def _slope(bound: BoundLayer) -> Calls:
    """φ′ of a plain layer, which the tape takes for several layers at once."""
    phi = bound.layer.activation
    if phi.is_identity or not bound.layer.is_plain:
        return []
    return phi.derivative(bound.argument, bound.f, np.empty_like(bound.f))
