"""Features of a point, worked out by hand."""

from __future__ import annotations

import numpy as np

from playground.data.features import FEATURES, feature_columns

# sin 2 and sin(-3), from tables.
BY_HAND = {
    "x1": 2.0,
    "x2": -3.0,
    "x1_squared": 4.0,
    "x2_squared": 9.0,
    "x1_x2": -6.0,
    "sin_x1": 0.9092974268256817,
    "sin_x2": -0.1411200080598672,
}


def test_every_feature_of_a_point() -> None:
    assert list(BY_HAND) == FEATURES.names
    columns = feature_columns(np.array([[2.0, -3.0], [0.0, 0.0]]), FEATURES.names)
    np.testing.assert_allclose(columns[0], list(BY_HAND.values()), rtol=1e-15)
    np.testing.assert_array_equal(columns[1], 0)


def test_features_come_in_the_order_asked_for() -> None:
    columns = feature_columns(np.array([[2.0, -3.0]]), ("x2", "x1_x2", "x1"))
    assert columns.tolist() == [[-3.0, -6.0, 2.0]]
