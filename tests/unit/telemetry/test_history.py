"""Bounded histories: spikes survive, the ends are exact, time stays even."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.telemetry.history import CURVE_POINTS, MAPPED, Curves, GradientMap, log_codes


def curve_of(values: list[float], stride: int = 1) -> dict[str, np.ndarray]:
    curves = Curves(["loss"])
    for k, value in enumerate(values):
        curves.append(k * stride, [value])
    return curves.arrays()


def test_a_short_curve_is_kept_point_by_point() -> None:
    found = curve_of([3.0, 1.0, 2.0], stride=7)
    assert found["step"].tolist() == [0, 7, 14]
    assert found["loss"].tolist() == [3, 1, 2]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-100, 100, width=32), min_size=300, max_size=900))
def test_the_extremes_and_both_ends_survive_thinning(values: list[float]) -> None:
    found = curve_of(values)
    assert len(found["step"]) <= CURVE_POINTS
    assert found["loss"].max() == max(values)
    assert found["loss"].min() == min(values)
    assert found["loss"][0] == values[0]
    assert (found["step"][-1], found["loss"][-1]) == (len(values) - 1, values[-1])
    assert (np.diff(found["step"]) > 0).all()


def test_a_spike_stays_where_it_was_to_within_one_span() -> None:
    values = [1.0] * 20_000
    values[7_777] = 50.0
    found = curve_of(values)
    at = found["step"][found["loss"].argmax()]
    assert abs(at - 7_777) <= 4 * 20_000 / CURVE_POINTS


def test_spans_stay_even_however_fast_training_was() -> None:
    curves = Curves(["loss"])
    steps = [*range(500), *range(500, 2_000_000, 3000)]
    for step in steps:
        curves.append(step, [1.0])
    # The slow beginning is a pixel wide by now, and must not eat up the points.
    assert (curves.arrays()["step"] < 500).sum() <= 4


def test_what_has_no_value_leaves_a_gap_and_hides_nothing() -> None:
    curves = Curves(["training_loss", "test_loss"])
    for step in range(1000):
        curves.append(step, [step, None if step < 500 else 2.0])
    found = curves.arrays()
    assert np.isnan(found["test_loss"][found["step"] < 490]).all()
    assert set(found["test_loss"][found["step"] > 510]) == {2.0}


def test_a_step_back_in_time_cuts_off_what_came_after() -> None:
    curves = Curves(["loss"])
    for step in (0, 10, 20, 30):
        curves.append(step, [float(step)])
    curves.append(15, [99.0])
    assert curves.arrays()["step"].tolist() == [0, 10, 15]


def test_a_dumped_curve_goes_on_as_the_original_would_have() -> None:
    original, restored = Curves(["loss"]), Curves(["loss"])
    rng = np.random.default_rng(0)
    for step in range(1000):
        original.append(step, [rng.random()])
    restored.load(original.dump())
    for curves in (original, restored):
        curves.append(1000, [0.5])
    for name, array in original.arrays().items():
        np.testing.assert_array_equal(array, restored.arrays()[name])


@pytest.mark.parametrize(("layers", "columns"), [(3, 240), (31, 193), (64, 93), (200, 60)])
def test_the_map_has_at_most_its_share_of_columns(layers: int, columns: int) -> None:
    found = GradientMap(layers)
    for step in range(columns + 200):
        found.append(step, dict.fromkeys(MAPPED, np.ones(layers)))
    assert found.arrays()["delta_norm"].shape == (columns, layers)


def test_the_map_keeps_an_explosion() -> None:
    history = GradientMap(2)
    for step in range(3000):
        size = math.inf if step == 1234 else 1e-3
        history.append(
            step, {**dict.fromkeys(MAPPED, np.full(2, 1e-3)), "delta_norm": np.array([size, 1e-3])}
        )
    found = history.arrays()
    assert found["delta_norm"][:, 0].max() == 255
    assert found["delta_norm"][:, 1].max() < 255


def test_codes_are_decades_that_decode_to_within_half_a_step() -> None:
    values = 10.0 ** np.linspace(-30, 2, 97)
    codes = log_codes(values).astype(float)
    decoded = (codes - 1) / 253 * 32 - 30
    assert np.abs(decoded - np.log10(values)).max() <= 0.5 * 32 / 253 + 1e-9


def test_zero_small_large_and_broken_norms_have_codes_of_their_own() -> None:
    codes = log_codes(np.array([0.0, 1e-300, 1e300, math.inf, math.nan]))
    assert codes.tolist() == [0, 1, 254, 255, 255]


def test_a_layer_without_an_update_is_no_explosion_on_the_map() -> None:
    history = GradientMap(2)
    history.append(
        0, {**dict.fromkeys(MAPPED, np.ones(2)), "update_ratio": np.array([np.nan, 1e-3])}
    )
    found = history.arrays()
    # 27 of the 32 decades above 1e-30: 1 + 253 * 27 / 32.
    assert found["update_ratio"].tolist() == [[0, 214]]
    assert set(found) == {"step", *MAPPED}
