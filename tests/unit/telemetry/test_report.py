"""Measures of whole sets against scikit-learn's; pictures against its pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import datasets, metrics

from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment
from playground.telemetry.report import gallery, report


def assembled(**experiment: Any) -> Assembly:
    assembly = assemble(Experiment.parse(experiment))
    assembly.trainer.run(150)
    return assembly


def reported(assembly: Assembly) -> Any:
    return report(assembly.network, assembly.trainer.loss, assembly.dataset, 150)


def test_classes_are_measured_as_scikit_learn_does() -> None:
    assembly = assembled(data={"name": "wine", "validation_fraction": 0.2})
    found = reported(assembly)
    for name in ("train", "validation", "test"):
        split = getattr(assembly.dataset, name)
        predicted = assembly.network.predict(split.x).argmax(axis=1)
        true = split.y.argmax(axis=1)
        own = found["training" if name == "train" else name]
        assert own["confusion"] == metrics.confusion_matrix(true, predicted).tolist()
        assert own["accuracy"] == pytest.approx(metrics.accuracy_score(true, predicted))
        assert own["macro_f1"] == pytest.approx(metrics.f1_score(true, predicted, average="macro"))
        assert own["examples"] == len(true)


def test_values_are_measured_as_scikit_learn_does() -> None:
    assembly = assembled(data="plane")
    found = reported(assembly)["test"]
    split = assembly.dataset.test
    answer = assembly.network.predict(split.x)
    assert found["rmse"] == pytest.approx(metrics.mean_squared_error(split.y, answer) ** 0.5)
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(split.y, answer))
    assert found["r2"] == pytest.approx(metrics.r2_score(split.y, answer))


def test_a_set_that_is_not_there_has_no_measures() -> None:
    found = reported(assembled(data={"name": "circle", "train_fraction": 1.0}))
    assert found["test"] == found["validation"] == {}


def test_a_measure_that_is_not_finite_is_none() -> None:
    assembly = assembled(data="plane")
    assembly.network.parameters[...] = 1e200
    found = reported(assembly)["training"]
    assert found["rmse"] is None


def test_the_pictures_are_digits_and_the_answers_are_theirs() -> None:
    assembly = assembled(data="digits")
    shown = gallery(assembly.dataset)
    assert shown is not None
    images = shown.images((8, 8))
    known = np.rint(datasets.load_digits().images * (255 / 16)).astype(np.uint8)
    assert images.shape == (40, 8, 8)
    assert all((known == image).all(axis=(1, 2)).any() for image in images)
    classes, sure = shown.answers(assembly.network, assembly.trainer.loss)
    z = assembly.network.predict(assembly.dataset.test.x[shown.rows])
    softmax = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_array_equal(classes, softmax.argmax(axis=1))
    assert np.abs(sure / 255 - softmax.max(axis=1)).max() <= 0.5 / 255 + 1e-9


def test_what_is_no_picture_has_no_gallery() -> None:
    assert gallery(assembled(data="iris").dataset) is None
