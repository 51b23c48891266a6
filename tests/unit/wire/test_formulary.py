"""The formulas say what the engine computes: read as mathematics, they give the same numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from playground.base.arrays import Array
from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.engine.schedules import SCHEDULES
from playground.wire.formulary import FORMULARY
from playground.wire.mathml import FormulaError, Tree, markup, tree

SAMPLES = np.array([-3.2, -1.4, -0.6, -0.05, 0.07, 0.5, 1.3, 2.7])


class Reading:
    """Evaluates a tree of MathML for given values of its letters, the way a person reads it."""

    def __init__(self, **letters: Any) -> None:
        self.letters: dict[str, Any] = {"e": math.e, "π": math.pi, **letters}
        self.functions: dict[str, Callable[..., float]] = {
            "tanh": math.tanh,
            "log": math.log,
            "sin": math.sin,
            "cos": math.cos,
            "max": max,
            "min": min,
            "sign": lambda x: float(np.sign(x)),
            "σ": lambda x: 1 / (1 + math.exp(-x)),
            "Φ": lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2))),
        }

    def row(self, nodes: list[Any]) -> float:
        """Sums of products."""
        terms, sign, factors, at = [], 1.0, [], 0
        while at < len(nodes):
            node = nodes[at]
            name = node[1] if node[0] in ("mi", "mo") else ""
            if name in ("+", "−"):
                if factors:
                    terms.append(sign * math.prod(factors))
                    sign, factors = 1.0, []
                sign *= -1.0 if name == "−" else 1.0
            elif self.function_of(node) and at + 1 < len(nodes):
                at += 1
                value = self.functions[self.function_of(node)](*self.arguments(nodes[at]))
                factors.append(value ** self.power_of(nodes[at]))
            else:
                factors.append(self.value(node))
            at += 1
        return sum([*terms, sign * math.prod(factors)])

    def function_of(self, node: Any) -> str:
        return node[1] if node[0] == "mi" and node[1] in self.functions else ""

    def power_of(self, node: Any) -> float:
        return self.value(node[2]) if node[0] == "msup" else 1.0

    def arguments(self, node: Any) -> list[float]:
        inner = (node[1] if node[0] == "msup" else node)[2:-1]
        cuts = [-1, *(i for i, n in enumerate(inner) if n == ["mo", ","]), len(inner)]
        return [self.row(inner[a + 1 : b]) for a, b in pairwise(cuts)]

    def value(self, node: Any) -> float:
        name, *inner = node
        if name == "mn":
            return float(inner[0])
        if name == "mi":
            return float(self.letters[inner[0]])
        if name == "mfrac":
            return self.value(inner[0]) / self.value(inner[1])
        if name == "msqrt":
            return math.sqrt(self.row(inner))
        if name == "msup":
            return float(self.value(inner[0]) ** self.value(inner[1]))
        if name == "msub":
            return float(self.letters[f"{inner[0][1]}_{inner[1][1]}"])
        assert name == "mrow", node
        return self.bracketed(inner)

    def bracketed(self, inner: list[Any]) -> float:
        opening = inner[0][1] if inner and inner[0][0] in ("mo", "mo still") else ""
        if opening == "{":
            rows = inner[1][1:]
            return next(self.row([row[1][1]]) for row in rows if self.holds(row[2][1][2:]))
        if opening == "(":
            return self.row(inner[1:-1])
        if opening == "|":
            return abs(self.row(inner[1:-1]))
        if opening == "⌊":
            return float(math.floor(self.row(inner[1:-1])))
        return self.row(inner)

    def holds(self, nodes: list[Any]) -> bool:
        at, sign = next((i, n[1]) for i, n in enumerate(nodes) if n[1] in ("<", ">", "≤", "≥"))
        left, right = self.row(nodes[:at]), self.row(nodes[at + 1 :])
        return {"<": left < right, ">": left > right, "≤": left <= right, "≥": left >= right}[sign]


def _right_side(formula: str) -> list[Any]:
    """What stands after the first =, up to a remark after a comma."""
    nodes: list[Any] = tree(formula)[1:]
    nodes = nodes[nodes.index(["mo", "="]) + 1 :]
    return nodes[: nodes.index(["mo", ","])] if ["mo", ","] in nodes else nodes


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
    value, slope = map(_right_side, FORMULARY["activation"][name].formulas)
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
    written = _right_side(FORMULARY["loss"][name].formulas[1])
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
        written = _right_side(FORMULARY["schedule"][name].formulas[which])
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
