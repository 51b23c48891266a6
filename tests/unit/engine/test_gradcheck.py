"""The gradient check: it passes on whatever an experiment can hold, and finds what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.base.errors import DivergedError
from playground.engine import gradcheck as gradcheck_module
from playground.engine.activations import ACTIVATIONS
from playground.engine.gradcheck import gradcheck
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment

SETS = ["circle", "xor", "spiral", "blobs", "plane", "sine", "iris", "multi_gauss"]


def random_experiment(seed: int) -> dict[str, Any]:
    """Any data, depth, width, part, penalty and batch size, small enough to check in a moment."""
    rng = np.random.default_rng(seed)

    def pick(choices: list[Any]) -> Any:
        return choices[rng.integers(len(choices))]

    data: dict[str, Any] = {"name": pick(SETS), "train_fraction": 0.4}
    if data["name"] != "iris":
        data["samples"] = 40
    shape = Experiment.parse({"data": data}).shape
    assert shape is not None
    hidden: list[dict[str, Any]] = []
    width = shape.inputs
    for _ in range(rng.integers(5)):
        units = width if rng.random() < 0.5 and width <= 6 else int(rng.integers(1, 7))
        skips = units == width and rng.random() < 0.6
        hidden.append(
            {
                "units": units,
                "activation": pick(ACTIVATIONS.names),
                "initializer": pick(INITIALIZERS.names),
                "dropout": pick([0.0, 0.0, 0.3]),
                "normalization": pick([None, None, "batch", "layer"]),
                "residual": {"scale": float(rng.uniform(-1, 2))} if skips else None,
            }
        )
        width = units
    loss = pick([part.name for part in LOSSES if shape.task in part.make().tasks])
    squashed = not LOSSES.make(loss).needs_linear_output
    output = {
        "activation": pick(ACTIVATIONS.names) if squashed else "linear",
        "initializer": pick(INITIALIZERS.names),
    }
    training = {
        "loss": loss,
        "optimizer": pick(OPTIMIZERS.names),
        "learning_rate": 0.01,
        "batch_size": int(rng.integers(1, 9)),
        "l1": pick([0.0, 0.02]),
        "l2": pick([0.0, 0.1]),
        "clip_norm": pick([None, 0.1]),
        "clip_value": pick([None, 0.1]),
    }
    return {
        "seed": seed,
        "data": data,
        "network": {"hidden": hidden, "output": output},
        "training": training,
    }


def trainer(**given: Any) -> Trainer:
    return assemble(Experiment.parse(given)).trainer


# 315: a dead ReLU at the output wakes whichever way a weight of the second layer is moved.
@pytest.mark.parametrize("seed", [*range(200), 315])
def test_the_gradient_of_a_random_experiment_is_right(seed: int) -> None:
    t = trainer(**random_experiment(seed))
    t.run(3)
    found = gradcheck(t, tolerance=1e-6)
    for layer in found.layers:  # none is excused for doubtful differences
        assert layer.error <= 1e-6 or (layer.is_faint and layer.absolute_error <= 1e-10), layer
    assert sum(layer.checked for layer in found.layers) > 0


DEEP = {
    "network": {"hidden": [{"units": 6, "activation": "tanh"}] * 3},
    "training": {"l2": 0.1, "l1": 0.01, "clip_norm": 1e-3},
}


@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_a_wrong_gradient_is_found_in_its_layer(
    layer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Trainer.peek

    def spoilt(self: Trainer) -> Any:
        norms = right(self)
        self.network.layers[layer].dw[0, 0] *= 1.01
        return norms

    t = trainer(**DEEP)
    assert gradcheck(t).is_right
    monkeypatch.setattr(Trainer, "peek", spoilt)
    found = gradcheck(t)
    assert not found.is_right
    wrong = [c.layer for c in found.layers if not c.is_right(found.tolerance)]
    assert wrong == [layer + 1]
    assert found.worst > 1e-6


def test_checking_leaves_the_trainer_as_it_was() -> None:
    hidden = [{"units": 6, "dropout": 0.3, "normalization": "batch"}] * 2
    checked, other = (trainer(network={"hidden": hidden}) for _ in range(2))
    for t in (checked, other):
        t.run(7)
    gradcheck(checked)
    for t in (checked, other):
        t.run(7)
    assert checked.network.parameters.tobytes() == other.network.parameters.tobytes()
    assert checked.network.statistics.tobytes() == other.network.statistics.tobytes()


def test_a_float32_network_is_checked_in_float64() -> None:
    found = gradcheck(trainer(dtype="float32"))
    assert found.worst < 1e-9


def test_a_faint_gradient_is_judged_by_its_absolute_error() -> None:
    found = gradcheck(trainer(network={"hidden": [{"units": 6, "activation": "sigmoid"}] * 12}))
    first, last = found.layers[0], found.layers[-1]
    assert first.is_faint
    assert not last.is_faint
    # Relatively it may look wrong: 3e-9 is below what differences of a loss near 1 can resolve.
    assert first.absolute_error < 1e-10
    assert found.is_right


def test_of_a_large_layer_a_sample_is_checked_another_for_each_seed() -> None:
    t = trainer(network={"hidden": [{"units": 30}, {"units": 30}]})
    found = gradcheck(t, coordinates=20)
    assert [layer.parameters for layer in found.layers] == [90, 930, 31]
    assert [layer.checked for layer in found.layers] == [20, 20, 20]
    assert found.layers[1].norm != gradcheck(t, coordinates=20, seed=1).layers[1].norm


def test_what_stands_at_a_kink_is_left_out_and_counted() -> None:
    # All weights 0: every unit stands at the ReLU's kink whatever the first layer's weight does.
    hidden = [{"units": 3, "activation": "relu", "initializer": "zeros"}]
    found = gradcheck(trainer(network={"hidden": hidden}))
    assert (found.layers[0].checked, found.layers[0].left_out) == (0, 9)
    assert found.is_right


def test_a_loss_that_is_not_finite_is_said_to_be() -> None:
    t = trainer(training={"loss": "mse"})
    t.network.parameters[...] = 1e200
    with pytest.raises(DivergedError, match="loss"):
        gradcheck(t)


def test_a_weight_near_the_kink_of_l1_is_left_out_unless_it_is_zero() -> None:
    t = trainer(training={"l1": 0.5})
    t.network.layers[0].w[0] = [1e-7, 0.0, 0.5, -0.5]
    found = gradcheck(t)
    assert [layer.left_out for layer in found.layers] == [1, 0, 0]
    assert found.is_right


def test_no_layer_is_called_wrong_for_differences_that_do_not_settle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    smooth = gradcheck_module._Twin.objective

    def rippled(self: gradcheck_module._Twin) -> float:
        # Too fine for any step, and flat where the gradient is taken.
        ripples = np.sin(1e7 * (self.network.parameters - at)) ** 3
        return smooth(self) + 1e-4 * float(ripples.sum())

    t = trainer(**DEEP)
    at = t.network.parameters.copy()
    monkeypatch.setattr(gradcheck_module._Twin, "objective", rippled)
    found = gradcheck(t)
    assert found.is_right
    assert not any(layer.is_settled(found.tolerance) for layer in found.layers)
    assert all(layer.absolute_error <= layer.doubt for layer in found.layers)
