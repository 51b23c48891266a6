"""CSV tables: what is read from them, and how the rest is refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.base.errors import InputError, LimitError, UnknownNameError
from playground.data import tables
from playground.data.dataset import Dataset, load


def read(text: str | bytes, **settings: Any) -> Dataset:
    """All rows for training, inputs as they are."""
    table = text.encode() if isinstance(text, str) else text
    return load({"name": "csv", "train_fraction": 1, "standardize": False, **settings}, 0, table)


def test_numbers_in_the_last_column_are_a_regression() -> None:
    data = read("size,rooms,price\n50,2,100.5\n80,3,-2e2\n")
    assert (data.task, data.outputs, data.class_names) == ("regression", 1, [])
    assert data.feature_names == ["size", "rooms"]
    assert data.train.x.tolist() == [[50, 2], [80, 3]]
    assert data.train.y.tolist() == [[100.5], [-200]]


def test_rows_keep_the_files_order_when_all_are_for_training() -> None:
    rows = "".join(f"{k},{k * k}\n" for k in range(40))
    assert read(rows).train.points[:, 0].tolist() == list(range(40))
    shuffled = read(rows, train_fraction=0.9).train.points[:, 0]
    assert shuffled.tolist() != sorted(shuffled)


def test_two_words_are_a_binary_task_in_alphabetical_order() -> None:
    data = read("a,kind\n1,yes\n2,no\n3,yes\n")
    assert (data.task, data.class_names) == ("binary", ["no", "yes"])
    assert data.train.y.tolist() == [[1], [0], [1]]


def test_more_words_are_one_hot_classes() -> None:
    data = read("a,kind\n1,plum\n2,apple\n3,fig\n")
    assert (data.task, data.outputs, data.class_names) == (
        "multiclass",
        3,
        ["apple", "fig", "plum"],
    )
    assert data.train.y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_words_among_the_inputs_become_an_input_each() -> None:
    data = read("color,size,y\nred,1,0.5\nblue,2,0.25\nred,3,0\n")
    assert data.feature_names == ["color=blue", "color=red", "size"]
    assert data.train.x.tolist() == [[0, 1, 1], [1, 0, 2], [0, 1, 3]]


def test_the_target_may_stand_anywhere_and_be_several() -> None:
    table = "y,a,z,b\n1,2,3,4\n5,6,7,8\n"
    one = read(table, target="a")
    assert one.feature_names == ["y", "z", "b"]
    assert one.train.y.tolist() == [[2], [6]]
    two = read(table, target=["z", "y"])
    assert (two.task, two.outputs, two.feature_names) == ("regression", 2, ["a", "b"])
    assert two.train.y.tolist() == [[3, 1], [7, 5]]


@pytest.mark.parametrize(
    ("table", "names", "rows"),
    [
        ("x,y\n1,2\n", ["x"], 1),
        ("1,2\n3,4\n", ["column 1"], 2),
        ("1,2\n", ["column 1"], 1),
        ("5.1,setosa\n4.9,setosa\n6,virginica\n", ["column 1"], 3),
        ("leaf,kind\nround,oak\nlong,ash\n", ["leaf=long", "leaf=round"], 2),
        ("round,oak\nlong,ash\nround,ash\n", ["column 1=long", "column 1=round"], 3),
        (",y\n1,2\n", ["column 1"], 1),
    ],
)
def test_a_header_is_detected(table: str, names: list[str], rows: int) -> None:
    data = read(table)
    assert data.feature_names == names
    assert len(data.train) == rows


def test_a_header_of_numbers_can_be_declared() -> None:
    table = "2020,2021\n1,2\n3,4\n"
    assert len(read(table).train) == 3
    declared = read(table, header=True, target="2021")
    assert declared.feature_names == ["2020"]
    assert len(declared.train) == 2
    assert len(read("a,b\nc,d\nc,b\n", header=False, target="column 2").train) == 3


@pytest.mark.parametrize(
    "table",
    [
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        "\ufeffa,b\r\n1,2\r\n",
        '"a","b"\n"1","2"\n',
        " a , b \n 1 , 2 \n",
        "\n\na,b\n\n1,2\n,\n",
        "a,b\n1,2",
    ],
)
def test_the_common_ways_to_write_a_table(table: str) -> None:
    data = read(table, target="b")
    assert data.feature_names == ["a"]
    assert (data.train.x.tolist(), data.train.y.tolist()) == ([[1]], [[2]])


@pytest.mark.parametrize("cell", ["", "  ", "NA", "n/a", "NaN", "null", "?"])
def test_a_missing_value_is_refused_with_its_place(cell: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(f"a,b,y\n1,2,3\n4,{cell},6\n")
    assert str(refusal.value) == "data: row 3, column 'b': has no value"


@pytest.mark.parametrize(
    ("table", "settings", "field", "words"),
    [
        ("a,b\n1,2\n3\n", {}, "data", "row 3: must have 2 cells as the first row, got 1"),
        ("a,y\n1,2\n3,4\nx,5\n", {}, "data", "row 4, column 'a': must be a number, got 'x'"),
        ("a,y\n1,2\ninf,4\n", {}, "data", "row 3, column 'a': must be within"),
        ("a,y\n1,2\n-1e101,4\n", {}, "data", "row 3, column 'a': must be within"),
        ("a,a\n1,2\n", {}, "data", "row 1: the column 'a' is there twice"),
        ("", {}, "data", "has no rows"),
        ("\n,\n", {}, "data", "has no rows"),
        ("a,b\n", {"header": True}, "data", "has no rows below its header"),
        ("y\n1\n2\n", {}, "data.target", "must be a column beside the target"),
        ("a,y\n1,2\n", {"target": []}, "data.target", "must name a column"),
        ("a,y\n1,2\n", {"target": ["y", "y"]}, "data.target", "'y' is there twice"),
        ("a,y\n1,u\n2,u\n", {}, "data.target", "has only one class, 'u'"),
        ("a,b,y\n1,u,3\n2,v,4\n", {"target": ["b", "y"]}, "data.target", "'b' is text"),
        ('a,y\n1,"2\n', {}, "data", "row 2"),
    ],
)
def test_what_cannot_be_used_is_refused(
    table: str, settings: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InputError) as refusal:
        read(table, **settings)
    assert refusal.value.field == field
    assert words in refusal.value.message


def test_an_unknown_target_is_refused_with_the_nearest_column() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'price'"):
        read("size,price\n1,2\n", target="pirce")


def test_other_encodings_are_refused_with_their_row() -> None:
    with pytest.raises(InputError, match="row 2: must be UTF-8"):
        read("a,b\nÄ,1\n".encode("latin-1"))


def test_limits_are_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_EXAMPLES", 3)
    monkeypatch.setattr(tables, "MAX_FEATURES", 2)
    monkeypatch.setattr(tables, "MAX_CLASSES", 2)
    monkeypatch.setattr(tables, "MAX_UPLOAD_BYTES", 40)
    assert len(read("a,y\n1,2\n1,2\n1,2\n").train) == 3
    for too_many in ("a,y\n" + "1,2\n" * 4, "1,2\n" * 4, "1,2\n" * 9):
        with pytest.raises(LimitError, match="more than 3 rows"):
            read(too_many)
    with pytest.raises(LimitError, match="3 inputs, at most 2"):
        read("a,b,c,y\n1,2,3,4\n")
    with pytest.raises(LimitError, match="3 classes, at most 2"):
        read("a,y\n1,u\n1,v\n1,w\n")
    with pytest.raises(LimitError, match="41 bytes, at most 40"):
        read("a,y\n" + "1" * 37)


def test_the_stated_limits_are_the_designs() -> None:
    assert tables.MAX_EXAMPLES == 20_000
    assert tables.MAX_FEATURES == 1_000
    assert tables.MAX_UPLOAD_BYTES == 5 * 1024 * 1024


FLOATS = st.floats(-1e100, 1e100)


@given(rows=st.lists(st.tuples(FLOATS, FLOATS, FLOATS), min_size=1, max_size=20))
def test_every_number_that_was_written_is_read_to_the_last_bit(
    rows: list[tuple[float, float, float]],
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "y"), *rows])
    data = read(text.getvalue())
    both = np.column_stack([data.train.x, data.train.y])
    np.testing.assert_array_equal(both, np.array(rows))


@given(table=st.binary(max_size=200) | st.text(alphabet='ab01.,;"\n\r \t', max_size=60))
def test_no_table_brings_anything_but_a_refusal(table: bytes | str) -> None:
    try:
        data = read(table)
    except InputError as refusal:
        placed = str(refusal).startswith("data")
    else:
        placed = bool(np.isfinite(data.train.x).all() and np.isfinite(data.train.y).all())
    assert placed
