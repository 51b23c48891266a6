"""The manual: Markdown pages of playground/manual, with tables filled in from what is there.

A line `<!-- parts: optimizer -->` becomes a table of that registry, `<!-- formulas: optimizer -->`
its formulas in MathML, `<!-- fields: training -->` the table of a section of the experiment,
`<!-- limits -->` and `<!-- settings -->` those of the server, `<!-- diagnoses -->` that of the
coach. So the manual can't forget a part, a field or a setting, nor state a default that is not one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any, Literal, get_args, get_origin

from markdown_it import MarkdownIt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from playground.base.errors import UnknownNameError
from playground.base.registry import Registry
from playground.base.validation import Section
from playground.data.features import FEATURES
from playground.data.sets import DATASETS
from playground.data.settings import DataSettings
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.config import (
    Experiment,
    HiddenLayer,
    Network,
    OutputLayer,
    Stop,
    Training,
)
from playground.experiment.limits import limits
from playground.lab.coach.coach import DIAGNOSES
from playground.web.settings import Settings
from playground.wire.formulary import FORMULARY
from playground.wire.mathml import markup, tree
from playground.wire.terms import LETTERS

PAGES = (
    "index", "files", "quantities", "lab", "experiment", "formulas",
    "command-line", "hall", "running", "security", "speed",
)  # fmt: skip
"""In the order of reading."""

REGISTRIES: dict[str, Registry] = {
    registry.kind: registry
    for registry in (
        ACTIVATIONS,
        INITIALIZERS,
        NORMALIZATIONS,
        LOSSES,
        OPTIMIZERS,
        SCHEDULES,
        DATASETS,
        FEATURES,
    )
}
SECTIONS: dict[str, type[BaseModel]] = {
    "experiment": Experiment,
    "data": DataSettings,
    "hidden layer": HiddenLayer,
    "output layer": OutputLayer,
    "training": Training,
    "stop": Stop,
}
_DIRECTIVE = re.compile(r"^<!-- (\w+)(?:: ([\w ]+))? -->$", re.MULTILINE)
_BOUNDS = {"gt": "above {}", "ge": "from {}", "lt": "below {}", "le": "to {}"}


@dataclass(frozen=True)
class Page:
    """One page, ready to be served."""

    name: str
    title: str
    html: str


@cache
def page(name: str) -> Page:
    """The page called `name`; UnknownNameError where there is none."""
    if name not in PAGES:
        raise UnknownNameError("page of the manual", name, PAGES)
    text = markdown(name)
    title = text.splitlines()[0].removeprefix("# ")
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Page(name, title, _with_anchors(_with_heads(_with_formulas(rendered))))


def contents() -> list[Page]:
    """Every page in the order of reading."""
    return [page(name) for name in PAGES]


def markdown(name: str) -> str:
    """The text of a page, its tables filled in."""
    source = files("playground").joinpath("manual", f"{name}.md").read_text(encoding="utf-8")
    return _DIRECTIVE.sub(lambda found: _TABLES[found[1]](found[2]), source)


def _parts(kind: str) -> str:
    rows = ((f"`{part.name}`", part.help, _settings_of(part.settings)) for part in REGISTRIES[kind])
    return _table(("name", "what it is", "settings"), rows)


def _formulas(kind: str) -> str:
    rows = (
        (part.title, " ".join(f"⟦{formula}⟧" for formula in entry.formulas), entry.source)
        for part in REGISTRIES[kind]
        if (entry := FORMULARY[kind][part.name]).formulas
    )
    table = _table(("name", "formula", "source"), rows)
    return f"Letters: {LETTERS[kind]}.\n\n{table}"


def _settings_of(model: type[BaseModel]) -> str:
    return "; ".join(
        f"`{name}` ({', '.join(filter(None, [_allowed(field), f'default {_default(field)}']))})"
        for name, field in model.model_fields.items()
        if name != "name"
    )


def _fields(section: str) -> str:
    rows = (
        (f"`{name}`", _description(field), _allowed(field), _default(field))
        for name, field in SECTIONS[section].model_fields.items()
        if name != "name" and not _has_own_table(field)
    )
    return _table(("key", "what it is", "allowed", "default"), rows)


def _limits(_: str) -> str:
    rows = (
        (name.replace("_", " "), f"{value:,}", f"`PLAYGROUND_MAX_{name.upper()}`")
        for name, value in limits().items()
    )
    return _table(("limit", "value", "raised by"), rows)


def _settings(_: str) -> str:
    rows = (
        (f"`PLAYGROUND_{name.upper()}`", _description(field), _allowed(field), _default(field))
        for name, field in Settings.model_fields.items()
        if name != "open_browser"  # on the command line it is --open, and so is its variable
    )
    return _table(("variable", "what it is", "allowed", "default"), rows)


def _diagnoses(_: str) -> str:
    rows = ((each.title, each.why, each.formula) for each in DIAGNOSES.values())
    return _table(("what it says", "why", "formula"), rows)


_TABLES: dict[str, Callable[[str], str]] = {
    "parts": _parts,
    "formulas": _formulas,
    "fields": _fields,
    "limits": _limits,
    "settings": _settings,
    "diagnoses": _diagnoses,
}


def _has_own_table(field: FieldInfo) -> bool:
    """Whether the field holds a section, or a list of them."""
    first = field.default[0] if isinstance(field.default, tuple) and field.default else None
    return isinstance(field.default, (Network, *SECTIONS.values())) or isinstance(first, Section)


def _description(field: FieldInfo) -> str:
    return field.description or field.title or ""


def _allowed(field: FieldInfo) -> str:
    """Bounds or choices, as a person would say them; empty where any value of the type will do."""
    choices = [value for value in _literals(field.annotation) if value is not None]
    if choices:
        return ", ".join(f"`{value}`" for value in choices)
    return " ".join(
        words.format(_number(getattr(bound, attribute)))
        for bound in field.metadata
        for attribute, words in _BOUNDS.items()
        if hasattr(bound, attribute)
    )


def _literals(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [value for part in get_args(annotation) for value in _literals(part)]


def _default(field: FieldInfo) -> str:
    """As the file would have it; a part is its name."""
    if field.default_factory is not None:
        return "depends on the machine"
    default = field.default
    if isinstance(default, bool) or default is None:
        return {True: "true", False: "false", None: "null"}[default]
    if isinstance(default, int | float):
        return _number(default)
    if isinstance(default, tuple | list):
        return ", ".join(map(str, default)) or "none"
    return str(getattr(default, "name", default))


def _number(value: float) -> str:
    """As people write it: 2**53 − 1 has no use for its sixteen digits.

    >>> _number(0.5), _number(20000), _number(2**53 - 1)
    ('0.5', '20,000', '2⁵³ − 1')
    """
    if value == 2**53 - 1:
        return "2⁵³ − 1"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table, without the columns in which no row has anything to say."""
    safe = ([cell.replace("|", "∣") for cell in row] for row in rows)
    columns = [
        (head, "---", *cells)
        for head, cells in zip(heads, zip(*safe, strict=True), strict=True)
        if any(cells)
    ]
    lines = (
        " | ".join(cell.replace("|", "∣") for cell in row) for row in zip(*columns, strict=True)
    )
    return "\n".join(f"| {line} |" for line in lines)


def _with_formulas(html: str) -> str:
    """What stands between ⟦ and ⟧ as MathML: Markdown itself lets no markup through."""
    return re.sub("⟦(.+?)⟧", lambda found: markup(tree(unescape(found[1].replace("∣", "|")))), html)


def _with_anchors(html: str) -> str:
    """Headings that can be linked to."""

    def anchored(found: re.Match[str]) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"<[^>]+>", "", found[2]).lower()).strip("-")
        return f'<h{found[1]} id="{slug}">{found[2]}</h{found[1]}>'

    return re.sub(r"<h([23])>(.*?)</h\1>", anchored, html)


def _with_heads(html: str) -> str:
    """Cells that know their column's name: on a phone each is a line, and says it."""

    def headed(table: re.Match[str]) -> str:
        heads = itertools.cycle(re.findall(r"<th>(.*?)</th>", table[0]))
        return re.sub("<td>", lambda _: f'<td data-head="{next(heads)}">', table[0])

    return re.sub(r"<table>.*?</table>", headed, html, flags=re.DOTALL)
