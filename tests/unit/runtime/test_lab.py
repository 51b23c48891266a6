"""The gradient lab of a run: what its frames say, when it is read, and what outlives a worker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from runs import ask, run_of, train

from playground.runtime import checkpoint

VANISHING: dict[str, Any] = {
    "hidden": [
        {
            "units": 64,
            "activation": "tanh",
            "initializer": {"name": "scaled_normal", "weight_scale": 0.5},
        }
    ]
    * 20,
    "output": {"initializer": "lecun_normal"},
}


def test_theory_stands_beside_the_measurement() -> None:
    header, arrays = run_of(seed=1, network=VANISHING).frame(0, 0, 0)
    theory = header["lab"]["theory"]
    assert (theory["applies"], theory["reason"]) == (True, None)
    assert theory["slope"] == pytest.approx(-0.301, abs=0.006)
    assert theory["measured_slope"] == pytest.approx(-0.301, abs=0.04)
    assert theory["slope_low"] < theory["measured_slope"] < theory["slope_high"]  # type: ignore[operator]
    assert (theory["first"], theory["last"]) == (3, 18)
    line = arrays["theory_log_delta"]
    assert line.shape == (20,)
    assert np.abs(line - np.log10(arrays["delta_norm"][:-1])).max() < 1.0
    assert (arrays["theory_log_delta_low"] < arrays["theory_log_delta_high"]).all()


def test_theory_ends_when_training_has_moved_the_weights() -> None:
    run = run_of(training={"learning_rate": 0.3})
    assert run.frame(0, 0, 0)[0]["lab"]["theory"]["applies"]
    train(run, 500)
    header, arrays = run.frame(1, 0, 1)
    theory = header["lab"]["theory"]
    assert not theory["applies"]
    assert "moved the weights" in theory["reason"]  # type: ignore[operator]
    assert arrays["weight_change"][:-1].max() > 0.05
    # Drawn anew, they are random again, and the step goes on.
    hidden = [
        {"units": 4, "initializer": "he_normal"},
        {"units": 2, "initializer": "he_normal"},
    ]
    ask(run, "edit", patch={"network": {"hidden": hidden}})
    header, arrays = run.frame(2, 0, 2)
    assert header["step"] == 500
    assert header["lab"]["theory"]["applies"]


def test_distributions_are_told_to_those_who_watch() -> None:
    run = run_of()
    header, arrays = run.frame(0, 0, 0)
    assert "z_histogram" not in arrays
    assert header["lab"]["z_range"] == []
    ask(run, "watch", instruments=["histograms"])
    header, arrays = run.frame(1, 0, 1)
    assert header["lab"]["instruments"] == ["histograms"]
    for name in ("z", "weight", "weight_gradient"):
        assert arrays[f"{name}_histogram"].shape == (3, 41)
        assert len(header["lab"][f"{name}_range"]) == 3  # type: ignore[literal-required]
    ask(run, "watch", instruments=[])
    assert "z_histogram" not in run.frame(2, 0, 2)[1]


def test_shares_come_with_those_of_the_untrained_network() -> None:
    run = run_of(network={"hidden": [{"units": 16, "activation": "relu"}] * 3})
    _, arrays = run.frame(0, 0, 0)
    np.testing.assert_array_equal(arrays["dead_share"], arrays["untrained_dead_share"])
    run.assembly.network.layers[1].b[...] = -50.0
    ask(run, "pause")
    _, arrays = run.frame(1, 0, 1)
    assert arrays["dead_share"][1] == 1.0
    assert arrays["untrained_dead_share"][1] < 1.0


def test_while_training_the_lab_is_read_a_few_times_a_second() -> None:
    run = run_of()
    ask(run, "play")
    steps = set()
    for seq in range(40):
        run.advance(0.002, measured=True)
        steps.add(run.frame(seq, 0, 0)[0]["lab"]["step"])
    assert 1 <= len(steps) <= 4
    ask(run, "pause")
    assert run.frame(99, 0, 1)[0]["lab"]["step"] == run.step


def test_what_is_watched_outlives_the_worker() -> None:
    run = run_of()
    ask(run, "watch", instruments=["histograms"])
    copy = checkpoint.unpack(*checkpoint.pack(run))
    assert "z_histogram" in copy.frame(0, 0, 0)[1]


def test_what_the_coach_found_outlives_the_worker() -> None:
    hidden = [{"units": 8, "activation": "sigmoid", "initializer": "glorot_uniform"}] * 8
    run = run_of(data="spiral", network={"hidden": hidden}, training={"learning_rate": 0.1})
    assert not run.frame(0, 0, 0)[0]["lab"]["looked"], "one look is not enough"
    for seq in range(1, 4):
        train(run, 200)
        found = run.frame(seq, 0, 0)[0]["lab"]
    assert found["looked"]
    assert "vanishing" in found["findings"][0]["id"]
    copy = checkpoint.unpack(*checkpoint.pack(run))
    again = copy.frame(0, 0, 0)[0]["lab"]
    assert (again["findings"], again["looked"]) == (found["findings"], True)
    train(copy, 1)
    assert copy.frame(1, 0, 0)[0]["lab"]["findings"], "what was told is forgotten at the next step"
    ask(copy, "edit", patch={"training": {"learning_rate": 0.01}})
    assert not copy.frame(2, 0, 1)[0]["lab"]["looked"], "it has not looked at the changed run"


def test_a_diverged_run_still_has_a_lab() -> None:
    run = run_of(data="plane", training={"learning_rate": 1.7e308})
    run.assembly.network.parameters *= 10
    ask(run, "watch", instruments=["histograms"])
    ask(run, "play")
    run.advance(0.01, measured=True)
    assert run.state == "diverged"
    header, _ = run.frame(0, 0, 0)
    assert header["lab"]["step"] == run.step
