"""Saturated and dead shares, distributions, and how far the weights have come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment
from playground.telemetry.instruments import Untrained, read, sample_of, shares


def assembled(**experiment: Any) -> Assembly:
    return assemble(Experiment.parse(experiment))


def stack(activation: str, units: int = 8, depth: int = 2, **layer: Any) -> dict[str, Any]:
    return {"hidden": [{"units": units, "activation": activation, **layer}] * depth}


def test_a_tanh_is_saturated_where_its_square_is_nearly_one() -> None:
    assembly = assembled(network=stack("tanh", initializer={"name": "normal", "deviation": 2.0}))
    x = assembly.dataset.train.x
    found = shares(assembly.network, x)
    for k, a in enumerate(assembly.network.activations(x)[:-1]):
        assert found.saturated[k] == pytest.approx((a**2 > 0.95).mean())
    assert 0.2 < found.saturated[0] < 0.8


def test_a_sigmoid_is_saturated_where_p_times_one_minus_p_is_small() -> None:
    init = {"name": "normal", "deviation": 5.0}
    assembly = assembled(network=stack("sigmoid", initializer=init))
    x = assembly.dataset.train.x
    found = shares(assembly.network, x)
    a = assembly.network.activations(x)[0]
    assert found.saturated[0] == pytest.approx((a * (1 - a) < 0.05 / 4).mean())
    assert found.saturated[0] > 0.2


def test_only_what_has_two_flat_ends_can_be_saturated() -> None:
    for activation in ("relu", "elu", "linear", "sin", "gelu"):
        assembly = assembled(network=stack(activation))
        assert np.isnan(shares(assembly.network, assembly.dataset.train.x).saturated).all()
    for activation in ("tanh", "sigmoid", "softsign", "hard_tanh", "lecun_tanh"):
        assembly = assembled(network=stack(activation))
        found = shares(assembly.network, assembly.dataset.train.x).saturated
        assert np.isfinite(found[:-1]).all()


def test_a_relu_that_no_example_wakes_is_dead() -> None:
    assembly = assembled(network=stack("relu", units=8))
    x = assembly.dataset.train.x
    assembly.network.layers[0].b[[1, 4, 5]] = -100.0
    a = assembly.network.activations(x)[0]
    expected = (a == 0).all(axis=0).mean()
    assert expected >= 3 / 8
    assert shares(assembly.network, x).dead[0] == expected


def test_a_deep_he_network_has_a_third_of_its_last_layer_inactive_untrained() -> None:
    # The reference: about 38 % at width 64 and depth 30, on 2-D data.
    last = []
    for seed in range(6):
        network = stack("relu", units=64, depth=30, initializer="he_normal")
        assembly = assembled(seed=seed, network=network)
        last.append(shares(assembly.network, assembly.dataset.train.x).dead[-2])
    assert np.mean(last) == pytest.approx(0.38, abs=0.08)


def test_the_untrained_shares_stay_those_of_the_first_weights() -> None:
    assembly = assembled(
        network=stack("relu", units=16), training={"learning_rate": 2.0}, data="xor"
    )
    network, sample = assembly.network, assembly.dataset.train.x
    first = shares(network, sample)
    assembly.trainer.run(300)
    untrained = Untrained(network, assembly.seed, sample)
    np.testing.assert_array_equal(untrained.shares.dead, first.dead)
    now = shares(network, sample)
    assert (now.dead != first.dead).any()


def test_the_change_of_weights_is_relative_to_what_was_drawn() -> None:
    assembly = assembled(seed=3)
    network = assembly.network
    untrained = Untrained(network, 3, assembly.dataset.train.x)
    np.testing.assert_array_equal(untrained.change(network), 0)
    network.layers[1].w[...] *= 1.25
    np.testing.assert_allclose(untrained.change(network), [0, 0.25, 0])


def test_weights_that_began_at_zero_have_no_relative_change() -> None:
    assembly = assembled(network=stack("tanh", initializer="zeros"))
    network = assembly.network
    untrained = Untrained(network, 0, assembly.dataset.train.x)
    network.layers[0].w[0, 0] = 1.0
    change = untrained.change(network)
    assert np.isnan(change[0])
    assert change[1] == 0


def test_distributions_are_of_z_weights_and_the_last_gradient() -> None:
    assembly = assembled(network=stack("tanh", units=6))
    assembly.trainer.run(5)
    network = assembly.network
    x = sample_of(network, assembly.dataset.train.x)
    untrained = Untrained(network, 0, x)
    assert read(network, x, untrained, 5, distributions=False).distributions == {}
    found = read(network, x, untrained, 5, distributions=True).distributions
    h = network.activations(x)[0].copy()
    of = {
        "z": h @ network.layers[1].w + network.layers[1].b,
        "weight": network.layers[1].w,
        "weight_gradient": network.layers[1].dw,
    }
    for name, values in of.items():
        low, high = found[name].ranges[1]
        expected, _ = np.histogram(values, bins=41, range=(low, high))
        np.testing.assert_array_equal(
            found[name].counts[1], np.ceil(expected * 255 / expected.max())
        )


def test_z_is_what_comes_before_normalization() -> None:
    assembly = assembled(network=stack("relu", normalization="batch"))
    x = assembly.dataset.train.x
    layer = assembly.network.layers[0]
    np.testing.assert_allclose(assembly.network.pre_activations(x)[0], x @ layer.w + layer.b)


@pytest.mark.parametrize("activation", ["tanh", "gelu", "relu"])
def test_slopes_are_those_of_the_answers(activation: str) -> None:
    assembly = assembled(network=stack(activation, residual=None))
    x, h = assembly.dataset.train.x, 1e-6
    phi = assembly.network.layers[1].activation
    z = assembly.network.pre_activations(x)[1]
    numeric = (phi.value(z + h) - phi.value(z - h)) / (2 * h)
    np.testing.assert_allclose(assembly.network.slopes(x)[1], numeric, atol=1e-5)
