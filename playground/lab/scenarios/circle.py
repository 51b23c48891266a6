"""What the scenarios of depth share: the circle, and networks of many equal layers on it."""

from __future__ import annotations

from typing import Any

from playground.lab.scenarios.script import Command, edit

CIRCLE: dict[str, Any] = {"name": "circle", "samples": 400}
"""200 examples to learn from."""
READOUT = {"initializer": "lecun_normal"}


def training(rate: float, batch: int = 200, **more: Any) -> dict[str, Any]:
    """At this rate, all examples in one batch unless asked otherwise."""
    return {"learning_rate": rate, "batch_size": batch, **more}


def deep(layers: list[dict[str, Any]], rate: float = 0.05, **more: Any) -> dict[str, Any]:
    """An experiment of such hidden layers on the circle."""
    return {
        "data": CIRCLE,
        "network": {"hidden": layers, "output": READOUT},
        "training": training(rate, **more),
    }


def hidden(layers: list[dict[str, Any]], **training: Any) -> Command:
    """Other hidden layers, and maybe another training: one edit."""
    network = {"network": {"hidden": layers}}
    return edit(**network, **({"training": training} if training else {}))
