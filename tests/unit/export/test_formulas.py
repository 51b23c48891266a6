"""Formulas read back from the engine's rules: what they say, and what they are worth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.base.registry import Part
from playground.engine.activations import ACTIVATIONS
from playground.export.formulas import UntraceableError, formula, number, trace

Z = np.linspace(-3, 3, 41)


def slope(name: str) -> str:
    phi = ACTIVATIONS.make(name)
    z, a, d = (np.empty((20, 20)) for _ in range(3))
    return formula(trace(phi.derivative(z, a, d), {"z": z, "a": a}, d)).result


def test_formulas_read_as_a_textbook_has_them() -> None:
    assert slope("tanh") == "1 - a**2"
    assert slope("sigmoid") == "(1 - a) * a"
    assert slope("leaky_relu") == "(a > 0) * 0.99 + 0.01"


def test_what_is_used_twice_is_computed_once() -> None:
    phi = ACTIVATIONS.make("silu")
    z, a, d = (np.empty((20, 20)) for _ in range(3))
    found = formula(trace(phi.derivative(z, a, d), {"z": z, "a": a}, d))
    assert found.lines == ["s = 1 / (np.exp(-z) + 1)"]
    assert found.result == "s + (1 - s) * a"


@pytest.mark.parametrize("part", ACTIVATIONS, ids=lambda part: part.name)
def test_the_slope_is_that_of_the_value(part: Part) -> None:
    """By central differences, away from kinks."""
    phi = part.make()
    z, a, d = (np.empty((20, 20)) for _ in range(3))
    value = formula(trace(phi.forward(z, a), {"z": z}, a))
    rise = formula(trace(phi.derivative(z, a, d), {"z": z, "a": a}, d))

    def at(points: np.ndarray, found: object, **known: np.ndarray) -> np.ndarray:
        names = {"np": np, "erf": np.vectorize(math.erf), "z": points, **known}
        for line in found.lines:  # type: ignore[attr-defined]
            exec(line, names)
        return np.asarray(eval(found.result, names)) * np.ones_like(points)  # type: ignore[attr-defined]

    here = Z[[all(abs(z - kink) > 1e-3 for kink in (0, *phi.kinks)) for z in Z]]
    step = 1e-6
    expected = (at(here + step, value) - at(here - step, value)) / (2 * step)
    np.testing.assert_allclose(at(here, rise, a=at(here, value)), expected, atol=1e-8)


def test_a_call_that_is_not_numpy_s_has_no_formula() -> None:
    z = np.empty(3)
    with pytest.raises(UntraceableError):
        trace([lambda: None], {"z": z}, z)


@pytest.mark.parametrize("value", [0.1, -2.5, 1e-8, 1e300, 1 / 3, 7.0, 2.0**53 - 1])
def test_a_number_is_written_exactly(value: float) -> None:
    assert float(number(value)) == value
