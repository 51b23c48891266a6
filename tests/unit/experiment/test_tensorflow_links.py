"""What a TensorFlow Playground link becomes trains as it does there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment

LINKS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "reference" / "tensorflow_links.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case["name"])
def test_what_the_page_makes_of_a_link_can_be_trained(case: dict[str, Any]) -> None:
    assembly = assemble(Experiment.parse(case["experiment"]))
    assembly.trainer.run(20)
    for layer, units in zip(assembly.network.layers, assembly.network.shapes, strict=True):
        assert layer.w.shape == (units.inputs, units.units)


def theirs(assembly: Assembly, epochs: int, batch: int, rate: float, l2: float) -> np.ndarray:
    """TensorFlow Playground's training, unit by unit and example by example as its nn.ts does it,
    from the same weights on the same points in the same order; the output layer's weights."""
    w = [layer.w.copy() for layer in assembly.network.layers]
    b = [layer.b.copy() for layer in assembly.network.layers]
    x, t = assembly.dataset.train.points, 2 * assembly.dataset.train.y[:, 0] - 1
    dw, db = [np.zeros_like(m) for m in w], [np.zeros_like(v) for v in b]
    seen = 0
    for _ in range(epochs):
        for i in range(len(x)):
            outputs = [x[i]]
            for weights, bias in zip(w, b, strict=True):
                total = [
                    bias[j] + sum(outputs[-1][k] * weights[k, j] for k in range(len(weights)))
                    for j in range(len(bias))
                ]
                outputs.append(np.tanh(total))
            der = outputs[-1] - t[i]
            for k in reversed(range(len(w))):
                input_der = der * (1 - outputs[k + 1] ** 2)
                dw[k] += np.outer(outputs[k], input_der)
                db[k] += input_der
                der = w[k] @ input_der
            seen += 1
            if seen == batch:
                for k in range(len(w)):
                    old = w[k].copy()
                    w[k] -= rate / batch * dw[k] + rate * l2 * old
                    b[k] -= rate / batch * db[k]
                    dw[k][...], db[k][...] = 0, 0
                seen = 0
    return w[-1]


def test_it_learns_number_for_number_as_tensorflow_playground_does() -> None:
    experiment = json.loads(json.dumps(LINKS[0]["experiment"]))
    experiment["data"] |= {"samples": 80, "noise": 0.2}
    experiment["training"] |= {"l2": 0.01, "learning_rate": 0.1}
    assembly = assemble(Experiment.parse(experiment))
    expected = theirs(assembly, epochs=4, batch=10, rate=0.1, l2=0.01)
    assembly.trainer.run(4 * 4)
    np.testing.assert_allclose(assembly.network.layers[-1].w, expected, rtol=1e-12)
    assert (np.abs(assembly.network.layers[0].b - 0.1) > 1e-4).all()
