"""What the coach asks of the data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from playground.engine.losses import LOSSES
from playground.lab.coach.facts import chance_loss

RNG = np.random.default_rng(8)
TARGETS = {
    "binary": (RNG.random((60, 1)) < 0.7).astype(float),
    "multiclass": np.eye(3)[RNG.choice(3, 60, p=[0.6, 0.3, 0.1])],
    "regression": RNG.exponential(2.0, (60, 2)) * [1.0, -3.0],  # far from symmetric
}


@pytest.mark.parametrize(
    ("name", "task"), [(part.name, task) for part in LOSSES for task in sorted(part.make().tasks)]
)
def test_no_constant_answer_is_better_than_the_best_one(name: str, task: str) -> None:
    loss, y = LOSSES.make(name), TARGETS[task]

    def of(constant: np.ndarray) -> float:
        return loss.value(np.broadcast_to(constant, y.shape), y)

    found = [minimize(of, start, method="Nelder-Mead") for start in (y.mean(axis=0), -y[0])]
    best = min(each.fun for each in found)
    assert best == pytest.approx(chance_loss(loss, y), rel=0.005)
