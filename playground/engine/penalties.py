"""L1 and L2 penalties, as what they add to the gradient; biases are left alone."""

from __future__ import annotations

from functools import partial

import numpy as np

from playground.base.arrays import Array
from playground.engine.blas import add_scaled
from playground.engine.rules import Calls, scalar


def penalties(p: Array, g: Array, weights: Array, l1: float, l2: float) -> Calls:
    """(l2/2)·Σw² and l1·Σ|w| add l2·w and l1·sign(w) to g, in place.

    p and g are a network's vectors, or a row of them for each network; `weights` is 1 where p holds
    a weight, else 0.
    """
    scratch = np.empty_like(p)
    calls: Calls = []
    if l2:
        calls += [partial(np.multiply, p, weights * scalar(l2, p), scratch)]
        calls += [add_scaled(g, scratch, 1.0)]
    if l1:
        calls += [partial(np.sign, p, scratch)]
        calls += [partial(np.multiply, scratch, weights * scalar(l1, p), scratch)]
        calls += [add_scaled(g, scratch, 1.0)]
    return calls
