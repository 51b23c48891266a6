"""The formulas say what the engine computes: read as mathematics, they give the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from formulas import Reading, right_side

from playground.base.arrays import Array
from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.engine.schedules import SCHEDULES
from playground.wire.formulary import FORMULARY
from playground.wire.mathml import FormulaError, Tree, markup, tree

SAMPLES = np.array([-3.2, -1.4, -0.6, -0.05, 0.07, 0.5, 1.3, 2.7])


CONSTANTS: dict[str, dict[str, float]] = {
    "leaky_relu": {"s": 0.01},
    "elu": {"α": 1.0},
    "selu": {"λ": 1.0507009873554805, "α": 1.6732632423543772},
}


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_an_activation_and_its_slope_are_as_written(name: str) -> None:
    z = SAMPLES[None, :].copy()
    a, d = np.empty_like(z), np.empty_like(z)
    made = ACTIVATIONS.make(name)
    for call in (*made.forward(z, a), *made.derivative(z, a, d)):
        call()
    value, slope = map(right_side, FORMULARY["activation"][name].formulas)
    for zi, ai, di in zip(z[0], a[0], d[0], strict=True):
        reading = Reading(z=zi, a=ai, **CONSTANTS.get(name, {}))
        assert reading.row(value) == pytest.approx(ai, rel=1e-12)
        assert reading.row(slope) == pytest.approx(di, rel=1e-12)


OUTPUTS: Array = np.array([[-1.7], [-0.2], [0.4], [2.5]])
TARGETS: Array = np.array([[0.0], [1.0], [0.0], [1.0]])


@pytest.mark.parametrize("name", [name for name in LOSSES.names if name != "cross_entropy"])
def test_the_gradient_of_a_loss_is_as_written(name: str) -> None:
    made = LOSSES.make(name)
    out, y = OUTPUTS.T.copy(), TARGETS.T.copy()  # the engine's buffers: an example a column
    d = np.empty_like(out)
    for call in made.gradient(out, y, d):
        call()
    written = right_side(FORMULARY["loss"][name].formulas[1])
    for a, target, expected in zip(out[0], y[0], d[0], strict=True):
        p = 1 / (1 + math.exp(-a))
        reading = Reading(a=a, y=target, t=2 * target - 1, n=4, o=1, p=p, δ=1.0)
        assert reading.row(written) == pytest.approx(expected, rel=1e-12)


SCHEDULED: dict[str, tuple[dict[str, float], list[tuple[int, dict[str, float], float]]]] = {
    # settings; then: which formula, its letters, at how many epochs
    "step": ({}, [(0, {"f": 0.5, "s": 50}, 120.0)]),
    "exponential": ({}, [(0, {"f": 0.99}, 12.5)]),
    "cosine": ({"final": 0.1}, [(0, {"r": 0.1, "x": 30 / 200}, 30.0)]),
    "linear_warmup_cosine": (
        {"final": 0.1},
        [
            (0, {"s": 0.01, "W": 10}, 4.0),
            (1, {"r": 0.1, "x": (80 - 10) / (200 - 10)}, 80.0),
        ],
    ),
    "one_cycle": (
        {},
        [
            (0, {"s": 1 / 25, "x": 20 / 60}, 20.0),
            (1, {"r": 1 / 25 / 1e4, "x": (90 - 60) / (200 - 60)}, 90.0),
        ],
    ),
}


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_schedule_is_as_written(name: str) -> None:
    settings, cases = SCHEDULED[name]
    factor = SCHEDULES.make({"name": name, **settings}).factor
    for which, letters, epochs in cases:
        written = right_side(FORMULARY["schedule"][name].formulas[which])
        reading = Reading(**letters, η_0=1.0, e=epochs)
        assert reading.row(written) == pytest.approx(factor(epochs), rel=1e-12)


def test_lowered_and_raised_are_drawn_together() -> None:
    assert tree("β_1^t") == ["math", ["msubsup", ["mi", "β"], ["mn", "1"], ["mi", "t"]]]


def test_what_is_markup_for_others_is_text_here() -> None:
    hostile: Tree = ["math", ["mtext", "<b>&"]]
    assert markup(hostile) == '<math display="block"><mtext>&lt;b&gt;&amp;</mtext></math>'


@pytest.mark.parametrize("broken", ["frac{1}", "{a", "a^", "cases{a}", "|a"])
def test_a_formula_that_is_broken_is_refused(broken: str) -> None:
    with pytest.raises(FormulaError, match=r"where|too soon"):
        tree(broken)
