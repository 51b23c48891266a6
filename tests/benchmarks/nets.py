"""The nets that are timed, from tiny to wide: letters as in the manual's page on speed.

All contenders train the same net on the same kind of data: `EXAMPLES` random points (a whole number
of batches), logits against two classes, or ten where the net has ten outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Net:
    """`widths` from the inputs to the outputs; `adam`, else plain SGD."""

    title: str
    widths: tuple[int, ...]
    activation: str
    batch: int
    adam: bool

    def data(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x (n, inputs), y (n, outputs): 0 or 1, or one-hot."""
        rng = np.random.default_rng(0)
        n = self.batch * max(2, 240 // self.batch)
        x = rng.normal(size=(n, self.widths[0]))
        classes = self.widths[-1]
        if classes == 1:
            return x, (np.hypot(x[:, :1], x[:, 1:2]) < 1).astype(float)
        return x, np.eye(classes)[rng.integers(classes, size=n)]

    def weights(self) -> list[NDArray[np.float64]]:
        """A first w (inputs, units) for each layer, of variance 1/inputs."""
        rng = np.random.default_rng(1)
        pairs = zip(self.widths, self.widths[1:], strict=False)
        return [rng.normal(size=(i, o)) / np.sqrt(i) for i, o in pairs]


RATE = 0.003

NETS = {
    "a": Net("2-4-2-1 tanh, batch 10, SGD", (2, 4, 2, 1), "tanh", 10, False),
    "b": Net("7-8×6-1 ReLU, batch 30, Adam", (7, *[8] * 6, 1), "relu", 30, True),
    "c": Net("2-64-64-1 tanh, batch 32, Adam", (2, 64, 64, 1), "tanh", 32, True),
    "d": Net("2-8×30-1 sigmoid, batch 10, SGD", (2, *[8] * 30, 1), "sigmoid", 10, False),
    "e": Net("64-256-256-10 ReLU, batch 64, Adam", (64, 256, 256, 10), "relu", 64, True),
    "f": Net("784-512-512-10 ReLU, batch 256, Adam", (784, 512, 512, 10), "relu", 256, True),
    "g": Net("2-64×50-1 tanh, batch 64, SGD", (2, *[64] * 50, 1), "tanh", 64, False),
}
