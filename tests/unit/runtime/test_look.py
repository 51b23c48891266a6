"""How the page looks at a run: what `look_at` changes in its frames, and that no weight moves."""

from __future__ import annotations

import numpy as np
import pytest
from runs import ask, run_of, train

from playground.base.errors import InputError
from playground.runtime import checkpoint
from playground.telemetry.probes import points


def test_looking_along_other_axes_sends_the_points_anew_and_trains_on() -> None:
    run = run_of(data="iris")
    before, revision = run.assembly.network.parameters.copy(), run.points_revision
    ask(run, "look_at", axes=[3, 1])
    assert run.points_revision == revision + 1
    header, arrays = points(run.assembly.dataset, run.points_revision, run.recorder.lens)
    assert header["lens"]["names"] == ["petal width (cm)", "sepal width (cm)"]
    np.testing.assert_allclose(arrays["points"][0], run.assembly.dataset.train.points[0][[3, 1]])
    np.testing.assert_array_equal(run.assembly.network.parameters, before)


def test_axes_beyond_the_inputs_change_nothing() -> None:
    run = run_of(data="iris")
    with pytest.raises(InputError, match="axes"):
        ask(run, "look_at", axes=[0, 9])
    assert run.recorder.lens.kind == "components"


def test_axes_that_other_data_lack_are_forgotten_until_they_come_back() -> None:
    run = run_of(data="wine")
    ask(run, "look_at", axes=[11, 12])
    ask(run, "edit", patch={"data": {"name": "iris"}})
    assert run.recorder.lens.kind == "components"


def test_the_gradients_drawn_are_those_of_the_loss() -> None:
    run = run_of(network={"hidden": []}, training={"batch_size": 250})
    assert "gradients" not in run.frame(0, 0, 0)[1]
    ask(run, "look_at", gradients=True)
    found = run.frame(1, 0, 1)[1]["gradients"]
    data, layer = run.assembly.dataset.train, run.assembly.network.layers[0]
    error = 1 / (1 + np.exp(-(data.x @ layer.w + layer.b))) - data.y
    expected = np.append(data.x.T @ error, error.sum()) / len(data.x)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_exact_values_travel_at_rest_only() -> None:
    run = run_of()
    header, arrays = run.frame(0, 0, 0)
    scale = header["surface"]
    coded = np.rint(255 * (arrays["surface_value"] - scale["low"]) / 2)
    assert np.abs(coded - arrays["surface"]).max() <= 1
    ask(run, "play")
    run.advance(0.01, measured=True)
    assert "surface_value" not in run.frame(1, 0, 1)[1]


def test_a_resting_run_reports_its_last_step() -> None:
    run = run_of()
    train(run, 30)
    report = run.frame(0, 0, 0)[0]["report"]
    assert report["step"] == run.step == 30
    assert report["training"]["examples"] == 250


def test_how_a_run_is_looked_at_outlives_the_worker() -> None:
    run = run_of(data="iris")
    ask(run, "look_at", axes=[1, 2], gradients=True)
    copy = checkpoint.unpack(*checkpoint.pack(run))
    assert copy.recorder.lens.axes == [1, 2]
    assert copy.points_revision == run.points_revision
    assert "gradients" in copy.frame(0, 0, 0)[1]
