"""The network over the plane of a 2-D data set: the output on a fine grid, units on small ones.

Grids are of cell centres over the data set's extent; row 0 is the top (x2 high), column 0 the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.data.dataset import Dataset
from playground.engine.losses import Loss
from playground.engine.network import Network
from playground.telemetry.evaluation import answers
from playground.telemetry.frames import SurfaceScale

Bytes = npt.NDArray[np.uint8]

RESOLUTIONS = (64, 48, 32, 24, 16)
_BUDGET_NS = 6e6
_NS_PER_PARAMETER, _NS_PER_UNIT = 0.15, 2.5
"""What one point costs, roughly: a product and a sum a parameter, an activation a unit."""

# (units on the picture, side of a tile): the first whose units suffice; beyond, there are no tiles.
TILE_SIDES = ((60, 16), (250, 12), (1200, 8))


@dataclass(frozen=True)
class Surface:
    """The answer as bytes: value = low + (high − low)·u/255, or the class's index."""

    scale: SurfaceScale
    surface: Bytes
    confidence: Bytes | None = None
    """Several classes: the probability of the one that is largest, 255 = certain."""


@dataclass(frozen=True)
class Tiles:
    """Every unit's map, inputs first, output last: value = (u − 128)/127 · scale of its layer."""

    tiles: Bytes
    tile_scale: Array


class Plane:
    """The grids of one data set, as inputs for one network."""

    def __init__(self, dataset: Dataset, network: Network, loss: Loss) -> None:
        assert dataset.extent is not None
        self._network, self._loss, self._task = network, loss, dataset.task
        low, high = dataset.extent
        self.extent = [low, high, low, high]
        self.resolution = resolution_for(network)
        self.tile = tile_side(network)
        self._inputs = dataset.inputs(grid(self.extent, self.resolution))
        self._tile_inputs = dataset.inputs(grid(self.extent, self.tile)) if self.tile else None
        self._reach = _reach([dataset.train.y, dataset.test.y])

    def surface(self) -> Surface:
        """The network's answer on the fine grid."""
        side = (self.resolution, self.resolution)
        with np.errstate(all="ignore"):
            outputs = answers(self._network, self._inputs)
            if self._task == "multiclass":
                winner, sure = _classes(outputs, self._loss.needs_linear_output)
                scale = self._scale("multiclass", 0.0, 255.0)
                return Surface(scale, winner.reshape(side), sure.reshape(side))
            if self._task == "binary":
                value = _signed(outputs[:, 0], self._loss)
                scale = self._scale("binary", -1.0, 1.0)
            else:
                value = outputs[:, 0]
                scale = self._scale("regression", -self._reach, self._reach)
            coded = (value - scale["low"]) / (scale["high"] - scale["low"])
            return Surface(scale, _bytes(255 * coded).reshape(side))

    def tiles(self) -> Tiles | None:
        """Every unit's map on the small grid; None for a network with too many units."""
        if self._tile_inputs is None:
            return None
        side = self.tile
        with np.errstate(all="ignore"):
            layers = [self._tile_inputs, *self._network.activations(self._tile_inputs)]
            units = sum(a.shape[1] for a in layers)
            value, scale = np.empty((units, side * side)), np.empty(units, np.float32)
            start = 0
            for a in layers:
                end = start + a.shape[1]
                largest = max(1.0, float(a.max()), -float(a.min()))
                largest = largest if isfinite(largest) else 1.0
                np.multiply(a.T, 127 / largest, out=value[start:end])
                scale[start:end] = largest
                start = end
            return Tiles(_bytes(value + 128).reshape(-1, side, side), scale)

    def _scale(self, kind: Any, low: float, high: float) -> SurfaceScale:
        return {
            "resolution": self.resolution,
            "low": low,
            "high": high,
            "extent": self.extent,
            "kind": kind,
        }


def grid(extent: Sequence[float], side: int) -> Array:
    """Cell centres (side², 2) of [x1 low, x1 high, x2 low, x2 high], the top row first."""
    centres = (np.arange(side) + 0.5) / side
    x1 = extent[0] + (extent[1] - extent[0]) * centres
    x2 = extent[3] - (extent[3] - extent[2]) * centres
    return np.stack(np.broadcast_arrays(x1[None, :], x2[:, None]), axis=-1).reshape(-1, 2)


def resolution_for(network: Network) -> int:
    """The finest resolution whose surface stays within a few milliseconds."""
    units = sum(layer.units for layer in network.layers)
    cost_ns = _NS_PER_PARAMETER * len(network.parameters) + _NS_PER_UNIT * units
    return next((r for r in RESOLUTIONS if r * r * cost_ns <= _BUDGET_NS), RESOLUTIONS[-1])


def tile_side(network: Network) -> int:
    """The side of a unit's tile; 0 where there are too many units to draw one each."""
    units = network.inputs + sum(layer.units for layer in network.layers)
    return next((side for most, side in TILE_SIDES if units <= most), 0)


def _reach(targets: Sequence[Array]) -> float:
    """Regression targets lie within ± this."""
    return max((float(np.abs(y).max(initial=0.0)) for y in targets), default=0.0) or 1.0


def _signed(out: Array, loss: Loss) -> Array:
    """A single output as an answer from −1 to 1."""
    if loss.needs_linear_output:
        return np.asarray(np.tanh(out / 2))  # 2·sigmoid(z) − 1
    return out if loss.is_signed else 2 * out - 1


def _classes(outputs: Array, is_logit: bool) -> tuple[Bytes, Bytes]:
    winner = outputs.argmax(axis=1).astype(np.uint8)
    best = outputs.max(axis=1)
    sure = 1 / np.exp(outputs - best[:, None]).sum(axis=1) if is_logit else best
    return winner, _bytes(255 * sure)


def _bytes(values: Array) -> Bytes:
    """Rounded into 0 … 255; what is no number becomes 0."""
    # fmax and fmin, unlike clip, put a number in the place of NaN.
    return (np.fmin(np.fmax(values, 0), 255) + 0.5).astype(np.uint8)
