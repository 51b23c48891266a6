"""Losses: a mean over the batch's examples, and its gradient with respect to the outputs.

Inside the engine outputs and targets lie as (o, n), one column an example; `value` takes the rows
that people and files use, (n, o). `gradient(out, y, d)` fills d = ∂(mean loss)/∂out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
from pydantic import Field
from scipy.special import logsumexp

from playground.base.arrays import Array
from playground.base.registry import Registry
from playground.engine.activations import sigmoid
from playground.engine.blas import add_scaled, scale
from playground.engine.rules import Calls, scalar

LOSSES = Registry("loss")

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"


@dataclass(frozen=True)
class Loss:
    """A loss as rules. `tasks` are the kinds of target it fits.

    `margin(out, y)` changes its sign where the gradient or its slope jumps; None where none does.
    """

    value: Callable[[Array, Array], float]
    gradient: Callable[[Array, Array, Array], Calls]
    tasks: frozenset[str]
    needs_linear_output: bool = False
    margin: Callable[[Array, Array], Array] | None = None
    is_signed: bool = False
    """Two classes are −1 and 1 to it, so that 0 is between them."""

    @property
    def threshold(self) -> float:
        """What splits a single output into two classes: 0 for logits and signed targets, else ½."""
        return 0.0 if self.needs_linear_output or self.is_signed else 0.5


def _mean(value: Array) -> float:
    """In float64, whatever the dtype of the network: a long float32 sum drifts."""
    return float(np.mean(value, dtype=np.float64))


def _scaled_error(out: Array, y: Array, d: Array, factor: float) -> Calls:
    return [partial(np.subtract, out, y, d), scale(d, factor)]


@LOSSES.register("mse", "mean squared error")
def mse() -> Loss:
    """(out − y)², mean over examples and outputs."""
    return Loss(
        lambda out, y: _mean((out - y) ** 2),
        lambda out, y, d: _scaled_error(out, y, d, 2 / out.size),
        frozenset({BINARY, MULTICLASS, REGRESSION}),
    )


@LOSSES.register("half_squared_error", "half squared error")
def half_squared_error() -> Loss:
    """½Σ(out − y)² over the outputs, mean over examples (TensorFlow Playground; Mazur)."""
    return Loss(
        lambda out, y: 0.5 * _mean(((out - y) ** 2).sum(axis=1, dtype=np.float64)),
        lambda out, y, d: _scaled_error(out, y, d, 1 / out.shape[1]),
        frozenset({BINARY, MULTICLASS, REGRESSION}),
    )


@LOSSES.register("signed_squared_error", "signed squared error")
def signed_squared_error() -> Loss:
    """½(out − t)² with t = ±1 for the two classes, mean over examples; for a tanh output (the loss
    of TensorFlow Playground)."""

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        one = scalar(1.0, d)
        return [
            partial(np.subtract, out, y, d),
            partial(np.subtract, d, y, d),
            partial(np.add, d, one, d),
            scale(d, 1 / out.shape[1]),
        ]

    return Loss(
        lambda out, y: 0.5 * _mean((out - (2 * y - 1)) ** 2),
        gradient,
        frozenset({BINARY}),
        is_signed=True,
    )


@LOSSES.register("mae", "mean absolute error")
def mae() -> Loss:
    """|out − y|, mean over examples and outputs: less moved by outliers."""

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        return [
            partial(np.subtract, out, y, d),
            partial(np.sign, d, d),
            scale(d, 1 / out.size),
        ]

    return Loss(
        lambda out, y: _mean(np.abs(out - y)),
        gradient,
        frozenset({REGRESSION}),
        margin=lambda out, y: out - y,
    )


@LOSSES.register("huber")
def huber(
    *,
    delta: Annotated[
        float, Field(gt=0, le=1000, description="error at which it turns from squared to linear")
    ] = 1.0,
) -> Loss:
    """Squared for small errors, linear for large, mean over examples and outputs (Huber 1964)."""

    def value(out: Array, y: Array) -> float:
        error = np.abs(out - y)
        return _mean(np.where(error <= delta, 0.5 * error**2, delta * (error - 0.5 * delta)))

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        low, high = scalar(-delta, d), scalar(delta, d)
        return [
            partial(np.subtract, out, y, d),
            partial(np.clip, d, low, high, d),
            scale(d, 1 / out.size),
        ]

    return Loss(
        value,
        gradient,
        frozenset({REGRESSION}),
        margin=lambda out, y: np.abs(out - y) - delta,
    )


@LOSSES.register("binary_cross_entropy", "binary cross-entropy")
def binary_cross_entropy() -> Loss:
    """−y·log p − (1−y)·log(1−p), p = sigmoid(logit), computed from the logit without overflow."""

    def value(out: Array, y: Array) -> float:
        return _mean(np.logaddexp(0, out) - y * out)

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        return [
            *sigmoid().forward(out, d),
            add_scaled(d, y, -1.0),
            scale(d, 1 / out.shape[1]),
        ]

    return Loss(value, gradient, frozenset({BINARY}), needs_linear_output=True)


@LOSSES.register("cross_entropy", "cross-entropy")
def cross_entropy() -> Loss:
    """−log softmax(logits) of the true class; targets are one-hot."""

    def value(out: Array, y: Array) -> float:
        return _mean(logsumexp(out, axis=1) - (out * y).sum(axis=1))

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        top = np.empty((1, out.shape[1]), out.dtype)
        return [
            partial(np.max, out, axis=0, out=top, keepdims=True),
            partial(np.subtract, out, top, d),
            partial(np.exp, d, d),
            partial(np.sum, d, axis=0, out=top, keepdims=True),
            partial(np.divide, d, top, d),
            partial(np.subtract, d, y, d),
            scale(d, 1 / out.shape[1]),
        ]

    return Loss(value, gradient, frozenset({MULTICLASS}), needs_linear_output=True)


@LOSSES.register("hinge")
def hinge() -> Loss:
    """max(0, 1 − t·out) with t = ±1 for the two classes, mean over examples (support vectors)."""

    def value(out: Array, y: Array) -> float:
        return _mean(np.maximum(0, 1 - (2 * y - 1) * out))

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        t, inside, one = np.empty_like(d), np.empty(d.shape, bool), scalar(1.0, d)
        return [
            partial(np.add, y, y, t),
            partial(np.subtract, t, one, t),
            partial(np.multiply, t, out, d),
            partial(np.less, d, one, inside),
            scale(t, -1 / out.shape[1]),
            partial(np.multiply, t, inside, d),
        ]

    return Loss(
        value,
        gradient,
        frozenset({BINARY}),
        needs_linear_output=True,
        margin=lambda out, y: 1 - (2 * y - 1) * out,
    )
