"""A data set's settings: its own and those of every set; others are refused."""

from __future__ import annotations

from typing import Any

import pytest

from playground.base.errors import InputError
from playground.data.sets import DATASETS
from playground.data.settings import data_settings, settings_model

COMMON = {"name", "train_fraction", "validation_fraction", "seed", "standardize"}


def test_without_a_name_it_is_the_circle() -> None:
    settings = data_settings({})
    assert settings.model_dump() == {
        "name": "circle",
        "samples": 500,
        "noise": 0.0,
        "train_fraction": 0.5,
        "validation_fraction": 0.0,
        "seed": None,
        "standardize": True,
        "features": ("x1", "x2"),
    }


@pytest.mark.parametrize("part", list(DATASETS), ids=lambda part: part.name)
def test_every_set_has_its_own_settings_and_the_common_ones(part: Any) -> None:
    fields = set(settings_model(part.name).model_fields)
    assert fields - {"features"} == COMMON | set(part.setting_names)
    source = settings_model(part.name)().source()
    assert ("features" in fields) == (source is not None and source.extent is not None)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"noise": 0.6}, "noise: must be at most 0.5, got 0.6"),
        ({"noise": "0.1"}, 'noise: must be a number, got "0.1"'),
        ({"noise": float("nan")}, "noise: must be a finite number, got NaN"),
        ({"samples": 1}, "samples: must be at least 2, got 1"),
        ({"samples": 20_001}, "samples: must be at most 20,000, got 20001"),
        ({"samples": 2.5}, "samples: must be a whole number, got 2.5"),
        ({"samples": True}, "samples: must be a whole number, got true"),
        ({"train_fraction": 0}, "train_fraction: must be above 0, got 0"),
        ({"validation_fraction": 1}, "validation_fraction: must be below 1, got 1"),
        ({"standardize": 1}, "standardize: must be true or false, got 1"),
        ({"features": []}, "features: must have at least 1 entry, got 0"),
        ({"features": "x1"}, 'features: must be a list, got "x1"'),
        ({"features": ["x1", "x1"]}, "features.1: the feature 'x1' is there twice"),
        (
            {"features": ["x1", "sinx2"]},
            "features.1: no feature is called 'sinx2'; did you mean 'sin_x2'?",
        ),
        (
            {"train_fraction": 0.8, "validation_fraction": 0.3},
            "validation_fraction: train_fraction and validation_fraction must be at most 1 "
            "together, got 0.8 + 0.3",
        ),
        ({"name": "spirl"}, "name: no data set is called 'spirl'; did you mean 'spiral'?"),
        ({"nose": 0.1}, "nose: the data set 'circle' has no setting 'nose'; did you mean 'noise'?"),
        ({"name": "blobs", "classes": 11}, "classes: must be at most 10, got 11"),
        ({"name": "csv", "target": 3}, "target: must be a list, got 3"),
        ([], "a data set is its name or an object, got []"),
    ],
)
def test_a_bad_setting_is_refused_in_one_sentence(given: object, refusal: str) -> None:
    with pytest.raises(InputError) as caught:
        data_settings(given)
    assert str(caught.value) == refusal


@pytest.mark.parametrize(
    ("name", "setting"),
    [("iris", "noise"), ("sine", "features"), ("circle", "classes"), ("csv", "samples")],
)
def test_settings_of_other_sets_are_refused(name: str, setting: str) -> None:
    with pytest.raises(InputError, match=f"'{name}' has no setting '{setting}'"):
        data_settings({"name": name, setting: 1})


def test_shares_that_add_up_to_1_but_for_rounding_are_fine() -> None:
    assert data_settings({"train_fraction": 0.7, "validation_fraction": 0.3})
    assert data_settings({"train_fraction": 0.9, "validation_fraction": 0.1})


@pytest.mark.parametrize(
    ("given", "inputs", "outputs", "task"),
    [
        ({}, 2, 1, "binary"),
        ({"features": ["x1", "x2", "sin_x1"]}, 3, 1, "binary"),
        ({"name": "blobs", "classes": 5}, 2, 5, "multiclass"),
        ({"name": "blobs", "classes": 2}, 2, 1, "binary"),
        ({"name": "sine"}, 1, 1, "regression"),
        ({"name": "digits"}, 64, 10, "multiclass"),
    ],
)
def test_the_shape_is_known_before_anything_is_drawn(
    given: dict[str, Any], inputs: int, outputs: int, task: str
) -> None:
    shape = data_settings(given).shape
    assert shape is not None
    assert (shape.inputs, shape.outputs, shape.task) == (inputs, outputs, task)


def test_the_shape_of_a_table_is_known_only_when_it_is_read() -> None:
    assert data_settings({"name": "csv", "target": "price"}).shape is None
