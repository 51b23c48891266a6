"""Fifty steps beside PyTorch, in float64: the same losses and the same weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.cases import BATCH, CASES, STEPS, problem

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer

RECORDED = np.load(Path(__file__).parents[2] / "reference" / "pytorch.npz")


def trainer_of(case: dict[str, Any]) -> Trainer:
    x, y, weights = problem(case)
    phi = ACTIVATIONS.make(case.get("activation", "tanh"))
    zeros = INITIALIZERS.make("zeros")
    normalization = case.get("normalization")
    specs = [
        LayerSpec(
            len(b), phi, zeros,
            normalization=NORMALIZATIONS.make(normalization) if normalization else None,
            residual=case.get("residual") if len(w) == len(b) else None,
        )
        for w, b in weights[:-1]
    ]  # fmt: skip
    specs.append(LayerSpec(y.shape[1], ACTIVATIONS.make("linear"), zeros))
    network = Network(x.shape[1], specs)
    for layer, (w, b) in zip(network.layers, weights, strict=True):
        layer.w[...], layer.b[...] = w, b
    return Trainer(
        network, LOSSES.make(case.get("loss", "binary_cross_entropy")),
        OPTIMIZERS.make(case["optimizer"]), x, y,
        learning_rate=case["rate"], batch_size=BATCH, shuffle=False,
        **{k: case[k] for k in ("l1", "l2", "clip_value") if k in case},
    )  # fmt: skip


def losses_of(t: Trainer) -> list[float]:
    """Each step's batch loss, before its update."""
    losses = []
    for _ in range(STEPS):
        t.peek()
        _, y = t.batches.batch(t.position)
        losses.append(t.loss.value(t._tapes[BATCH].output.T, y.T))
        t.run(1)
    return losses


@pytest.mark.parametrize("name", CASES)
def test_fifty_steps_agree_with_pytorch(name: str) -> None:
    t = trainer_of(CASES[name])
    losses = losses_of(t)
    np.testing.assert_allclose(losses, RECORDED[f"{name}/losses"], rtol=0, atol=1e-9)
    for k, layer in enumerate(t.network.layers, start=1):
        np.testing.assert_allclose(layer.w, RECORDED[f"{name}/W{k}"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(layer.b, RECORDED[f"{name}/b{k}"], rtol=0, atol=1e-9)
        if layer.scale:
            for own in ("gamma", "beta"):
                recorded = RECORDED[f"{name}/{own}{k}"]
                np.testing.assert_allclose(getattr(layer.scale, own), recorded, rtol=0, atol=1e-9)
        if layer.scale and f"{name}/mean{k}" in RECORDED:
            for own in ("mean", "variance"):
                recorded = RECORDED[f"{name}/{own}{k}"]
                np.testing.assert_allclose(getattr(layer.scale, own), recorded, rtol=0, atol=1e-9)


def test_one_long_run_agrees_with_single_steps_bit_for_bit() -> None:
    one, many = trainer_of(CASES["adam"]), trainer_of(CASES["adam"])
    one.run(STEPS)
    for _ in range(STEPS):
        many.measured_step()
    assert one.network.parameters.tobytes() == many.network.parameters.tobytes()
    assert (one.step, one.epoch, one.position) == (many.step, many.epoch, many.position)


def test_every_optimizer_with_a_counterpart_in_pytorch_was_recorded() -> None:
    # Lion is not in PyTorch; test_optimizers.py holds it to its published rule.
    recorded = {CASES[name]["optimizer"]["name"] for name in CASES}
    assert recorded == set(OPTIMIZERS.names) - {"lion"}
