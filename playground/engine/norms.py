"""Per-layer norms, read from the live buffers: which gradient is which, and how large.

All in float64, and scaled by the largest component where squares would leave its range, so that
neither float32 rounding nor the underflow of a square (below 1e-154) hides a small gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from playground.base.arrays import Array

_SAFE_SQUARES = (1e-200, 1e200)
"""A sum of squares in between has lost nothing that counts to underflow, and not overflowed."""


@dataclass(frozen=True)
class LayerNorms:
    """One float64 entry per weight layer, input side first, the output layer last."""

    delta_norm: Array
    """Root mean square over the batch of ‖∂loss_example/∂z‖₂."""
    weight_gradient_norm: Array
    """Frobenius norm of ∂(mean data loss)/∂w: no bias, no penalty, before clipping."""
    weight_gradient_norm_clipped: Array
    """The same as it is applied: with the penalties, after clipping."""
    activation_norm: Array
    """Root mean square over the batch of ‖a‖₂; the output layer's outputs or logits."""
    update_ratio: Array
    """‖Δw‖₂ / ‖w‖₂, w before the update; NaN where ‖w‖ = 0, or where there was no update."""


def l2_norm(values: Array) -> float:
    """The L2 norm of all components; infinite or NaN where one of them is."""
    flat = values.ravel().astype(np.float64, copy=False)
    squares = float(flat.dot(flat))
    if _SAFE_SQUARES[0] < squares < _SAFE_SQUARES[1]:
        return sqrt(squares)
    largest = float(np.abs(flat).max(initial=0.0))
    if largest == 0 or not isfinite(largest):
        return largest
    flat = flat / largest
    return largest * sqrt(flat.dot(flat))


def norms(arrays: Sequence[Array]) -> Array:
    """The L2 norm of each array, (layers,)."""
    return np.array([l2_norm(a) for a in arrays])


def update_ratios(before: Sequence[Array], updates: Sequence[Array]) -> Array:
    """‖update‖ / ‖before‖ for each pair, NaN where ‖before‖ = 0."""
    ratios = []
    for old, update in zip(before, updates, strict=True):
        size = l2_norm(old)
        ratios.append(l2_norm(update) / size if size else np.nan)
    return np.array(ratios)
