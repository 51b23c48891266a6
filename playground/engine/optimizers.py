"""Optimizers: how the gradient becomes the update. Each works on the whole network as one vector.

Formulas and defaults are PyTorch's; where weight decay is offered it is decoupled from the gradient
(Loshchilov and Hutter 2017) and, as there, acts on every parameter.
"""

from __future__ import annotations

from functools import partial
from math import sqrt
from typing import Annotated

import numpy as np
from pydantic import Field

from playground.base.registry import Registry
from playground.engine.blas import add_scaled, scale, subtract_scaled
from playground.engine.rules import Calls, maximum, priced, scalar
from playground.engine.updates import (
    Chunk,
    Clock,
    Optimizer,
    average,
    average_of_squares,
    decay_weights,
)

OPTIMIZERS = Registry("optimizer")

Decay = Annotated[float, Field(ge=0, lt=1, description="share kept of an average, per step")]
Epsilon = Annotated[float, Field(gt=0, le=1, description="keeps a division from being by zero")]
Momentum = Annotated[float, Field(ge=0, lt=1, description="share kept of the last update")]
WeightDecay = Annotated[
    float, Field(ge=0, le=10, description="decoupled: every step, p shrinks by rate·decay·p")
]


_NOTHING = 1e-17
"""1 less this is 1, to the last bit."""


@OPTIMIZERS.register("sgd", "SGD")
def sgd(
    *,
    momentum: Momentum = 0.0,
    nesterov: Annotated[bool, Field(description="look ahead along the momentum")] = False,
    weight_decay: WeightDecay = 0.0,
) -> Optimizer:
    """Stochastic gradient descent; with momentum, a running sum of gradients (Polyak 1964)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls = decay_weights(clock, chunks, weight_decay)
        for c in chunks:
            if not momentum:
                calls.append(subtract_scaled(c.p, c.g, clock.rate))
                continue
            velocity = c.state["velocity"]
            calls += [scale(velocity, momentum), add_scaled(velocity, c.g, 1.0)]
            if not nesterov:
                calls.append(subtract_scaled(c.p, velocity, clock.rate))
                continue
            calls += [
                partial(np.multiply, velocity, scalar(momentum, c.p), c.scratch),
                add_scaled(c.scratch, c.g, 1.0),
                subtract_scaled(c.p, c.scratch, clock.rate),
            ]
        return calls

    return Optimizer(("velocity",) if momentum else (), bind)


@OPTIMIZERS.register("adagrad", "AdaGrad")
def adagrad(*, epsilon: Epsilon = 1e-10) -> Optimizer:
    """Each rate shrinks with the sum of its squared gradients (Duchi et al. 2011)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls: Calls = []
        for c in chunks:
            total, floor = c.state["total"], scalar(epsilon, c.p)
            calls += [
                partial(np.multiply, c.g, c.g, c.scratch),
                add_scaled(total, c.scratch, 1.0),
                partial(np.sqrt, total, c.scratch),
                partial(np.add, c.scratch, floor, c.scratch),
                partial(np.divide, c.g, c.scratch, c.scratch),
                subtract_scaled(c.p, c.scratch, clock.rate),
            ]
        return calls

    return Optimizer(("total",), bind)


@OPTIMIZERS.register("rmsprop", "RMSprop")
def rmsprop(
    *,
    alpha: Decay = 0.99,
    epsilon: Epsilon = 1e-8,
    momentum: Momentum = 0.0,
    centered: Annotated[bool, Field(description="divide by the deviation, not the RMS")] = False,
) -> Optimizer:
    """Divides by a running root mean square of the gradient (Tieleman and Hinton 2012)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls: Calls = []
        for c in chunks:
            square, s, floor = c.state["square"], c.scratch, scalar(epsilon, c.p)
            calls += average_of_squares(square, c.g, alpha, s)
            if centered:
                mean = c.state["mean"]
                calls += [
                    *average(mean, c.g, alpha),
                    partial(np.multiply, mean, mean, s),
                    partial(np.subtract, square, s, s),
                    # PyTorch lets rounding make this negative; the root would then be NaN.
                    maximum(s, scalar(0.0, s), s),
                    partial(np.sqrt, s, s),
                ]
            else:
                calls += [partial(np.sqrt, square, s)]
            calls += [partial(np.add, s, floor, s), partial(np.divide, c.g, s, s)]
            if momentum:
                velocity = c.state["velocity"]
                calls += [
                    scale(velocity, momentum),
                    add_scaled(velocity, s, 1.0),
                    subtract_scaled(c.p, velocity, clock.rate),
                ]
            else:
                calls.append(subtract_scaled(c.p, s, clock.rate))
        return calls

    kept = ["square"] + ["mean"] * centered + ["velocity"] * bool(momentum)
    return Optimizer(tuple(kept), bind)


@OPTIMIZERS.register("adadelta", "AdaDelta")
def adadelta(*, rho: Decay = 0.9, epsilon: Epsilon = 1e-6) -> Optimizer:
    """Updates in the parameters' own unit, so that a rate of 1 is meant to work (Zeiler 2012)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls: Calls = []
        for c in chunks:
            square, travelled, floor = c.state["square"], c.state["travelled"], scalar(epsilon, c.p)
            root, s = np.empty_like(c.p), c.scratch
            calls += [
                *average_of_squares(square, c.g, rho, s),
                partial(np.add, square, floor, s),
                partial(np.sqrt, s, s),
                partial(np.add, travelled, floor, root),
                partial(np.sqrt, root, root),
                partial(np.divide, root, s, root),
                partial(np.multiply, root, c.g, root),
                *average_of_squares(travelled, root, rho, s),
                subtract_scaled(c.p, root, clock.rate),
            ]
        return calls

    return Optimizer(("square", "travelled"), bind)


