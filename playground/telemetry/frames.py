"""What the server says, one model a kind: the headers of `frame` and `points`, and `state`.

Arrays travel beside the headers; ARRAYS says what each holds. Numbers that are not finite are null.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from typing_extensions import TypedDict

RunState = Literal["idle", "running", "paused", "finished", "diverged"]

ARRAYS: dict[str, str] = {
    "surface": "uint8 (R, R): the answer over the plane, the top row first",
    "surface_confidence": "uint8 (R, R): several classes, 255 = certain",
    "tiles": "uint8 (units, T, T): each unit's map, (u − 128)/127 · its tile_scale",
    "tile_scale": "float32 (units,): inputs first, output last",
    "weights": "float32: W1, b1, W2, b2 … flat, W by rows (inputs, units)",
    "weight_matrix_k": "float32: layer k's weights in mean-pooled blocks, at most 32 × 32",
    "biases": "float32: all biases, where weights come as matrices",
    "delta_norm": "float64 (layers,): root mean square over the batch of ‖∂loss/∂z‖",
    "weight_gradient_norm": "float64 (layers,): ‖∂loss/∂w‖ before clipping",
    "weight_gradient_norm_clipped": "float64 (layers,): as applied",
    "activation_norm": "float64 (layers,): root mean square over the batch of ‖a‖",
    "update_ratio": "float64 (layers,): ‖Δw‖/‖w‖",
    "curve_step": "float64 (points,)",
    "curve_training_loss": "float32 (points,), NaN where none",
    "curve_test_loss": "float32 (points,), NaN where none",
    "curve_validation_loss": "float32 (points,), NaN where none",
    "map_step": "float64 (columns,)",
    "map_delta_norm": "uint8 (columns, layers): 1 + (log10 + 30)/32 · 253; 0 zero, 255 not finite",
    "map_weight_gradient_norm": "uint8 (columns, layers): as map_delta_norm",
    "activation_histogram": "uint8 (layers, 41): counts over activation_range, the fullest bin 255",
}


class Divergence(TypedDict):
    """Training met a value that is not finite."""

    step: int
    layer: int
    what: str


class SurfaceScale(TypedDict):
    """How the surface's bytes are read."""

    resolution: int
    low: float
    high: float
    extent: list[float]
    kind: Literal["binary", "regression", "multiclass"]


class LayerShape(TypedDict):
    """One layer of the network that the frame shows."""

    units: int
    activation: str


class NetworkShape(TypedDict):
    """The network that the frame shows."""

    inputs: list[str]
    layers: list[LayerShape]
    tile: int
    weights: Literal["all", "matrix"]


class FrameHeader(TypedDict):
    """The numbers of one moment; `seq` grows with each frame, `generation` with each new worker."""

    seq: int
    generation: int
    command: int
    run_state: RunState
    step: int
    epoch: int
    training_loss: float | None
    test_loss: float | None
    validation_loss: float | None
    metric: str
    training_metric: float | None
    test_metric: float | None
    validation_metric: float | None
    learning_rate: float | None
    steps_per_second: float | None
    speed: float | None
    diverged: Divergence | None
    surface: SurfaceScale | None
    network: NetworkShape
    activation_range: list[list[float]]


class PointsHeader(TypedDict):
    """The examples to draw: `points` float32 (n, 2), `targets` float32 (n,), `role` uint8 (n,)."""

    revision: int
    task: Literal["binary", "multiclass", "regression"]
    class_names: list[str]
    feature_names: list[str]
    extent: list[float] | None
    targets_range: list[float]


class Notice(TypedDict):
    """Something to tell the person: `field` names the setting it is about."""

    level: Literal["info", "warning", "error"]
    text: str
    field: str | None


class StateEvent(TypedDict):
    """The session as it stands after command `command`; `undo` and `redo`: the change that each
    would take back or make again, in words."""

    session: str
    role: Literal["owner", "viewer"]
    generation: int
    command: int
    run_state: RunState
    step: int
    epoch: int
    experiment: dict[str, Any]
    speed: float | None
    diverged: Divergence | None
    undo: str | None
    redo: str | None
    notices: list[Notice]
    limits: dict[str, int]


def finite(value: float | None) -> float | None:
    """The number as JSON can carry it: null where there is none, or none that is finite.

    >>> finite(0.5), finite(float("nan")), finite(None)
    (0.5, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)
