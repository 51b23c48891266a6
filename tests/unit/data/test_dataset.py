"""Splits, standardization, and what the network is given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from playground.base.errors import InputError
from playground.data.dataset import Dataset, load


def roles(data: Dataset) -> tuple[int, int, int]:
    return len(data.train), len(data.validation), len(data.test)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (250, 0, 250)),
        ({"train_fraction": 0.8}, (400, 0, 100)),
        ({"train_fraction": 1}, (500, 0, 0)),
        ({"train_fraction": 0.6, "validation_fraction": 0.2}, (300, 100, 100)),
        # Halves of 5 that are all there is leave nothing for a test set.
        ({"samples": 5, "validation_fraction": 0.5}, (3, 2, 0)),
        # A quarter of 10 twice is a half of it, however each quarter is rounded.
        ({"samples": 10, "train_fraction": 0.25, "validation_fraction": 0.25}, (3, 2, 5)),
        ({"samples": 3, "train_fraction": 0.01}, (1, 0, 2)),
        ({"samples": 300, "train_fraction": 0.57}, (171, 0, 129)),
    ],
)
def test_shares_are_of_all_examples(
    settings: dict[str, float], expected: tuple[int, int, int]
) -> None:
    assert roles(load(settings, 0)) == expected


@given(
    samples=st.integers(2, 60),
    train=st.floats(0.01, 1),
    rest=st.floats(0, 1),
    seed=st.integers(0, 2**53 - 1),
)
def test_every_example_has_exactly_one_role(
    samples: int, train: float, rest: float, seed: int
) -> None:
    validation = min((1 - train) * rest, 0.99)
    settings = {"samples": samples, "train_fraction": train, "validation_fraction": validation}
    data, whole = load(settings, seed), load({"samples": samples, "train_fraction": 1}, seed)
    assert len(data.train) >= 1
    parts = np.concatenate([s.points for s in (data.train, data.validation, data.test)])
    assert len(parts) == samples
    everything = whole.train.points
    np.testing.assert_array_equal(parts[np.lexsort(parts.T)], everything[np.lexsort(everything.T)])


def test_a_larger_training_share_keeps_those_who_had_that_role() -> None:
    small, large = (load({"train_fraction": share}, 0).train.points for share in (0.3, 0.6))
    np.testing.assert_array_equal(small, large[: len(small)])


def test_the_sets_own_seed_wins_over_the_experiments() -> None:
    same = [load({"seed": 7}, seed).train.points for seed in (0, 1)]
    np.testing.assert_array_equal(*same)
    np.testing.assert_array_equal(same[0], load({}, 7).train.points)
    assert not np.array_equal(load({}, 0).train.points, load({}, 1).train.points)


def test_inputs_are_standardized_by_the_training_set_as_scikit_learn_does() -> None:
    settings = {"name": "gauss", "features": ["x1", "x2_squared", "sin_x2"], "noise": 0.3}
    data = load(settings, 0)
    raw = load({**settings, "standardize": False}, 0)
    scaler = StandardScaler().fit(raw.train.x)
    for role in ("train", "test"):
        ours, theirs = getattr(data, role).x, scaler.transform(getattr(raw, role).x)
        # Sums of 250 numbers in another order.
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(data.train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.train.x.std(axis=0), 1, atol=1e-12)


def test_targets_are_never_standardized() -> None:
    data = load({"name": "diabetes"}, 0)
    assert data.train.y.min() >= 25
    assert data.train.y.max() <= 346


def test_a_constant_input_is_shifted_and_not_blown_up() -> None:
    table = b"a,b,y\n0.1,1,1\n0.1,2,2\n0.1,6,3\n"
    data = load({"name": "csv", "train_fraction": 1}, 0, table)
    np.testing.assert_allclose(data.train.x[:, 0], 0, atol=1e-15)
    np.testing.assert_allclose(data.train.x[:, 1], np.array([-2, -1, 3]) / np.sqrt(14 / 3))


def test_inputs_gives_what_the_network_eats() -> None:
    data = load({"name": "spiral", "features": ["x2", "x1_x2"], "noise": 0.1}, 3)
    for split in (data.train, data.test):
        np.testing.assert_array_equal(data.inputs(split.points), split.x)
    assert data.feature_names == ["x2", "x1_x2"]
    assert data.extent == (-6, 6)


def test_only_plane_sets_have_an_extent() -> None:
    assert load("sine", 0).extent is None
    assert load("iris", 0).extent is None


def test_a_table_wants_the_set_csv_and_csv_wants_a_table() -> None:
    with pytest.raises(InputError) as refusal:
        load("circle", 0, b"a,b\n1,2\n")
    assert refusal.value.field == "data.name"
    with pytest.raises(InputError) as refusal:
        load({"name": "csv", "path": "/etc/hostname"}, 0)
    assert refusal.value.field == "data.path"


def test_a_refusal_names_the_field_within_data() -> None:
    with pytest.raises(InputError) as refusal:
        load({"name": "circle", "noise": 2}, 0)
    assert str(refusal.value) == "data.noise: must be at most 0.5, got 2"
