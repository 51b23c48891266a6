"""Lenses against scikit-learn's components, and against inputs put together by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from playground.base.errors import InputError
from playground.data.dataset import Dataset, load
from playground.telemetry.lens import lens_for


def dataset(name: str, **settings: Any) -> Dataset:
    return load({"name": name, **settings}, seed=0)


@pytest.mark.parametrize("name", ["iris", "wine", "digits", "diabetes"])
def test_components_are_those_of_scikit_learn(name: str) -> None:
    data = dataset(name)
    lens = lens_for(data)
    reference = PCA(2, svd_solver="full").fit(data.train.x)
    expected = reference.transform(data.test.x)
    seen = lens.seen(data.test)
    # A component's sign is anybody's choice.
    turned = seen * np.sign((seen * expected).sum(axis=0))
    np.testing.assert_allclose(turned, expected, atol=1e-8)
    assert lens.share == pytest.approx(reference.explained_variance_ratio_.sum(), abs=1e-9)


def test_a_point_of_the_component_plane_is_seen_where_it_lies() -> None:
    data = dataset("wine")
    lens = lens_for(data)
    points = np.array([[0.5, -1.25], [3.0, 2.0]])
    x = lens.inputs(points)
    reference = PCA(2, svd_solver="full").fit(data.train.x)
    np.testing.assert_allclose(np.abs(reference.transform(x)), np.abs(points), atol=1e-8)
    # Nothing of them lies beside the plane.
    back = reference.inverse_transform(reference.transform(x))
    np.testing.assert_allclose(back, x, atol=1e-8)


def test_two_features_leave_the_others_at_the_training_mean() -> None:
    data = dataset("iris")
    lens = lens_for(data, [2, 0])
    raw = np.tile(data.train.points.mean(axis=0), (2, 1))
    raw[:, 2], raw[:, 0] = [1.5, 4.0], [5.0, 7.5]
    expected = (raw - data.train.points.mean(axis=0)) / data.train.points.std(axis=0)
    np.testing.assert_allclose(lens.inputs(np.array([[1.5, 5.0], [4.0, 7.5]])), expected, atol=1e-9)
    np.testing.assert_array_equal(lens.seen(data.test), data.test.points[:, [2, 0]])
    assert lens.names == ["petal length (cm)", "sepal length (cm)"]


def test_the_frame_holds_every_example() -> None:
    for axes in (None, [0, 3]):
        data = dataset("iris")
        lens = lens_for(data, axes)
        left, right, bottom, top = lens.extent
        for split in (data.train, data.test):
            seen = lens.seen(split)
            assert ((left < seen[:, 0]) & (seen[:, 0] < right)).all()
            assert ((bottom < seen[:, 1]) & (seen[:, 1] < top)).all()


@pytest.mark.parametrize("axes", [[0, 4], [1, 1]])
def test_axes_that_are_not_there_are_refused(axes: list[int]) -> None:
    with pytest.raises(InputError, match="two different inputs from 0 to 3"):
        lens_for(dataset("iris"), axes)


def test_one_input_is_seen_beside_its_target() -> None:
    data = dataset("sine", frequency=2.0)
    lens = lens_for(data)
    seen = lens.seen(data.train)
    np.testing.assert_allclose(seen[:, 1], np.sin(2 * seen[:, 0]), atol=1e-12)
    x = lens.inputs(np.array([[-3.0, 9.0], [1.5, 9.0]]))
    expected = (np.array([[-3.0], [1.5]]) - data.train.points.mean()) / data.train.points.std()
    np.testing.assert_allclose(x, expected, atol=1e-9)
