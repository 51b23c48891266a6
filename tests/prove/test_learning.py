"""What the page must be able to learn in front of an audience."""

from __future__ import annotations

import pytest
from driver import Playground

SPIRAL = {
    "data": {"name": "spiral", "train_fraction": 0.8},
    "network": {"hidden": [{"units": 16, "activation": "tanh"}] * 2},
    "training": {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 25},
}


@pytest.mark.parametrize("seed", range(5))
def test_the_spiral_is_learned_within_500_epochs(playground: Playground, seed: int) -> None:
    playground.open({**SPIRAL, "seed": seed})
    playground.control("slider", "Speed").fill("1000")
    playground.play()
    playground.wait_for_metric("test_loss", below=0.2, ms=60_000)
    assert playground.metric("epoch") <= 500
    drawn = [entry["step"] for entry in playground.diary() if entry["state"] == "running"]
    assert len(drawn) > 20, "it was learned behind the curtain"


@pytest.mark.parametrize("seed", range(5))
def test_the_default_experiment_is_learned(playground: Playground, seed: int) -> None:
    playground.open({"seed": seed}).play_fast()
    playground.wait_for_metric("test_loss", below=0.05, ms=60_000)
