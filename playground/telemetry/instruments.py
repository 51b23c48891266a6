"""The gradient lab's instruments beyond the norms: shares, distributions, distance from the start.

All are of the network as it is, in evaluation mode, on a sample of the training set; what they
cost is paid when they are read, never in a step. A unit's slope is held against the steepest slope
of its activation, so that all activations are judged by one measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.engine.network import Network
from playground.engine.norms import l2_norm
from playground.engine.params import views
from playground.engine.rules import Activation
from playground.telemetry.evaluation import chunk_size
from playground.telemetry.probes import value_histograms

Bytes = npt.NDArray[np.uint8]

EXAMPLES = 256
SATURATED_SLOPE = 0.05
"""Of the steepest slope: below it an example saturates a unit (|tanh| > 0.975)."""
DEAD_SLOPE = 0.01
"""Of the steepest slope: a unit that stays below it on every example is dead."""
_VALUES_MOST = 20_000
"""Of one layer's weights, as many are counted."""


@dataclass(frozen=True)
class Shares:
    """One entry per weight layer, input side first, the output layer last."""

    saturated: Array
    """Of all units and examples; NaN where φ has not two flat ends."""
    dead: Array
    """Of the units."""


@dataclass(frozen=True)
class Distribution:
    """Counts (layers, bins), each layer's fullest bin 255, and the range that each layer's bins
    cover."""

    counts: Bytes
    ranges: list[list[float]]


@dataclass(frozen=True)
class Reading:
    """What the instruments showed after step `step`."""

    step: int
    shares: Shares
    untrained: Shares
    weight_change: Array
    """‖w − w₀‖/‖w₀‖ per layer, w₀ as it was drawn; NaN where ‖w₀‖ = 0 and w has moved."""
    distributions: dict[str, Distribution] = field(default_factory=dict)


class Untrained:
    """The network as its seed draws it: what it would measure untrained, on the same sample."""

    def __init__(self, network: Network, seed: int, sample: Array) -> None:
        twin = Network(network.inputs, network.specs, seed=seed, dtype=network.dtype.name)  # type: ignore[arg-type]
        self.parameters = twin.parameters
        self.shares = shares(twin, sample)

    def change(self, network: Network) -> Array:
        """How far each layer's weights are from here, relative to their norm."""
        found = []
        with np.errstate(all="ignore"):
            for layer, own in zip(
                network.layers, views(self.parameters, network.shapes), strict=True
            ):
                size, moved = l2_norm(own.w), l2_norm(layer.w - own.w)
                found.append(moved / size if size else (0.0 if moved == 0 else np.nan))
        return np.array(found)


def sample_of(network: Network, x: Array) -> Array:
    """The examples that the instruments look at."""
    return x[: min(EXAMPLES, chunk_size(network))]


def read(
    network: Network, sample: Array, untrained: Untrained, step: int, *, distributions: bool
) -> Reading:
    """All instruments; the distributions only where they are asked for."""
    found = _distributions(network, sample) if distributions else {}
    return Reading(
        step, shares(network, sample), untrained.shares, untrained.change(network), found
    )


def shares(network: Network, x: Array) -> Shares:
    """Saturated and dead shares of each layer on x (n, inputs)."""
    saturated, dead = [], []
    for layer, slope in zip(network.layers, network.slopes(x), strict=True):
        steepest, is_bounded = _steepness(layer.activation)
        size = np.abs(slope)
        low = float((size < SATURATED_SLOPE * steepest).mean())
        saturated.append(low if is_bounded else np.nan)
        dead.append(float((size < DEAD_SLOPE * steepest).all(axis=0).mean()))
    return Shares(np.array(saturated), np.array(dead))


def _distributions(network: Network, x: Array) -> dict[str, Distribution]:
    """z on x; weights; and dw of the last step, as it was applied."""
    layers = network.layers
    of = {
        "z": network.pre_activations(x),
        "weight": _thinned([layer.w for layer in layers]),
        "weight_gradient": _thinned([layer.dw for layer in layers]),
    }
    return {name: Distribution(*value_histograms(values)) for name, values in of.items()}


def _thinned(arrays: Sequence[Array]) -> list[Array]:
    """At most so many values of each, evenly taken."""
    return [a.ravel()[:: -(-a.size // _VALUES_MOST)] for a in arrays]


@lru_cache(maxsize=64)
def _steepness(phi: Activation) -> tuple[float, bool]:
    """The largest |φ′|, and whether φ is flat at both ends."""
    slope = np.abs(phi.slope(np.linspace(-8, 8, 321)))
    steepest = float(slope.max())
    ends = np.abs(phi.slope(np.array([-30.0, 30.0])))
    return steepest, bool(ends.max() < DEAD_SLOPE * steepest)
