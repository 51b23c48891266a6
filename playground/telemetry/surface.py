"""The network over the picture's two coordinates: the output on a fine grid, units on small ones.

Grids are of cell centres over the lens's extent; row 0 is the top, column 0 the left. Of a single
input there is no surface but a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.data.dataset import Dataset
from playground.engine.losses import Loss
from playground.engine.network import Network
from playground.telemetry.evaluation import answers
from playground.telemetry.frames import SurfaceScale
from playground.telemetry.lens import Lens, lens_for
from playground.telemetry.likeness import Likeness

Bytes = npt.NDArray[np.uint8]

LINE_POINTS = 161
RESOLUTIONS = (64, 48, 32, 24, 16)
_BUDGET_NS = 6e6
_NS_PER_PARAMETER, _NS_PER_UNIT = 0.15, 2.5
"""What one point costs, roughly: a product and a sum a parameter, an activation a unit."""

# (units on the picture, side of a tile): the first whose units suffice; beyond, there are no tiles.
TILE_SIDES = ((60, 16), (250, 12), (1200, 8), (3000, 5))


@dataclass(frozen=True)
class Surface:
    """The answer as bytes: value = low + (high − low)·u/255, or the class's index."""

    scale: SurfaceScale
    surface: Bytes
    confidence: Bytes | None = None
    """Several classes: the probability of the one that is largest, 255 = certain."""
    second: Bytes | None = None
    second_confidence: Bytes | None = None
    """Several classes: the one that comes second, and its probability; between two cells, borders
    are found by them."""
    values: Array | None = None
    """Where asked for: what the bytes stand for, unrounded."""


@dataclass(frozen=True)
class Line:
    """One input: the answers along it, one row an output; classes as probabilities."""

    scale: SurfaceScale
    lines: Array


@dataclass(frozen=True)
class Tiles:
    """Every unit's map, inputs first, output last: value = center + (u − 128)/127 · scale."""

    tiles: Bytes
    tile_scale: Array
    tile_center: Array