def _adam(beta1: float, beta2: float, epsilon: float, weight_decay: float) -> Optimizer:
    """Adam with both bias corrections folded into two scalars: rate·√c₂/c₁ and ε·√c₂."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        rate, floor = scalar(0.0, clock.rate), scalar(0.0, clock.rate)

        @priced(0)
        def prepare() -> None:
            clock.updates = t = clock.updates + 1  # at 0 the corrections would divide by zero
            root2 = sqrt(1.0 - beta2**t)
            rate[()] = clock.rate.item() * root2 / (1.0 - beta1**t)
            floor[()] = epsilon * root2

        calls: Calls = [prepare, *decay_weights(clock, chunks, weight_decay)]
        for c in chunks:
            m, v, s = c.state["m"], c.state["v"], c.scratch
            calls += [
                *average(m, c.g, beta1),
                *average_of_squares(v, c.g, beta2, s),
                partial(np.sqrt, v, s),
                partial(np.add, s, floor, s),
                partial(np.divide, m, s, s),
                subtract_scaled(c.p, s, rate),
            ]
        return calls

    return Optimizer(("m", "v"), bind)


@OPTIMIZERS.register("adam", "Adam")
def adam(*, beta1: Decay = 0.9, beta2: Decay = 0.999, epsilon: Epsilon = 1e-8) -> Optimizer:
    """Momentum over a running RMS, both corrected for their start (Kingma and Ba 2014)."""
    return _adam(beta1, beta2, epsilon, 0.0)


@OPTIMIZERS.register("adamw", "AdamW")
def adamw(
    *,
    beta1: Decay = 0.9,
    beta2: Decay = 0.999,
    epsilon: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.01,
) -> Optimizer:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2017)."""
    return _adam(beta1, beta2, epsilon, weight_decay)


@OPTIMIZERS.register("nadam", "NAdam")
def nadam(
    *,
    beta1: Decay = 0.9,
    beta2: Decay = 0.999,
    epsilon: Epsilon = 1e-8,
    momentum_decay: Annotated[
        float, Field(ge=0, le=1, description="how fast the momentum warms up")
    ] = 0.004,
    weight_decay: WeightDecay = 0.0,
) -> Optimizer:
    """Adam with Nesterov's look-ahead (Dozat 2016)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        by_g, by_m, root2 = (scalar(0.0, clock.rate) for _ in range(3))
        so_far = (0, 1.0)  # updates, and the product of their momenta

        def momentum(t: int) -> float:
            return float(beta1 * (1.0 - 0.5 * 0.96 ** (t * momentum_decay)))

        def product_at(t: int) -> float:
            """In the same order whether the run came here by steps or was put here."""
            last, product = so_far if so_far[0] < t else (0, 1.0)
            while last < t and product > _NOTHING:
                last += 1
                product *= momentum(last)
            return product

        @priced(0)
        def prepare() -> None:
            nonlocal so_far
            clock.updates = t = clock.updates + 1
            product = product_at(t)
            so_far = (t, product)
            now, coming, rate = momentum(t), momentum(t + 1), float(clock.rate)
            by_g[()] = rate * (1.0 - now) / (1.0 - product)
            by_m[()] = rate * coming / (1.0 - product * coming)
            root2[()] = sqrt(1.0 - beta2**t)

        calls: Calls = [prepare, *decay_weights(clock, chunks, weight_decay)]
        for c in chunks:
            m, v, s, floor = c.state["m"], c.state["v"], c.scratch, scalar(epsilon, c.p)
            mixed = np.empty_like(c.p)
            calls += [
                *average(m, c.g, beta1),
                *average_of_squares(v, c.g, beta2, s),
                partial(np.multiply, c.g, by_g, mixed),
                partial(np.multiply, m, by_m, s),
                partial(np.add, mixed, s, mixed),
                partial(np.sqrt, v, s),
                partial(np.divide, s, root2, s),
                partial(np.add, s, floor, s),
                partial(np.divide, mixed, s, mixed),
                partial(np.subtract, c.p, mixed, c.p),
            ]
        return calls

    return Optimizer(("m", "v"), bind)


@OPTIMIZERS.register("lion", "Lion")
def lion(*, beta1: Decay = 0.9, beta2: Decay = 0.99, weight_decay: WeightDecay = 0.0) -> Optimizer:
    """The sign of a mixed momentum: each parameter moves by just the rate (Chen et al. 2023)."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls = decay_weights(clock, chunks, weight_decay)
        for c in chunks:
            m, s = c.state["m"], c.scratch
            mixed, keep, rest = np.empty_like(c.p), scalar(beta1, c.p), scalar(1 - beta1, c.p)
            calls += [
                partial(np.multiply, m, keep, mixed),
                partial(np.multiply, c.g, rest, s),
                partial(np.add, mixed, s, mixed),
                partial(np.sign, mixed, mixed),
                subtract_scaled(c.p, mixed, clock.rate),
                *average(m, c.g, beta2),
            ]
        return calls

    return Optimizer(("m",), bind)
