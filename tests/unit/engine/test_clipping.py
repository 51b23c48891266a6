"""Clipping of gradients whose squares leave the range of their type."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.clipping import clip_by_global_norm


@pytest.mark.parametrize(("dtype", "large"), [("float32", 1e20), ("float64", 1e200)])
def test_a_gradient_that_exploded_is_scaled_down_and_not_to_zero(dtype: str, large: float) -> None:
    gradient = np.array([3 * large, 4 * large], dtype)
    with np.errstate(over="ignore"):
        clip_by_global_norm(gradient, 1.0)()
    np.testing.assert_allclose(gradient, [0.6, 0.8], rtol=1e-6)