class Plane:
    """The grids of one data set seen through a lens, as inputs for one network."""

    def __init__(
        self,
        dataset: Dataset,
        network: Network,
        loss: Loss,
        lens: Lens | None = None,
        activations: Sequence[str] = (),
        likeness: Likeness | None = None,
    ) -> None:
        self._activations = activations or [""] * len(network.layers)
        self.lens = lens or lens_for(dataset)
        self._network, self._loss, self._task = network, loss, dataset.task
        self._likeness = likeness or Likeness(network)
        self.extent = self.lens.extent
        self._finest = resolution_for(network)
        self.tile = tile_side(network)
        self._is_line = self.lens.kind == "line"
        self.resolution = LINE_POINTS if self._is_line else 0
        if self._is_line:
            self._inputs = self.lens.inputs(along(self.extent, LINE_POINTS))
        self.draw_in(self._finest)
        small = grid(self.extent, self.tile) if self.tile else None
        self._tile_inputs = None if small is None else self.lens.inputs(small)
        self._low, self._high = _target_range([dataset.train.y, dataset.test.y])

    def draw_in(self, most: int) -> None:
        """At most `most` cells a side from now on, and no more than the network allows."""
        resolution = min(most, self._finest)
        if not self._is_line and resolution != self.resolution:
            self.resolution = resolution
            self._inputs = self.lens.inputs(grid(self.extent, resolution))

    def picture(self, *, exact: bool = False) -> Surface | Line:
        """What the network answers, as the data want it drawn."""
        return self.line() if self._is_line else self.surface(exact=exact)

    def line(self) -> Line:
        """The network's answer along its one input."""
        with np.errstate(all="ignore"):
            outputs = answers(self._network, self._inputs)
            if self._task == "multiclass":
                outputs = probabilities(outputs, self._loss)
            elif self._task == "binary":
                outputs = (_signed(outputs, self._loss) + 1) / 2
        scale = self._scale("line", self.extent[2], self.extent[3])
        return Line(scale, outputs.T.astype(np.float32))

    def surface(self, *, exact: bool = False) -> Surface:
        """The network's answer on the fine grid; `exact`: unrounded beside it."""
        side = (self.resolution, self.resolution)
        with np.errstate(all="ignore"):
            if exact:
                outputs = answers(self._network, self._inputs)
            else:
                [outputs] = self._likeness.answers(lambda twin: [answers(twin, self._inputs)])
            if self._task == "multiclass":
                return self._classes(outputs, exact)
            if self._task == "binary":
                value = _signed(outputs[:, 0], self._loss)
                scale = self._scale("binary", -1.0, 1.0)
            else:
                value = outputs[:, 0]
                scale = self._scale("regression", self._low, self._high)
            coded = (value - scale["low"]) / (scale["high"] - scale["low"])
            bytes_ = _bytes(255 * coded).reshape(side)
            return Surface(scale, bytes_, values=_exact(value, side, exact))

    def _classes(self, outputs: Array, exact: bool) -> Surface:
        side = (self.resolution, self.resolution)
        likely, rows = probabilities(outputs, self._loss), np.arange(len(outputs))
        winner = likely.argmax(axis=1)
        value = likely[rows, winner]
        rest = likely.copy()
        rest[rows, winner] = -np.inf
        second = rest.argmax(axis=1)
        return Surface(
            self._scale("multiclass", 0.0, 255.0),
            winner.astype(np.uint8).reshape(side),
            _bytes(255 * value).reshape(side),
            second.astype(np.uint8).reshape(side),
            _bytes(255 * likely[rows, second]).reshape(side),
            _exact(value, side, exact),
        )

    def tiles(self) -> Tiles | None:
        """Every unit's map on the small grid; None for a network with too many units."""
        if self._tile_inputs is None:
            return None
        inputs, side = self._tile_inputs, self.tile
        with np.errstate(all="ignore"):
            hidden = self._likeness.answers(lambda twin: twin.activations(inputs))
            value = np.concatenate([a.T for a in (inputs, *hidden)], dtype=np.float32)
            units = [inputs.shape[1], *(a.shape[1] for a in hidden)]
            # One scale for each layer, so that its units can be compared.
            center = np.array(self._centers(), np.float32)
            starts = np.cumsum([0, *units[:-1]])
            high = np.maximum.reduceat(value.max(axis=1), starts) - center
            low = center - np.minimum.reduceat(value.min(axis=1), starts)
            largest = np.maximum(np.maximum(high, low), np.where(center, center, 1))
            largest[~np.isfinite(largest)] = 1
            scale, middle = np.repeat(largest, units), np.repeat(center, units)
            value -= middle[:, None]
            value *= (127 / scale)[:, None]
            return Tiles(_bytes(value + 128).reshape(-1, side, side), scale, middle)

    def _centers(self) -> list[float]:
        """The value that is drawn pale in each layer: 0, but ½ for what lies between 0 and 1."""
        return [0.0, *(0.5 if name == "sigmoid" else 0.0 for name in self._activations)]

    def _scale(self, kind: Any, low: float, high: float) -> SurfaceScale:
        return {
            "resolution": self.resolution,
            "low": low,
            "high": high,
            "extent": self.extent,
            "kind": kind,
        }


def along(extent: Sequence[float], count: int) -> Array:
    """`count` points (n, 2) from the left edge to the right one, both included."""
    return np.column_stack([np.linspace(extent[0], extent[1], count), np.zeros(count)])


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


def _target_range(targets: Sequence[Array]) -> tuple[float, float]:
    """The ends of a regression's colours: as far from 0 on both sides where the targets have both
    signs, else the range of the targets."""
    y = np.concatenate([y[:, 0] for y in targets])
    low, high = float(y.min()), float(y.max())
    if low <= 0 <= high:
        reach = max(-low, high) or 1.0
        return -reach, reach
    return (low, high) if low < high else (low - 1.0, high + 1.0)


def _signed(out: Array, loss: Loss) -> Array:
    """A single output as an answer from −1 to 1."""
    if loss.needs_linear_output:
        return np.asarray(np.tanh(out / 2))  # 2·sigmoid(z) − 1
    return out if loss.is_signed else 2 * out - 1


def probabilities(outputs: Array, loss: Loss) -> Array:
    """Several outputs as each class's probability, or as what the network says in its place."""
    if not loss.needs_linear_output:
        return outputs
    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _exact(values: Array, side: tuple[int, int], wanted: bool) -> Array | None:
    return values.reshape(side).astype(np.float32) if wanted else None


def _bytes(values: Array) -> Bytes:
    """Rounded into 0 … 255; what is no number becomes 0."""
    # fmax and fmin, unlike clip, put a number in the place of NaN.
    return (np.fmin(np.fmax(values, 0), 255) + 0.5).astype(np.uint8)
