"""A data set as a table that a spreadsheet, or this program, can read."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from playground.data.dataset import load
from playground.data.sets import DATASETS
from playground.data.settings import data_settings
from playground.data.written import written

TABLE = b"size;kind;price\n1;a;10\n2;b;20\n3;a;30\n4;b;40\n"


def rows(given: Any, seed: int = 0, table: bytes | None = None) -> list[list[str]]:
    text = written(data_settings(given), seed, table).decode()
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", [part.name for part in DATASETS if part.name != "csv"])
def test_every_set_has_all_its_examples_in_their_roles(name: str) -> None:
    given = {"name": name, "train_fraction": 0.5, "validation_fraction": 0.2}
    header, *lines = rows(given, seed=3)
    data = load(given, 3)
    assert header[-1] == "split"
    width = data.train.points.shape[1]
    for role, split in (
        ("training", data.train),
        ("validation", data.validation),
        ("test", data.test),
    ):
        own = sorted([float(v) for v in line[:width]] for line in lines if line[-1] == role)
        # To the last bit: what is written can be read back.
        assert own == sorted(split.points.tolist())
    assert len(lines) == sum(map(len, (data.train, data.validation, data.test)))


def test_classes_have_their_names() -> None:
    header, first, *_ = rows("iris")
    assert header[-2:] == ["class", "split"]
    assert first[:5] == ["5.1", "3.5", "1.4", "0.2", "setosa"]  # Fisher's first flower


def test_a_value_to_predict_is_y() -> None:
    header, *lines = rows({"name": "plane", "samples": 5})
    assert header == ["x1", "x2", "y", "split"]
    for x1, x2, y, _ in lines:
        assert float(y) == pytest.approx((float(x1) + float(x2)) / 10)


def test_a_table_of_ones_own_keeps_its_columns_as_they_are() -> None:
    header, *lines = rows({"name": "csv", "train_fraction": 0.5}, table=TABLE)
    assert header == ["size", "kind", "price", "split"]
    assert [line[:3] for line in lines] == [
        ["1", "a", "10"],
        ["2", "b", "20"],
        ["3", "a", "30"],
        ["4", "b", "40"],
    ]
    data = load({"name": "csv", "train_fraction": 0.5}, 0, TABLE)
    training = [float(line[2]) for line in lines if line[3] == "training"]
    assert sorted(training) == sorted(data.train.y[:, 0].tolist())
    np.testing.assert_equal(len(training), 2)


def test_a_column_called_split_is_not_overwritten() -> None:
    header, *_ = rows("csv", table=b"split,y\n1,2\n3,4\n")
    assert header == ["split", "y", "role"]
