"""Backpropagation through networks that Hypothesis thinks up, against complex-step derivatives.

For an analytic loss, Im L(p + i·h·v)/h is the derivative along v to rounding, however small h: no
difference is taken that could cancel (Squire and Trapp 1998). The oracle is the textbook's forward
pass, an example a row, in complex numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import LayerSpec, Network
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer

PHI: dict[str, Any] = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "sin": np.sin,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "lecun_tanh": lambda z: 1.7159 * np.tanh(2 / 3 * z),
}
LOSS: dict[str, Any] = {
    "mse": lambda out, y: np.mean((out - y) ** 2),
    "half_squared_error": lambda out, y: 0.5 * np.mean(np.sum((out - y) ** 2, axis=1)),
    "binary_cross_entropy": lambda out, y: np.mean(np.log(1 + np.exp(out)) - y * out),
}

layers = st.fixed_dictionaries(
    {
        "units": st.integers(1, 6),
        "activation": st.sampled_from(sorted(PHI)),
        "normalization": st.sampled_from([None, None, "batch", "layer"]),
        "residual": st.sampled_from([None, None, 0.6, -1.3]),
    }
)


@settings(max_examples=150, deadline=None)
@given(
    hidden=st.lists(layers, max_size=7),
    loss=st.sampled_from(sorted(LOSS)),
    n=st.integers(2, 9),
    inputs=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_gradient_is_the_derivative_along_any_direction(
    hidden: list[dict[str, Any]], loss: str, n: int, inputs: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    outputs = 1 if loss == "binary_cross_entropy" else 2
    widths = [inputs, *(layer["units"] for layer in hidden)]
    kept = [  # a residual connection wants equal widths
        layer | {"residual": layer["residual"] if below == layer["units"] else None}
        for below, layer in zip(widths, hidden, strict=False)
    ]
    plain = {"activation": "linear", "normalization": None, "residual": None}
    described = [*kept, {"units": outputs, **plain}]
    network = Network(inputs, [_spec(layer) for layer in described], seed=seed)
    network.parameters += 0.2 * rng.standard_normal(len(network.parameters))
    x, y = rng.standard_normal((n, inputs)), rng.integers(0, 2, (n, outputs)).astype(float)
    trainer = Trainer(
        network, LOSSES.make(loss), OPTIMIZERS.make("sgd"), x, y,
        learning_rate=0.0, batch_size=n, shuffle=False,
    )  # fmt: skip
    trainer.peek()
    along = rng.standard_normal(len(network.parameters))
    step = 1e-30
    moved = _answer(x, network.parameters + 1j * step * along, described)
    expected = LOSS[loss](moved, y).imag / step
    size = np.linalg.norm(network.gradient) * np.linalg.norm(along)
    assert abs(network.gradient @ along - expected) <= 1e-9 * size + 1e-14


def _spec(layer: dict[str, Any]) -> LayerSpec:
    normalization = layer["normalization"]
    return LayerSpec(
        layer["units"],
        ACTIVATIONS.make(layer["activation"]),
        INITIALIZERS.make("lecun_normal"),
        normalization=NORMALIZATIONS.make(normalization) if normalization else None,
        residual=layer["residual"],
    )


def _answer(x: np.ndarray, flat: np.ndarray, described: list[dict[str, Any]]) -> np.ndarray:
    """The forward pass; a layer's parameters lie in order: W by rows, b, then γ and β."""
    h, at = x.astype(complex), 0

    def take(*shape: int) -> np.ndarray:
        nonlocal at
        start, at = at, at + int(np.prod(shape))
        return flat[start:at].reshape(shape)

    for layer in described:
        units, kind = layer["units"], layer["normalization"]
        z = h @ take(h.shape[1], units) + take(units)
        if kind:
            axis = 0 if kind == "batch" else 1
            mean = z.mean(axis=axis, keepdims=True)
            variance = ((z - mean) ** 2).mean(axis=axis, keepdims=True)
            z = (z - mean) / np.sqrt(variance + 1e-5) * take(units) + take(units)
        a = PHI[layer["activation"]](z)
        h = a if layer["residual"] is None else h + layer["residual"] * a
    return h
