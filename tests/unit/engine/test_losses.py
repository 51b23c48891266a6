"""Losses against what a pencil finds."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.losses import LOSSES
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.telemetry.surface import Plane


def test_signed_squared_error_is_tensorflow_playgrounds() -> None:
    """Its errorFunction SQUARE: ½(output − target)², the targets −1 and 1."""
    loss = LOSSES.make("signed_squared_error")
    out, y = np.array([[0.5], [-0.25], [1.0]]), np.array([[1.0], [0.0], [0.0]])
    # ½·0.25, ½·0.5625, ½·4; their mean.
    assert loss.value(out, y) == pytest.approx((0.125 + 0.28125 + 2.0) / 3)
    d = np.empty((1, 3))
    for call in loss.gradient(out.T, y.T, d):
        call()
    np.testing.assert_allclose(d, [[-0.5 / 3, 0.75 / 3, 2.0 / 3]])


def test_between_signed_classes_lies_zero() -> None:
    """In the accuracy and on the picture."""
    assembly = assemble(
        Experiment.parse(
            {
                "data": "gauss",
                "network": {"output": {"activation": "tanh"}},
                "training": {"loss": "signed_squared_error"},
            }
        )
    )
    assembly.trainer.run(300)
    _, metrics = assembly.evaluate(assembly.dataset.train)
    assert metrics["accuracy"] == 1.0
    surface = Plane(assembly.dataset, assembly.network, assembly.trainer.loss).surface()
    # The first row is the top; class 1 lies at (2, 2), class 0 at (-2, -2).
    assert surface.surface[0, -1] > 240
    assert surface.surface[-1, 0] < 15
