"""Points drawn by hand are a data set like any other in the plane."""

from __future__ import annotations

import pytest

from playground.base.errors import InputError
from playground.data.dataset import load
from playground.data.drawn import MOST_POINTS


def points(*given: list[float]) -> dict[str, object]:
    return {"name": "drawn", "points": [list(p) for p in given], "train_fraction": 1}


def test_two_classes_are_a_binary_task_in_the_order_drawn() -> None:
    data = load(points([1, 2, 0], [-3, 4.5, 1]), 0)
    assert (data.task, data.class_names, data.extent) == ("binary", ["A", "B"], (-6.0, 6.0))
    assert data.train.points.tolist() == [[1, 2], [-3, 4.5]]
    assert data.train.y.tolist() == [[0], [1]]


def test_the_highest_class_says_how_many_there_are() -> None:
    data = load(points([0, 0, 2], [1, 1, 0]), 0)
    assert (data.task, data.class_names) == ("multiclass", ["A", "B", "C"])
    assert data.train.y.tolist() == [[0, 0, 1], [1, 0, 0]]


def test_one_class_alone_is_still_one_of_two() -> None:
    assert load(points([0, 0, 0]), 0).task == "binary"


def test_features_are_taken_of_them() -> None:
    data = load({**points([2, 3, 0], [1, 1, 1]), "features": ["x1_x2"], "standardize": False}, 0)
    assert data.train.x.tolist() == [[6], [1]]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "points"),
        ([[7, 0, 0]], "points.0.0"),
        ([[0, 0, 10]], "points.0.2"),
        ([[0, 0, 0.5]], "points.0.2"),
        ([[0, 0]], "points.0"),
        ([[0, 0, 0]] * (MOST_POINTS + 1), "points"),
    ],
)
def test_what_is_no_point_is_refused(given: list[list[float]], field: str) -> None:
    with pytest.raises(InputError) as refusal:
        load(points(*given), 0)
    assert refusal.value.field is not None
    assert refusal.value.field.startswith(f"data.{field}")
