"""Pictures in single precision show the network that trains in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.telemetry.likeness import Likeness


def likeness(**network: Any) -> tuple[Any, Likeness]:
    made = assemble(Experiment.parse({"network": network})).network
    return made, Likeness(made)


def test_it_shows_the_weights_and_statistics_of_now() -> None:
    network, twin = likeness(hidden=[{"units": 3, "normalization": "batch"}])
    x = np.array([[0.5, -2.0], [3.0, 1.0]])
    twin.answers(lambda n: [n.predict(x)])
    rng = np.random.default_rng(1)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    network.statistics = rng.uniform(0.5, 2, size=network.statistics.size)
    [found] = twin.answers(lambda n: [n.predict(x)])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, network.predict(x), rtol=1e-5)


def test_what_single_precision_cannot_hold_is_asked_of_the_network_itself() -> None:
    network, twin = likeness(hidden=[{"units": 2, "activation": "linear"}])
    network.layers[0].w[...] = 1e30
    network.layers[1].w[...] = 1e20
    x = np.array([[1.0, 1.0]])
    [found] = twin.answers(lambda n: [n.predict(x)])
    np.testing.assert_allclose(found, [[4e50]], rtol=1e-12)
