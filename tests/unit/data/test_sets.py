"""The generated sets against geometry worked out by hand, and against scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_moons

from playground.base.arrays import Array, random_stream
from playground.data.sets import DATASETS
from playground.data.settings import settings_model
from playground.data.source import Examples

GENERATED = [part.name for part in DATASETS if "samples" in part.setting_names]
PLANE = [name for name in GENERATED if name != "sine"]


def drawn(name: str, seed: int = 0, **settings: Any) -> Examples:
    source = DATASETS.part(name).make(**settings)
    examples: Examples = source.draw(random_stream(seed, "data"))
    return examples


def labelled(name: str, **settings: Any) -> tuple[Array, Array, Array]:
    """x1, x2 and labels or values, each (n,)."""
    examples = drawn(name, **settings)
    return examples.points[:, 0], examples.points[:, 1], examples.y[:, 0]


def test_circle_is_a_disc_inside_a_ring() -> None:
    x1, x2, label = labelled("circle", samples=1000)
    r = np.sqrt(x1**2 + x2**2)
    assert label.sum() == 500
    assert r[label == 1].max() < 2.5
    assert r[label == 0].min() >= 3.5
    assert r[label == 0].max() <= 5


def test_noise_of_circle_moves_labels_and_not_points() -> None:
    clean, noisy = drawn("circle"), drawn("circle", noise=0.3)
    np.testing.assert_array_equal(clean.points, noisy.points)
    flipped = (clean.y != noisy.y).mean()
    assert 0.02 < flipped < 0.4
    # A label is read at most 0.3 · 5 away in each coordinate.
    r = np.hypot(*clean.points.T)
    assert r[(clean.y != noisy.y)[:, 0]].max() < 2.5 + math.hypot(1.5, 1.5)


def test_xor_is_class_1_where_signs_agree_and_leaves_the_axes_free() -> None:
    x1, x2, label = labelled("xor", samples=1000)
    np.testing.assert_array_equal(label == 1, np.sign(x1) == np.sign(x2))
    both = np.abs(np.concatenate([x1, x2]))
    assert both.min() >= 0.3
    assert both.max() <= 5.3


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_its_clouds_at_2_and_minus_2(noise: float, variance: float) -> None:
    examples = drawn("gauss", samples=20_000, noise=noise)
    for label, center in [(1, 2.0), (0, -2.0)]:
        cloud = examples.points[examples.y[:, 0] == label]
        assert len(cloud) == 10_000
        # Five standard errors of a mean and of a variance over 10,000 draws.
        np.testing.assert_allclose(cloud.mean(axis=0), center, atol=5 * math.sqrt(variance / 1e4))
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=5 * math.sqrt(2 / 1e4))


def test_spiral_winds_as_it_does_by_hand() -> None:
    x1, x2, label = labelled("spiral", samples=8)
    # Arm of class 1, i of 4: radius 5i/4, angle 1.75 · 2π · i/4 from the upper axis, clockwise.
    s = math.sqrt(0.5)
    expected = [
        (0, 0),
        (1.25 * math.sin(0.875 * math.pi), 1.25 * math.cos(0.875 * math.pi)),
        (-2.5 * s, 2.5 * s),
        (3.75 * math.sin(2.625 * math.pi), 3.75 * math.cos(2.625 * math.pi)),
    ]
    np.testing.assert_array_equal(label, [1, 1, 1, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(np.column_stack([x1, x2])[:4], expected, atol=1e-12)
    np.testing.assert_allclose(np.column_stack([x1, x2])[4:], -np.array(expected), atol=1e-12)


def test_noise_of_spiral_is_uniform_within_itself() -> None:
    clean, noisy = drawn("spiral"), drawn("spiral", noise=0.4)
    strays = noisy.points - clean.points
    assert 0.35 < np.abs(strays).max() <= 0.4
    np.testing.assert_array_equal(clean.y, noisy.y)


@pytest.mark.parametrize("samples", [100, 101])
def test_moons_are_scikit_learns_three_times_as_large(samples: int) -> None:
    points, labels = make_moons(samples, shuffle=False)
    examples = drawn("moons", samples=samples)
    # The middle of its bounding box, (0.5, 0.25), comes to lie at the origin.
    np.testing.assert_allclose(examples.points, 3 * (points - [0.5, 0.25]), atol=1e-12)
    np.testing.assert_array_equal(examples.y[:, 0], labels)


def test_checkerboard_of_4_cells_alternates_as_a_product_of_sines() -> None:
    x1, x2, label = labelled("checkerboard", samples=2000)
    # sin(πx/3) is positive in the cells (-6, -3) and (0, 3), negative in the others.
    product = np.sin(np.pi * x1 / 3) * np.sin(np.pi * x2 / 3)
    np.testing.assert_array_equal(label == 1, product > 0)


def test_checkerboard_of_2_cells_is_exclusive_or() -> None:
    x1, x2, label = labelled("checkerboard", samples=500, cells=2)
    np.testing.assert_array_equal(label == 1, x1 * x2 > 0)


def test_blobs_stand_around_a_circle_of_radius_4() -> None:
    examples = drawn("blobs", samples=20_000, classes=4, noise=0.1)
    assert examples.y.shape == (20_000, 4)
    np.testing.assert_array_equal(examples.y.sum(axis=1), 1)
    for label, center in enumerate([(0, 4), (-4, 0), (0, -4), (4, 0)]):
        cloud = examples.points[examples.y[:, label] == 1]
        assert len(cloud) == 5_000
        # Variance 0.5 + 7 · 0.1; five standard errors.
        np.testing.assert_allclose(cloud.mean(axis=0), center, atol=5 * math.sqrt(1.2 / 5e3))
        np.testing.assert_allclose(cloud.var(axis=0), 1.2, rtol=5 * math.sqrt(2 / 5e3))


def test_two_blobs_are_a_binary_task() -> None:
    source = DATASETS.part("blobs").make(classes=2)
    assert (source.task, source.outputs) == ("binary", 1)


def test_plane_rises_by_a_tenth_of_each_coordinate() -> None:
    x1, x2, value = labelled("plane")
    np.testing.assert_allclose(value, (x1 + x2) / 10, atol=1e-12)


def test_multi_gauss_has_cones_up_and_down_in_turn() -> None:
    x1, x2, value = labelled("multi_gauss", samples=3000)
    tops = {(-4, 2.5): 1, (0, 2.5): -1, (4, 2.5): 1, (-4, -2.5): -1, (0, -2.5): 1, (4, -2.5): -1}
    for a, b, height in zip(x1, x2, value, strict=True):
        # The tops are 4 apart and 5 apart, so at most one cone of radius 2 is under a point.
        near = [
            sign * (1 - math.dist((a, b), top) / 2)
            for top, sign in tops.items()
            if math.dist((a, b), top) < 2
        ]
        assert height == pytest.approx(near[0] if near else 0.0, abs=1e-12)
    assert value.max() > 0.8
    assert value.min() < -0.8


def test_sine_has_one_input() -> None:
    examples = drawn("sine", frequency=2.5)
    assert examples.points.shape == (500, 1)
    np.testing.assert_allclose(examples.y, np.sin(2.5 * examples.points), atol=1e-12)
    strays = drawn("sine", frequency=2.5, noise=0.2).y - examples.y
    assert 0.15 < np.abs(strays).max() <= 0.2


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [2, 7, 500])
def test_as_many_examples_as_asked_for(name: str, samples: int) -> None:
    examples = drawn(name, samples=samples, noise=0.2)
    assert len(examples.points) == len(examples.y) == samples
    assert np.isfinite(examples.points).all()
    assert np.isfinite(examples.y).all()


@pytest.mark.parametrize("name", GENERATED)
def test_the_seed_decides_every_example(name: str) -> None:
    first, again, other = (drawn(name, seed, noise=0.1) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.points, again.points)
    np.testing.assert_array_equal(first.y, again.y)
    assert not np.array_equal(first.points, other.points)


@pytest.mark.parametrize("name", GENERATED)
def test_more_noise_deals_no_new_examples(name: str) -> None:
    """Each point stays near where it was, or its label is read elsewhere; none is drawn anew."""
    little, much = drawn(name, noise=0.01), drawn(name, noise=0.02)
    moved = np.abs(much.points - little.points).max()
    assert moved < 0.3


@pytest.mark.parametrize("name", PLANE)
def test_plane_sets_lie_in_the_drawn_range_when_clean(name: str) -> None:
    assert np.abs(drawn(name, samples=2000).points).max() <= 6.6


@pytest.mark.parametrize("name", [part.name for part in DATASETS if part.name != "csv"])
def test_a_set_is_of_the_shape_it_promises(name: str) -> None:
    settings = settings_model(name)()
    source = settings.source()
    assert source is not None
    examples = source.draw(random_stream(0, "data"))
    assert examples.points.shape[1] == source.inputs == len(examples.columns)
    assert examples.y.shape[1] == source.outputs
    if source.task == "regression":
        assert examples.classes == ()
    elif source.task == "binary":
        assert len(examples.classes) == 2
        assert set(np.unique(examples.y)) == {0, 1}
    else:
        assert len(examples.classes) == source.outputs
        np.testing.assert_array_equal(examples.y.sum(axis=1), 1)
