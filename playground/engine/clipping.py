"""Gradient clipping, in place, on the whole network's gradient as one vector."""

from __future__ import annotations

from functools import partial
from math import inf, sqrt

import numpy as np

from playground.base.arrays import Array
from playground.engine.norms import l2_norm
from playground.engine.rules import Call, priced, scalar


def clip_by_value(gradient: Array, max_value: float) -> Call:
    """Every component into [−max_value, max_value]; this can turn the direction of the step."""
    return partial(
        np.clip, gradient, scalar(-max_value, gradient), scalar(max_value, gradient), gradient
    )


def clip_by_global_norm(gradient: Array, max_norm: float) -> Call:
    """Scale so that the L2 norm is at most `max_norm`.

    The whole network is one vector here, so every layer shrinks by the same factor and the step
    keeps its direction (Pascanu, Mikolov and Bengio 2013, algorithm 1). PyTorch divides by the
    norm + 1e-6; we divide by the norm.
    """
    square, limit = gradient.dot, max_norm * max_norm

    @priced(3 * gradient.size, gradient, gradient, gradient)
    def clip() -> None:
        norm2 = float(square(gradient))
        if norm2 > limit:
            # Of a gradient that is finite, as of one that exploded, the square may not be.
            norm = sqrt(norm2) if norm2 < inf else l2_norm(gradient)
            np.multiply(gradient, max_norm / norm, gradient, casting="same_kind")

    return clip
