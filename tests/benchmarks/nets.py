"""The nets that are timed: letters as in the project's table of figures, from tiny to wide."""

from __future__ import annotations

from typing import Any

SEVEN = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]


def _net(
    widths: list[int],
    activation: str,
    batch_size: int,
    optimizer: str,
    features: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "data": {"name": "circle", "features": features or ["x1", "x2"]},
        "network": {"hidden": [{"units": units, "activation": activation} for units in widths]},
        "training": {"optimizer": optimizer, "batch_size": batch_size, "learning_rate": 0.003},
        **more,
    }


NETS: dict[str, dict[str, Any]] = {
    "a": _net([4, 2], "tanh", 10, "sgd"),
    "b": _net([8] * 6, "relu", 30, "adam", SEVEN),
    "c": _net([64, 64], "tanh", 32, "adam"),
    "d": _net([8] * 30, "sigmoid", 10, "sgd"),
    "g": _net([64] * 50, "tanh", 64, "sgd"),
}
TITLES = {
    "a": "2-4-2-1 tanh, batch 10, SGD",
    "b": "7-8×6-1 ReLU, batch 30, Adam",
    "c": "2-64-64-1 tanh, batch 32, Adam",
    "d": "2-8×30-1 sigmoid, batch 10, SGD",
    "g": "2-64×50-1 tanh, batch 64, SGD",
}
STEPS = {"a": 40_000, "b": 12_000, "c": 10_000, "d": 4_000, "g": 250}
"""About a third of a second each on a small machine."""
EXAMPLES = 250


def widths(net: dict[str, Any]) -> list[int]:
    """Inputs, hidden layers, output."""
    hidden = [layer["units"] for layer in net["network"]["hidden"]]
    return [len(net["data"]["features"]), *hidden, 1]
