"""Weights, histograms and points: what travels is what is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment
from playground.telemetry.cadence import FRAME_SECONDS, Cadence
from playground.telemetry.probes import points, pooled, value_histograms, weights
from playground.telemetry.recorder import Recorder, Subject


def assembled(**experiment: Any) -> Assembly:
    return assemble(Experiment.parse(experiment))


def test_weights_travel_by_rows_each_layers_bias_behind_them() -> None:
    network = assembled().network
    expected = np.concatenate(
        [part for layer in network.layers for part in (layer.w.ravel(), layer.b)]
    )
    np.testing.assert_array_equal(weights(network)["weights"], expected.astype(np.float32))


def test_the_weights_of_a_large_network_travel_as_pooled_matrices() -> None:
    network = assembled(network={"hidden": [{"units": 200}] * 2}).network
    found = weights(network)
    assert found["weight_matrix_2"].shape == (32, 32)
    assert found["weight_matrix_1"].shape == (2, 32)
    assert found["biases"].shape == (401,)


def test_pooling_gives_the_mean_of_each_block() -> None:
    w = np.random.default_rng(0).normal(size=(100, 40))
    found = pooled(w)
    edges_r, edges_c = np.arange(33) * 100 // 32, np.arange(33) * 40 // 32
    for i, j in ((0, 0), (7, 31), (31, 12)):
        block = w[edges_r[i] : edges_r[i + 1], edges_c[j] : edges_c[j + 1]]
        np.testing.assert_allclose(found[i, j], block.mean())


def test_a_histogram_counts_as_numpy_does() -> None:
    a = np.random.default_rng(0).uniform(-0.93, 0.4, size=(200, 5))
    counts, ranges = value_histograms([a])
    assert ranges == [[-1.0, 0.5]]
    expected, _ = np.histogram(a, bins=41, range=(-1.0, 0.5))
    np.testing.assert_array_equal(counts[0], np.ceil(expected * 255 / expected.max()))


def test_a_histogram_of_broken_values_is_empty() -> None:
    counts, ranges = value_histograms([np.array([[np.nan, 1.0]]), np.array([[np.inf]])])
    assert counts.sum() == 0
    assert len(ranges) == 2


def test_points_name_each_examples_role_training_first() -> None:
    assembly = assembled(data={"train_fraction": 0.6, "validation_fraction": 0.1})
    header, arrays = points(assembly.dataset, 3)
    assert header["revision"] == 3
    assert header["extent"] == [-6, 6, -6, 6]
    assert np.bincount(arrays["role"]).tolist() == [300, 50, 150]
    np.testing.assert_allclose(
        arrays["points"][:300], assembly.dataset.train.points.astype(np.float32)
    )
    assert set(arrays["targets"]) == {0.0, 1.0}


def recorder(assembly: Assembly) -> Recorder:
    network = assembly.experiment.network
    names = [layer.activation.name for layer in [*network.hidden, network.output]]  # type: ignore[attr-defined]
    return Recorder(Subject(assembly.trainer, assembly.dataset, names))


def test_a_frames_losses_are_of_the_whole_sets() -> None:
    assembly = assembled(data={"validation_fraction": 0.2})
    assembly.trainer.run(40)
    header, arrays = recorder(assembly).parts()
    data = assembly.dataset
    for name, split in (
        ("training", data.train),
        ("validation", data.validation),
        ("test", data.test),
    ):
        z = assembly.network.predict(split.x)
        p = 1 / (1 + np.exp(-z))
        entropy = -(split.y * np.log(p) + (1 - split.y) * np.log(1 - p)).mean()
        np.testing.assert_allclose(header[f"{name}_loss"], entropy)  # type: ignore[literal-required]
        accuracy = ((p > 0.5) == (split.y > 0.5)).mean()
        np.testing.assert_allclose(header[f"{name}_metric"], accuracy)  # type: ignore[literal-required]
    assert "curve_validation_loss" in arrays


def test_a_set_that_is_not_there_has_no_loss() -> None:
    header, arrays = recorder(assembled(data={"train_fraction": 1.0})).parts()
    assert header["test_loss"] is None
    assert np.isnan(arrays["curve_test_loss"]).all()
    assert "curve_validation_loss" not in arrays


def test_data_of_many_inputs_have_surface_and_tiles_through_a_lens() -> None:
    header, arrays = recorder(assembled(data="iris")).parts()
    assert header["surface"]["kind"] == "multiclass"
    assert arrays["tiles"].shape[0] == 4 + 4 + 2 + 3


def test_data_of_one_input_have_a_line() -> None:
    header, arrays = recorder(assembled(data="sine")).parts()
    assert header["surface"]["kind"] == "line"
    assert "surface" not in arrays


def test_frames_come_thirty_times_a_second_and_not_more() -> None:
    cadence, now, made = Cadence(), 0.0, 0
    while now < 10:
        if now >= cadence.due:
            cadence.made(now, 0.001, 1)
            made += 1
        now += 0.003
    assert 299 <= made <= 302


@pytest.mark.parametrize(
    ("cost", "watched", "share", "rate"),
    [
        (0.01, 1, 0.25, 25),  # a quarter of the time
        (0.02, 1, 0.3, 15),  # more of it, to stay fluent
        (0.1, 1, 0.5, 5),  # but half of it at most
        (0.01, 4, 0.1875, 18.75),  # three quarters for all runs together
    ],
)
def test_frames_take_no_more_than_their_share(
    cost: float, watched: int, share: float, rate: float
) -> None:
    cadence, now, made = Cadence(), 0.0, 0
    while now < 20:
        if now >= cadence.due:
            cadence.made(now, cost, watched)
            made += 1
            now += cost
        now += FRAME_SECONDS / 20
    assert made / 20 == pytest.approx(rate, rel=0.05)
    assert made * cost / 20 == pytest.approx(share, rel=0.05)
