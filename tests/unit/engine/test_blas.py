"""BLAS in place: the numbers of einsum, and no silent work on a copy."""

from __future__ import annotations

import numpy as np
import pytest

from playground.base.arrays import Array
from playground.engine.blas import add_scaled, product, scale, subtract_scaled

DTYPES = ["float32", "float64"]


def _random(*shape: int, dtype: str = "float64") -> Array:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("turned", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 4, 1), (1, 1, 1), (9, 8, 30)])
def test_a_product_fills_its_target(
    shape: tuple[int, int, int], turned: tuple[bool, bool], dtype: str
) -> None:
    m, k, n = shape
    a = _random(k, m, dtype=dtype).T if turned[0] else _random(m, k, dtype=dtype)
    b = _random(n, k, dtype=dtype).T if turned[1] else _random(k, n, dtype=dtype)
    whole = np.full((m + 2, n), np.nan, dtype)
    product(a, b, whole[1:-1])()
    expected = np.einsum("mk,kn->mn", a.astype("float64"), b.astype("float64"))
    np.testing.assert_allclose(
        whole[1:-1], expected, rtol=1e-4 if dtype == "float32" else 1e-12, atol=1e-6
    )
    assert np.isnan(whole[[0, -1]]).all(), "it wrote beside its target"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1,), (7,), (433,), (3, 5)])
def test_sums_are_taken_in_place(shape: tuple[int, ...], dtype: str) -> None:
    x, y, rate = _random(*shape, dtype=dtype), np.ones(shape, dtype), np.array(9.0, dtype)
    add_scaled(y, x, 0.5)()
    call = subtract_scaled(y, x, rate)
    np.testing.assert_allclose(y, 1 + 0.5 * x, rtol=1e-6)
    rate[()] = 2.0  # read when the call is made
    call()
    np.testing.assert_allclose(y, 1 - 1.5 * x, rtol=1e-5, atol=1e-6)
    scale(y, -2.0)()
    np.testing.assert_allclose(y, 3 * x - 2, rtol=1e-5, atol=1e-5)


def test_what_blas_would_copy_is_refused() -> None:
    square = _random(4, 4)
    unsuited = [
        lambda: product(square[:, :2], _random(2, 4), np.empty((4, 4))),
        lambda: product(square, square, np.empty((4, 5))),
        lambda: product(square, square, np.empty((4, 4)).T),
        lambda: product(square, square.astype("float32"), np.empty((4, 4))),
        lambda: scale(_random(8)[::2], 2.0),
        lambda: scale(np.arange(4), 2),
        lambda: add_scaled(_random(4), _random(5), 1.0),
        lambda: subtract_scaled(_random(4), _random(4).astype("float32"), np.array(1.0)),
    ]
    for bind in unsuited:
        with pytest.raises(ValueError, match="does not suit BLAS"):
            bind()
