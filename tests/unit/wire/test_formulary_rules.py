"""The formulas of what moves, draws and normalizes weights give the engine's numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from formulas import Reading, right_side, statements

from playground.base.arrays import Array
from playground.engine.initializers import INITIALIZERS
from playground.engine.normalization import EPSILON, NORMALIZATIONS, Scale
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.updates import Chunk, Clock
from playground.wire.formulary import FORMULARY
from playground.wire.mathml import tree

GRADIENTS: Array = np.array([[0.7, -1.3, 2e-3], [-0.4, -1.1, 5e-2], [0.9, 0.3, -0.6]])
RATE = 0.05

AVERAGES = {"β_1": 0.85, "β_2": 0.97}
UPDATES: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    # the settings, none at its default, and the letters that they are
    "sgd": ({"momentum": 0.8}, {"μ": 0.8}),
    "adagrad": ({"epsilon": 1e-2}, {"ε": 1e-2}),
    "rmsprop": ({"alpha": 0.9, "epsilon": 1e-2}, {"α": 0.9, "ε": 1e-2}),
    "adadelta": ({"rho": 0.8, "epsilon": 1e-3}, {"ρ": 0.8, "ε": 1e-3}),
    "adam": ({"beta1": 0.85, "beta2": 0.97, "epsilon": 1e-2}, {**AVERAGES, "ε": 1e-2}),
    "adamw": (
        {"beta1": 0.85, "beta2": 0.97, "epsilon": 1e-2, "weight_decay": 0.3},
        {**AVERAGES, "ε": 1e-2, "λ": 0.3},
    ),
    "nadam": (
        {"beta1": 0.85, "beta2": 0.97, "epsilon": 1e-2, "momentum_decay": 0.1},
        {**AVERAGES, "ε": 1e-2, "ψ": 0.1},
    ),
    "lion": ({"beta1": 0.85, "beta2": 0.97}, AVERAGES),
}


@pytest.mark.parametrize("name", OPTIMIZERS.names)
def test_an_update_is_as_written(name: str) -> None:
    settings, letters = UPDATES[name]
    made = OPTIMIZERS.make({"name": name, **settings})
    p, g = np.array([1.5, -0.2, 0.8]), np.empty(3)
    own = {state: np.zeros(3) for state in made.state}
    calls = made.bind(Clock(np.array(RATE)), [Chunk(p, g, np.empty(3), own)])
    lines = [statements(formula) for formula in FORMULARY["optimizer"][name].formulas]
    readings = [Reading(**letters, θ=at, η=RATE, m=0.0, v=0.0, u=0.0) for at in p]
    for step, gradient in enumerate(GRADIENTS, start=1):
        g[:] = gradient
        for call in calls:
            call()
        for k, reading in enumerate(readings):
            reading.letters |= {"t": step, "g": gradient[k]}
            if name == "nadam":
                _warm_up(reading, step)
            for line in lines:
                # What stands behind a comma says what a letter before it means.
                for letter, value in reversed(line):
                    reading.letters[letter] = reading.row(value)
        written = [reading.letters["θ"] for reading in readings]
        assert written == pytest.approx(p, rel=1e-12), f"step {step}"


def _warm_up(reading: Reading, step: int) -> None:
    """NAdam's momenta up to the coming step, by its own formula, and their products."""
    (letter, value), *_ = statements(FORMULARY["optimizer"]["nadam"].formulas[2])
    assert letter == "μ_t"
    momenta = []
    for t in range(1, step + 2):
        reading.letters["t"] = t
        momenta.append(reading.row(value))
    reading.letters |= {"t": step, "μ_1": momenta[0], "μ_t+1": momenta[-1]}
    reading.letters |= {"Π μ_t": math.prod(momenta[:-1]), "Π μ_t+1": math.prod(momenta)}


DRAWN: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "constant": ({"value": 0.3}, {"c": 0.3}),
    "normal": ({"deviation": 0.2}, {"s": 0.2}),
    "uniform": ({"limit": 0.7}, {"l": 0.7}),
    "scaled_normal": ({"weight_scale": 1.7, "bias_scale": 0.4}, {"σ_w": 1.7, "σ_b": 0.4}),
    "orthogonal": ({"gain": 1.3}, {"k": 1.3}),
}


@pytest.mark.parametrize("name", INITIALIZERS.names)
def test_weights_are_drawn_as_written(name: str) -> None:
    inputs, units = 240, 160
    settings, letters = DRAWN.get(name, ({}, {}))
    w, b = INITIALIZERS.make({"name": name, **settings})(np.random.default_rng(5), inputs, units)
    reading = Reading(i=inputs, o=units, **letters)
    for formula in FORMULARY["initializer"][name].formulas:
        nodes = tree(formula)[1:]
        drawn = b if nodes[0] == ["mi", "b"] else w
        kind = nodes[2][1] if nodes[1] == ["mo", "∼"] else nodes[-1][1]
        if kind == "I":
            square = reading.row([nodes[-2]])
            assert np.allclose(w.T @ w, square * np.eye(units), atol=1e-12)
        elif kind == "N":
            _, variance = reading.arguments(nodes[3])
            assert drawn.std() == pytest.approx(
                math.sqrt(variance), rel=0.02 if drawn is w else 0.2
            )
            assert abs(drawn.mean()) < 0.1 * math.sqrt(variance) * (1 if drawn is w else 3)
        elif kind == "U":
            if ["mo", ","] in nodes:
                reading.letters["l"] = reading.row(right_side(formula))
            low, high = reading.arguments(nodes[3])
            assert drawn.min() == pytest.approx(low, rel=1e-3)
            assert drawn.max() == pytest.approx(high, rel=1e-3)
            assert low <= drawn.min()
            assert drawn.max() <= high
            assert drawn.std() == pytest.approx((high - low) / math.sqrt(12), rel=0.02)
        else:
            assert np.all(drawn == reading.row(right_side(formula)))


@pytest.mark.parametrize(("name", "axis"), [("batch", 1), ("layer", 0)])
def test_a_normalization_is_as_written(name: str, axis: int) -> None:
    z = np.random.default_rng(3).normal(2.0, 1.5, (3, 7))  # units, examples
    gamma, beta = np.array([0.5, 1.5, -2.0]), np.array([0.1, -0.3, 0.7])
    scale = Scale(gamma, beta, *(np.zeros(3) for _ in range(4)))
    out = np.empty_like(z)
    for call in NORMALIZATIONS.make(name)(scale, z, out, np.empty_like(z), True).forward:
        call()
    written = right_side(FORMULARY["normalization"][name].formulas[0])
    mean, deviation = z.mean(axis, keepdims=True), z.std(axis, keepdims=True)
    for unit, example in np.ndindex(z.shape):
        place = (unit, 0) if axis == 1 else (0, example)
        reading = Reading(
            z=z[unit, example],
            γ=gamma[unit],
            β=beta[unit],
            μ=mean[place],
            σ=deviation[place],
            ε=EPSILON,
        )
        # A letter σ that is no function here.
        del reading.functions["σ"]
        assert reading.row(written) == pytest.approx(out[unit, example], rel=1e-12)
