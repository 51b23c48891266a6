"""A band beside a run: it follows the run's steps, begins and ends with it."""

from __future__ import annotations

import numpy as np
import pytest
from runs import advance, ask, run_of, train

from playground.base.errors import InputError
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.runtime import checkpoint
from playground.runtime.followed import quantiles
from playground.runtime.run import Run


def caught_up(run: Run, step: int) -> None:
    """Let the band reach the run's step."""
    for _ in range(1000):
        header = run.band.header()
        if header and header["step"] >= step:
            return
        run.band.follow(step, 0.01)
    raise AssertionError("the band never came")


def test_a_band_follows_the_run_and_tells_quantiles_of_its_seeds() -> None:
    run = run_of()
    ask(run, "band", seeds=5)
    train(run, 60)
    caught_up(run, 60)
    header, arrays = run.frame(0, 0, 0)
    assert header["lab"]["band"] == {"seeds": 5, "step": 60, "quantiles": [0, 0.1, 0.5, 0.9, 1]}
    losses = []
    for seed in range(5):
        alone = assemble(Experiment.parse({"seed": seed, "data": {"name": "circle", "seed": 0}}))
        alone.trainer.run(60)
        losses.append(alone.loss(alone.dataset.train))
    row = arrays["band_training_loss"][-1]
    np.testing.assert_allclose(row[[0, 2, 4]], np.sort(losses)[[0, 2, 4]], rtol=1e-6)
    assert arrays["band_step"][0] == 0
    assert arrays["band_delta_norm"].shape == (5, 3)
    # The run itself is one of the seeds.
    assert row[0] <= header["training_loss"] * (1 + 1e-6)  # type: ignore[operator]
    assert row[4] >= header["training_loss"] * (1 - 1e-6)  # type: ignore[operator]


def test_without_a_band_frames_say_nothing_of_it() -> None:
    header, arrays = run_of().frame(0, 0, 0)
    assert header["lab"]["band"] is None
    assert not [name for name in arrays if name.startswith("band")]


def test_a_band_ends_with_the_experiment_it_was_begun_for() -> None:
    run = run_of()
    ask(run, "band", seeds=3)
    ask(run, "pause")
    assert run.band.seeds == 3
    ask(run, "edit", patch={"training": {"learning_rate": 0.1}})
    assert run.frame(0, 0, 0)[0]["lab"]["band"] is None
    assert "band" in run.notices[-1]["text"]


def test_a_reset_begins_the_band_anew() -> None:
    run = run_of()
    ask(run, "band", seeds=3)
    ask(run, "play")
    advance(run, 5)
    ask(run, "reset")
    assert run.frame(0, 0, 0)[0]["lab"]["band"]["step"] == 0  # type: ignore[index]
    ask(run, "band", seeds=0)
    assert run.frame(1, 0, 1)[0]["lab"]["band"] is None


def test_what_a_band_can_not_do_is_refused_and_the_run_goes_on() -> None:
    run = run_of(network={"hidden": [{"units": 4, "dropout": 0.2}]})
    with pytest.raises(InputError, match="layer 1 has"):
        ask(run, "band", seeds=3)
    train(run, 3)
    assert run.step == 3


def test_a_band_outlives_the_worker() -> None:
    run = run_of()
    ask(run, "band", seeds=3)
    train(run, 20)
    copy = checkpoint.unpack(*checkpoint.pack(run))
    caught_up(copy, 20)
    assert copy.band.seeds == 3


def test_quantiles_count_what_is_not_finite_as_largest() -> None:
    found = quantiles(np.array([3.0, np.nan, 1.0, 2.0, np.inf]))
    np.testing.assert_array_equal(found[:3], [1.0, 1.0, 3.0])
    assert np.isnan(found[3:]).all()
