"""Formulas as plain text, made into MathML: the manual prints it, the page builds it node by node.

The text is read as it looks: `_` lowers and `^` raises one letter, number or `{…}`; `frac{a}{b}`,
`sqrt{a}`, `hat{a}` and `bar{a}` are what they are called; `cases{a & when; b & when}` is a
distinction; words of several letters stand upright; "…" is text.
"""

from __future__ import annotations

import re
from html import escape

from playground.base.errors import PlaygroundError

Tree = list["str | Tree"]
"""A MathML element: its name (after it `still`, where it must not grow), then what it holds."""

_TOKEN = re.compile(r'\s*("[^"]*"|\d+(?:\.\d+)?|[a-zA-Z]+|\S)')
_PAIRS = {"(": ")", "|": "|", "‖": "‖", "⌊": "⌋", "[": "]"}
_LETTERS, _OPERATORS = {"∂", "⊤"}, {"Σ"}
_TALL = {"mfrac", "mtable", "msqrt"}
_MARKS = {"hat": "^", "bar": "¯"}


class FormulaError(PlaygroundError):
    """A formula of ours that can't be read."""


def tree(text: str) -> Tree:
    """The formula as a tree of MathML elements below `math`.

    >>> tree("a^2")
    ['math', ['msup', ['mi', 'a'], ['mn', '2']]]
    >>> tree("frac{1}{x + 1}")
    ['math', ['mfrac', ['mn', '1'], ['mrow', ['mi', 'x'], ['mo', '+'], ['mn', '1']]]]
    """
    reader = _Reader(text)
    nodes = reader.until(set())
    return ["math", *nodes]


def markup(node: Tree | str) -> str:
    """The tree as MathML text.

    >>> markup(tree("w_i < 1"))
    '<math display="block"><msub><mi>w</mi><mi>i</mi></msub><mo>&lt;</mo><mn>1</mn></math>'
    """
    if isinstance(node, str):
        return escape(node, quote=False)
    name, *inner = node
    tag, _, still = str(name).partition(" ")
    attributes = {"math": ' display="block"'}.get(tag, ' stretchy="false"' if still else "")
    return f"<{tag}{attributes}>{''.join(map(markup, inner))}</{tag}>"


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def until(self, ends: set[str]) -> list[Tree | str]:
        """What stands before one of `ends`, which is left; without ends, all of it."""
        nodes: list[Tree | str] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in ends:
            nodes.append(self._scripted())
        if ends and self._at == len(self._tokens):
            raise FormulaError(f"{self._text!r} ends where {' or '.join(sorted(ends))} should be")
        return nodes

    def _take(self, wanted: str | None = None) -> str:
        if self._at == len(self._tokens):
            raise FormulaError(f"{self._text!r} ends too soon")
        token: str = self._tokens[self._at]
        if wanted is not None and token != wanted:
            raise FormulaError(f"{self._text!r} has {token!r} where {wanted!r} should be")
        self._at += 1
        return token

    def _next_is(self, token: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] == token

    def _group(self) -> Tree:
        self._take("{")
        inner = self.until({"}"})
        self._take("}")
        return _row(inner)

    def _scripted(self) -> Tree:
        base, below, above = self._atom(), None, None
        while self._at < len(self._tokens):
            if self._next_is("_"):
                self._take()
                below = self._argument()
            elif self._next_is("^"):
                self._take()
                above = self._argument()
            elif self._next_is("′"):
                # It hangs high by itself; raised, it flies off where no font has mathematics.
                base = ["mrow", base, ["mo", self._take()]]
            else:
                break
        if below and above:
            return ["msubsup", base, below, above]
        if below or above:
            return ["msub" if below else "msup", base, below or above or ""]
        return base

    def _argument(self) -> Tree:
        return self._group() if self._next_is("{") else self._atom()

    def _atom(self) -> Tree:
        if self._next_is("{"):
            return self._group()
        token = self._take()
        if token.startswith('"'):
            return ["mtext", token.strip('"')]
        if token[0].isdigit():
            return ["mn", token]
        if token == "frac":
            return ["mfrac", self._group(), self._group()]
        if token == "sqrt":
            return ["msqrt", self._group()]
        if token in _MARKS:
            return ["mover", self._group(), ["mo", _MARKS[token]]]
        if token == "cases":
            return self._cases()
        if token in _PAIRS:
            inner = self.until({_PAIRS[token]})
            # Around letters alone a bracket that grows with its content looks blown up.
            mark = "mo" if any(map(_is_tall, inner)) else "mo still"
            return ["mrow", [mark, token], *inner, [mark, self._take()]]
        is_letter = token in _LETTERS or (token.isalpha() and token not in _OPERATORS)
        return ["mi" if is_letter else "mo", token]

    def _cases(self) -> Tree:
        self._take("{")
        rows: list[Tree | str] = []
        while True:
            value = self.until({"&"})
            self._take()
            when = self.until({";", "}"})
            condition = _row([["mtext", "if\u00a0"], *when])
            rows.append(["mtr", ["mtd", _row(value)], ["mtd", condition]])
            if self._take() == "}":
                return ["mrow", ["mo", "{"], ["mtable", *rows]]


def _is_tall(node: Tree | str) -> bool:
    return not isinstance(node, str) and (node[0] in _TALL or any(map(_is_tall, node[1:])))


def _row(nodes: list[Tree | str]) -> Tree:
    if len(nodes) == 1 and isinstance(nodes[0], list):
        return nodes[0]
    return ["mrow", *nodes]
