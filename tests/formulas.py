"""Formulas read as mathematics: the trees of MathML that the page shows, evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from playground.wire.mathml import tree


def letters_of(node: Any) -> str:
    """A symbol as a word: `β_1`, `μ_t+1`; a mark over it stands behind it."""
    if isinstance(node, str):
        return node
    name, *inner = node
    joint = "_" if name in ("msub", "msubsup") else ""
    return joint.join(letters_of(part) for part in inner)


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
            elif name == "⋯":
                # From the first to the last of a row of factors: the letter Π has their product.
                factors.pop()
                at += 1
                factors.append(self.letters[f"Π {letters_of(nodes[at])}"])
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
        if name in ("msub", "mover"):
            return float(self.letters[letters_of(node)])
        if name == "msubsup":
            return float(self.letters[letters_of(["msub", *inner[:2]])] ** self.value(inner[2]))
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


def right_side(formula: str) -> list[Any]:
    """What stands after the first =, up to a remark after a comma."""
    nodes: list[Any] = tree(formula)[1:]
    nodes = nodes[nodes.index(["mo", "="]) + 1 :]
    return nodes[: nodes.index(["mo", ","])] if ["mo", ","] in nodes else nodes


def statements(formula: str) -> list[tuple[str, list[Any]]]:
    """What each part of a formula sets, and to what: `v ← μ v + g` gives ("v", the right side)."""
    found: list[tuple[str, list[Any]]] = []
    nodes: list[Any] = [*tree(formula)[1:], ["mo", ","]]
    while nodes:
        end = nodes.index(["mo", ","])
        part, nodes = nodes[:end], nodes[end + 1 :]
        sign = next(i for i, node in enumerate(part) if node in (["mo", "←"], ["mo", "="]))
        found.append(("".join(map(letters_of, part[:sign])), part[sign + 1 :]))
    return found
