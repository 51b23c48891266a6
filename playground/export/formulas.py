"""Elementwise rules of the engine, read back as formulas: bound calls become source text.

`trace` plays no call. It follows which buffer each one reads and writes, so that an activation
written tomorrow can be exported without another line of code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from playground.base.arrays import Array
from playground.engine.rules import Call, Calls, in_full

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "true_divide": "/", "divide": "/"}
_COMPARISONS = {"greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<="}
_BINDS = {">": 0, ">=": 0, "<": 0, "<=": 0, "+": 1, "-": 1, "*": 2, "/": 2}
_NEGATIVE, _POWER, _ATOM = 3, 4, 5


@dataclass(frozen=True, eq=False)
class Node:
    """What a buffer holds at some time: a name, a number, or a function of other nodes."""

    function: str
    arguments: tuple[Node, ...] = ()
    value: float | str = 0.0

    @property
    def is_leaf(self) -> bool:
        return not self.arguments

    def equals(self, number: float) -> bool:
        return self.function == "number" and self.value == number


@dataclass(frozen=True)
class Formula:
    """`lines` of assignments that `result` builds upon."""

    lines: list[str]
    result: str
    functions: frozenset[str]
    """Names of NumPy's, or SciPy's, functions in it."""


@dataclass(frozen=True)
class Dialect:
    """How a library spells an elementwise function."""

    prefix: str = "np."
    special_prefix: str = ""
    """Of SciPy's special functions, which NumPy does not have."""
    numbers_as_arrays: bool = False
    """A function's arguments must all be arrays: a number becomes `full_like` of another one."""

    def call(self, name: str, arguments: list[str], are_numbers: list[bool]) -> str:
        if self.numbers_as_arrays and any(are_numbers) and len(arguments) == 2:
            like = arguments[are_numbers.index(False)]
            arguments = [
                f"{self.prefix}full_like({like}, {text})" if is_number else text
                for text, is_number in zip(arguments, are_numbers, strict=True)
            ]
        prefix = self.prefix if hasattr(np, name) else self.special_prefix
        return f"{prefix}{name}({', '.join(arguments)})"


NUMPY = Dialect()
TORCH = Dialect("torch.", "torch.special.", numbers_as_arrays=True)


class UntraceableError(Exception):
    """A call that is not one of NumPy's functions on arrays has no formula."""


def trace(calls: Calls, inputs: Mapping[str, Array], output: Array) -> Node:
    """What `calls` leave in `output`, as a function of the named `inputs`."""
    held: dict[int, Node] = {id(a): Node("name", value=name) for name, a in inputs.items()}
    for call in calls:
        target, node = _step(call, held)
        held[id(target)] = node
    return held[id(output)]


def formula(node: Node, dialect: Dialect = NUMPY) -> Formula:
    """`node` as source; what is used twice becomes a variable of its own."""
    return _Writer(node, dialect).formula()


def _step(call: Call, held: dict[int, Node]) -> tuple[Any, Node]:
    """The buffer that a call fills, and what with."""
    call = in_full(call)
    if not isinstance(call, partial):
        raise UntraceableError(call)
    function, arguments, keywords = call.func, list(call.args), dict(call.keywords)

    def read(operand: Any) -> Node:
        if id(operand) in held:
            return held[id(operand)]
        numbers = np.unique(np.asarray(operand))
        if len(numbers) != 1:
            raise UntraceableError("an array of constants")
        return Node("number", value=float(numbers[0]))

    if isinstance(function, np.ufunc):
        operands = [read(a) for a in arguments[: function.nin]]
        target = keywords.get("out", arguments[-1])
        return target, _simplified(function.__name__, operands)
    if function is np.copyto:
        return arguments[0], read(arguments[1])
    if function is np.clip:
        return arguments[3], Node("clip", tuple(read(a) for a in arguments[:3]))
    if getattr(function, "__name__", "") == "fill":  # the bound method of an array
        return function.__self__, Node("number", value=float(arguments[0]))  # type: ignore[attr-defined]
    raise UntraceableError(function)


def _simplified(name: str, operands: list[Node]) -> Node:
    left, right = (operands * 2)[:2]
    if name == "multiply":
        for one, other in ((left, right), (right, left)):
            if one.equals(1.0):
                return other
            if one.equals(0.0):
                return one
        if left is right and not left.is_leaf:
            return Node("square", (left,))
    if name == "add":
        for one, other in ((left, right), (right, left)):
            if one.equals(0.0):
                return other
    return Node(name, tuple(operands))


class _Writer:
    def __init__(self, root: Node, dialect: Dialect) -> None:
        self._root, self._dialect = root, dialect
        self._uses: dict[Node, int] = {}
        self._named: dict[Node, str] = {}
        self._lines: list[str] = []
        self._functions: set[str] = set()
        self._count(root)

    def formula(self) -> Formula:
        result = self._text(self._root)[0]
        return Formula(self._lines, result, frozenset(self._functions))

    def _count(self, node: Node) -> None:
        self._uses[node] = self._uses.get(node, 0) + 1
        if self._uses[node] == 1:
            for argument in node.arguments:
                self._count(argument)

    def _text(self, node: Node) -> tuple[str, int]:
        """Source, and how tightly its outermost operator binds."""
        if node in self._named:
            return self._named[node], _ATOM
        text, binds = self._spelled(node)
        if self._uses[node] > 1 and not node.is_leaf:
            name = "stuvw"[len(self._named)]
            self._lines.append(f"{name} = {text}")
            self._named[node] = name
            return name, _ATOM
        return text, binds

    def _spelled(self, node: Node) -> tuple[str, int]:
        name, arguments = node.function, node.arguments
        if name == "name":
            return str(node.value), _ATOM
        if name == "number":
            text = number(float(node.value))
            return text, _NEGATIVE if text.startswith("-") else _ATOM
        if name == "square" or (name == "multiply" and arguments[0] is arguments[1]):
            return f"{self._operand(arguments[0], _ATOM)}**2", _POWER
        if name == "negative":
            return f"-{self._operand(arguments[0], _NEGATIVE)}", _NEGATIVE
        if name == "reciprocal":
            return f"1 / {self._operand(arguments[0], _NEGATIVE)}", _BINDS["/"]
        operator = (_OPERATORS | _COMPARISONS).get(name)
        if operator:
            binds = _BINDS[operator]
            left = self._operand(arguments[0], binds)
            right = self._operand(arguments[1], binds + 1)
            return f"{left} {operator} {right}", binds
        name = {"absolute": "abs"}.get(name, name)
        self._functions.add(name)
        texts = [self._text(a)[0] for a in arguments]
        numbers = [a.function == "number" for a in arguments]
        return self._dialect.call(name, texts, numbers), _ATOM

    def _operand(self, node: Node, at_least: int) -> str:
        text, binds = self._text(node)
        return text if binds >= at_least else f"({text})"


def number(value: float) -> str:
    """A number as a person writes it, and exact.

    >>> number(2.0), number(0.1), number(1e-8)
    ('2', '0.1', '1e-8')
    """
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return repr(float(value)).replace("e-0", "e-").replace("e+", "e")
