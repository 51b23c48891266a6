"""A data set as a CSV table: every column as it was drawn or given, and each example's role."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import numpy as np

from playground.base.arrays import random_stream
from playground.data.dataset import dealt
from playground.data.settings import DataSettings
from playground.data.source import Examples
from playground.data.tables import table_cells

ROLES = ("training", "validation", "test")
_ROLE_NAMES = ("split", "role", "set")


def written(settings: DataSettings, seed: int, table: bytes | None = None) -> bytes:
    """UTF-8 text, a row an example in the order in which they were drawn or stood in the table.

    The last column says which set an example is in. `seed` is the experiment's.
    """
    seed = seed if settings.seed is None else settings.seed
    source = settings.source(table)
    assert source is not None, "a table is read before it is written"
    examples = source.draw(random_stream(seed, "data"))
    n = len(examples.points)
    order, train_end, validation_end = dealt(settings, source, n, seed)
    roles = np.empty(n, np.intp)
    for role, rows in enumerate(np.split(order, [train_end, validation_end])):
        roles[rows] = role
    names, columns = _columns(settings, examples, table)
    name = next(name for name in (*_ROLE_NAMES, "split of the examples") if name not in names)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, name])
    writer.writerows(zip(*columns, [ROLES[role] for role in roles], strict=True))
    return text.getvalue().encode()


def _columns(
    settings: DataSettings, examples: Examples, table: bytes | None
) -> tuple[list[str], list[Iterable[object]]]:
    if table is not None:
        names, rows = table_cells(table, settings.own["header"])
        return names, list(zip(*rows, strict=True))
    columns: list[Iterable[object]] = [column.tolist() for column in examples.points.T]
    if not examples.classes:
        targets = (
            ["y"]
            if examples.y.shape[1] == 1
            else [f"y{k}" for k in range(1, 1 + len(examples.y.T))]
        )
        return [*examples.columns, *targets], [*columns, *(y.tolist() for y in examples.y.T)]
    one = examples.y.shape[1] == 1
    codes = examples.y[:, 0].astype(np.intp) if one else examples.y.argmax(axis=1)
    return [*examples.columns, "class"], [*columns, [examples.classes[k] for k in codes]]
