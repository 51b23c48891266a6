"""A table of one's own: CSV text to examples, refused by row and column where it can't be used."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field

from playground.base.arrays import Array
from playground.base.errors import InputError, LimitError, UnknownNameError
from playground.data.limits import MAX_EXAMPLES, MAX_FEATURES, MAX_UPLOAD_BYTES
from playground.data.source import Examples, Source, Task, class_targets

MAX_CLASSES = 100
LARGEST = 1e100
"""Squares of larger numbers, and sums of these, leave float64."""
_MISSING = {"", "na", "n/a", "nan", "null", "?"}


def one_as_list(given: object) -> object:
    """A single name as a list of one.

    >>> one_as_list("price")
    ['price']
    """
    return [given] if isinstance(given, str) else given


TablePath = Annotated[
    str | None,
    Field(
        title="File",
        description="Where the command line finds it, seen from the experiment's folder.",
    ),
]
TableTarget = Annotated[
    list[str] | None,
    BeforeValidator(one_as_list, json_schema_input_type=str | list[str] | None),
    Field(
        title="Target",
        description="The column to predict, or several for regression; else the last one.",
    ),
]
TableHeader = Annotated[
    bool | None,
    Field(title="Header", description="Whether the first row names the columns; else detected."),
]


def table_source(table: bytes, *, target: list[str] | None, header: bool | None) -> Source:
    """The examples of a CSV table, in its order; the target is the last column if none is named.

    One text column as target means classification (classes in alphabetical order), numbers mean
    regression. Text columns among the inputs become one input a category.
    """
    names, lines, rows = _cells(table, header)
    targets = _target_places(names, target)
    if len(targets) == len(names):
        raise InputError("there must be a column beside the target", "target")
    columns = [
        _Column(name, lines, cells)
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]
    inputs = [column for place, column in enumerate(columns) if place not in targets]
    width = sum(column.width for column in inputs)
    if width > MAX_FEATURES:
        raise LimitError(f"has {width:,} inputs, at most {MAX_FEATURES:,} can be used")
    points = np.column_stack([column.encoded() for column in inputs])
    labels = tuple(label for column in inputs for label in column.labels)
    y, classes = _targets([columns[place] for place in targets])
    task: Task = "regression" if not classes else "binary" if len(classes) == 2 else "multiclass"
    examples = Examples(points, y, labels, classes)
    return Source(task, width, y.shape[1], lambda rng: examples, in_order=True)


@dataclass(frozen=True)
class TableColumn:
    """A column as a person chooses it: by name, with how many categories; none for numbers."""

    name: str
    categories: int


def table_columns(table: bytes, header: bool | None) -> tuple[list[TableColumn], int]:
    """The columns of a CSV table, and how many rows it has."""
    names, lines, rows = _cells(table, header)
    columns = [
        _Column(name, lines, cells)
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]
    return [TableColumn(column.name, len(column.categories)) for column in columns], len(rows)


def table_cells(table: bytes, header: bool | None) -> tuple[list[str], list[list[str]]]:
    """The columns' names and the rows' cells, as they are."""
    names, _, rows = _cells(table, header)
    return names, rows


class _Column:
    """A column's cells: numbers where all of them are, else the names of categories."""

    def __init__(self, name: str, lines: list[int], cells: tuple[str, ...]) -> None:
        self.name = name
        self.cells = cells
        self.numbers = [_number(cell) for cell in cells]
        count = sum(number is not None for number in self.numbers)
        self.numeric = count == len(cells)
        for line, cell, number in zip(lines, cells, self.numbers, strict=True):
            if cell.lower() in _MISSING:
                raise InputError(f"row {line}, column {name!r}: has no value")
            if number is not None and not abs(number) <= LARGEST:
                raise InputError(
                    f"row {line}, column {name!r}: must be within ±{LARGEST:g}, got {cell}"
                )
            if number is None and 2 * count > len(cells):
                # One slip among numbers would else make a category of every number.
                raise InputError(f"row {line}, column {name!r}: must be a number, got {cell!r}")
        self.categories: list[str] = [] if self.numeric else sorted(set(cells))

    @property
    def width(self) -> int:
        return 1 if self.numeric else len(self.categories)

    @property
    def labels(self) -> list[str]:
        return [self.name] if self.numeric else [f"{self.name}={c}" for c in self.categories]

    def codes(self) -> npt.NDArray[np.intp]:
        """The index of each cell's category."""
        places = {category: place for place, category in enumerate(self.categories)}
        return np.array([places[cell] for cell in self.cells], dtype=np.intp)

    def encoded(self) -> Array:
        """Numbers as they are, (n, 1); categories one-hot, (n, categories)."""
        if self.numeric:
            return np.array(self.numbers, dtype=np.float64).reshape(-1, 1)
        return np.eye(len(self.categories))[self.codes()]


