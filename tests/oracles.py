"""The slow, obvious way: what the engine must agree with, written from the textbook."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playground.base.arrays import Array


def central_differences(loss: Callable[[], float], parameters: Array, step: float = 1e-6) -> Array:
    """∂loss/∂p for every entry of `parameters`, by moving each a little both ways."""
    gradient = np.zeros_like(parameters)
    for k in range(parameters.size):
        kept = parameters.flat[k]
        parameters.flat[k] = kept + step
        above = loss()
        parameters.flat[k] = kept - step
        below = loss()
        parameters.flat[k] = kept
        gradient.flat[k] = (above - below) / (2 * step)
    return gradient


def forward(x: Array, weights: list[tuple[Array, Array]], phi: Callable[[Array], Array]) -> Array:
    """A plain network: φ on every hidden layer, a linear output; x is (n, inputs)."""
    a = x
    for w, b in weights[:-1]:
        a = phi(np.einsum("ni,io->no", a, w) + b)
    w, b = weights[-1]
    return np.einsum("ni,io->no", a, w) + b