def _targets(columns: list[_Column]) -> tuple[Array, tuple[str, ...]]:
    if all(column.numeric for column in columns):
        return np.column_stack([column.encoded() for column in columns]), ()
    if len(columns) > 1:
        text = next(column.name for column in columns if not column.numeric)
        raise InputError(f"of several targets each must be numbers, {text!r} is text", "target")
    (column,) = columns
    classes = column.categories
    if len(classes) == 1:
        raise InputError(f"{column.name!r} has only one class, {classes[0]!r}", "target")
    if len(classes) > MAX_CLASSES:
        raise LimitError(
            f"{column.name!r} has {len(classes):,} classes, at most {MAX_CLASSES} can be used",
            "target",
        )
    return class_targets(column.codes(), len(classes)), tuple(classes)


def _target_places(names: list[str], target: list[str] | None) -> list[int]:
    if target is None:
        return [len(names) - 1]
    if not target:
        raise InputError("must name a column, got an empty list", "target")
    for place, name in enumerate(target):
        if name not in names:
            raise UnknownNameError("column", name, names, "target")
        if name in target[:place]:
            raise InputError(f"the column {name!r} is there twice", "target")
    return [names.index(name) for name in target]


def _cells(table: bytes, header: bool | None) -> tuple[list[str], list[int], list[list[str]]]:
    """The columns' names, and of each row its line in the file and its stripped cells."""
    if len(table) > MAX_UPLOAD_BYTES:
        raise LimitError(f"has {len(table):,} bytes, at most {MAX_UPLOAD_BYTES:,} can be used")
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = table.count(b"\n", 0, error.start) + 1
        raise InputError(f"row {line}: must be UTF-8 text") from None
    lines: list[int] = []
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if rows and len(cells) != len(rows[0]):
                count = f"must have {len(rows[0])} cells as the first row, got {len(cells)}"
                raise InputError(f"row {reader.line_num}: {count}")
            if len(rows) > MAX_EXAMPLES:
                raise LimitError(f"has more than {MAX_EXAMPLES:,} rows")
            lines.append(reader.line_num)
            rows.append(cells)
    except csv.Error as error:
        raise InputError(f"row {reader.line_num}: {error}") from None
    if not rows:
        raise InputError("has no rows")
    if header is None:
        header = _has_header(rows)
    names = [f"column {place}" for place in range(1, len(rows[0]) + 1)]
    if header:
        names = [given or name for given, name in zip(rows[0], names, strict=True)]
        lines, rows = lines[1:], rows[1:]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise InputError(f"row 1: the column {twice!r} is there twice")
    if not rows:
        raise InputError("has no rows below its header")
    if len(rows) > MAX_EXAMPLES:
        raise LimitError(f"has more than {MAX_EXAMPLES:,} rows")
    return names, lines, rows


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab, whichever the first line has most of."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: it has words where numbers stand below, or, in a
    table of words alone, words that do not come again."""
    below = list(zip(*rows[1:], strict=True))
    if not below or any(_number(cell) is not None for cell in rows[0]):
        return False
    numeric = [all(_number(cell) is not None for cell in column) for column in below]
    if any(numeric):
        return True
    return all(name not in column for name, column in zip(rows[0], below, strict=True))


def _number(cell: str) -> float | None:
    # Python reads 1_000 as a number, a spreadsheet does not.
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None
