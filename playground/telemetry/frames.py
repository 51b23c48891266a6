"""What the server says, one model a kind: the headers of `frame` and `points`, and `state`.

Arrays travel beside the headers; ARRAYS says what each holds. Numbers that are not finite are null.
"""

from __future__ import annotations

import math
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

RunState = Literal["idle", "running", "paused", "finished", "diverged"]

ARRAYS: dict[str, str] = {
    "surface": "uint8 (R, R): the answer over the plane, the top row first",
    "surface_confidence": "uint8 (R, R): several classes, 255 = certain",
    "tiles": "uint8 (units, T, T): each unit's map, tile_center + (u − 128)/127 · tile_scale",
    "surface_second": "uint8 (R, R): several classes: the second most likely one",
    "surface_second_confidence": "uint8 (R, R): its probability, 255 = certain",
    "surface_value": "float32 (R, R): at rest, what the surface's bytes stand for, unrounded",
    "surface_line": "float32 (outputs, R): one input: the answers from its left end to its right",
    "tile_scale": "float32 (units,): inputs first, output last",
    "tile_center": "float32 (units,): the value that is drawn pale",
    "example_class": "uint8 (examples,): what is predicted for the example images",
    "example_confidence": "uint8 (examples,): its probability, 255 = certain",
    "gradients": "float32: as weights, but dw and db as applied; where looked at",
    "gradient_matrix_k": "float32: as weight_matrix_k, but means of |dw|",
    "bias_gradients": "float32: all db, where gradients come as matrices",
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
    "map_weight_gradient_norm_clipped": "uint8 (columns, layers): as map_delta_norm",
    "map_activation_norm": "uint8 (columns, layers): as map_delta_norm",
    "map_update_ratio": "uint8 (columns, layers): as map_delta_norm, 0 also where no update was",
    "activation_histogram": "uint8 (layers, 41): counts over activation_range, the fullest bin 255",
    "z_histogram": "uint8 (layers, 41): pre-activations over lab.z_range; where watched",
    "weight_histogram": "uint8 (layers, 41): weights over lab.weight_range; where watched",
    "weight_gradient_histogram": "uint8 (layers, 41): dw as applied over lab.weight_gradient_range",
    "saturated_share": "float64 (layers,): of units × examples; NaN where φ has not two flat ends",
    "dead_share": "float64 (layers,): of the units, flat on every example",
    "untrained_saturated_share": "float64 (layers,): the same with the weights as drawn",
    "untrained_dead_share": "float64 (layers,): the same with the weights as drawn",
    "weight_change": "float64 (layers,): ‖w − w₀‖/‖w₀‖ since the weights were drawn",
    "compared_k_curve_step": "float64 (points,): of run k side by side, from 1, which is a variant",
    "compared_k_curve_training_loss": "float32 (points,), NaN where none",
    "compared_k_curve_test_loss": "float32 (points,), NaN where none",
    "compared_k_delta_norm": "float64 (layers,): as delta_norm; so are the next four",
    "compared_k_weight_gradient_norm": "float64 (layers,)",
    "compared_k_weight_gradient_norm_clipped": "float64 (layers,)",
    "compared_k_activation_norm": "float64 (layers,)",
    "compared_k_update_ratio": "float64 (layers,)",
    "band_step": "float64 (points,): where a band of seeds was looked at",
    "band_training_loss": "float32 (points, quantiles): over the seeds, NaN where not finite",
    "band_delta_norm": "float64 (quantiles, layers): over the seeds, of the newest point",
    "theory_log_delta": "float64 (hidden,): log10 of the delta_norm that theory expects, or NaN",
    "theory_log_delta_low": "float64 (hidden,): nine networks of ten of this width lie above",
    "theory_log_delta_high": "float64 (hidden,): nine networks of ten of this width lie below",
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
    kind: Literal["binary", "regression", "multiclass", "line"]


class LensHeader(TypedDict):
    """Through which coordinates the data are seen: their plane, one input and the target, two of
    many inputs (`axes`), or principal components, which hold `share` of the inputs' variance."""

    kind: Literal["plane", "line", "features", "components"]
    axes: list[int]
    names: list[str]
    share: float | None


class Scored(TypedDict, total=False):
    """How good the predictions on one set are: empty without such a set; regression has rmse, mae
    and r2 (null where the targets do not vary), classification the others; `confusion` has the true
    classes as rows."""

    examples: int
    accuracy: float
    macro_f1: float
    confusion: list[list[int]]
    rmse: float | None
    mae: float | None
    r2: float | None


class Report(TypedDict):
    """The measures of all sets as of step `step`: taken a few times a second only."""

    step: int
    training: Scored
    validation: Scored
    test: Scored


class LayerShape(TypedDict):
    """One layer of the network that the frame shows, and its share in the cost of a training step:
    floating-point operations of forward pass, backward pass and update, and the bytes they move."""

    units: int
    activation: str
    flops: list[int]
    bytes: int


class NetworkShape(TypedDict):
    """The network that the frame shows."""

    inputs: list[str]
    layers: list[LayerShape]
    tile: int
    weights: Literal["all", "matrix"]


class Theory(TypedDict):
    """Mean-field theory beside the measurement; slopes in decades of ‖delta‖ a layer *towards the
    input* (negative: it vanishes), fitted over the hidden layers `first` … `last`, from 1.

    Nine networks of ten of this width lie between `slope_low` and `slope_high`. Where `applies` is
    false, `reason` says why; the line, if there is one, is then that of the untrained network.
    """

    slope: float | None
    slope_low: float | None
    slope_high: float | None
    measured_slope: float | None
    first: int
    last: int
    applies: bool
    reason: str | None


class Cure(TypedDict):
    """Something to try: `commands` are sent as they are, in order."""

    label: str
    commands: list[dict[str, Any]]


class Finding(TypedDict):
    """A diagnosis of the coach; `layers` counts from 1, the output layer last."""

    id: str
    severity: Literal["info", "warning", "error"]
    title: str
    seen: str
    why: str
    formula: str
    layers: list[int]
    cures: list[Cure]


class BandHeader(TypedDict):
    """A band of seeds that follows the run; `quantiles` are those of its arrays."""

    seeds: int
    step: int
    quantiles: list[float]


class Compared(TypedDict):
    """One of the runs side by side, the session's own first; `label` says what is its own, `slope`
    is that of its ‖delta‖ in decades a layer towards the input."""

    label: str
    step: int
    training_loss: float | None
    test_loss: float | None
    training_metric: float | None
    test_metric: float | None
    slope: float | None
    diverged: Divergence | None


class Lab(TypedDict):
    """What the gradient lab adds, as of step `step`: it is measured a few times a second only."""

    step: int
    instruments: list[str]
    z_range: list[list[float]]
    weight_range: list[list[float]]
    weight_gradient_range: list[list[float]]
    theory: Theory
    findings: list[Finding]
    looked: bool
    """Often enough since the last change that silence of the coach means health."""
    band: NotRequired[BandHeader | None]
    comparison: NotRequired[list[Compared]]


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
    finished: str | None
    surface: SurfaceScale
    network: NetworkShape
    activation_range: list[list[float]]
    tiles_step: int
    """Of which step the units' maps are: in a crowd they may be a frame older."""
    activation_step: int
    """Of which step the activations' histograms are: in a crowd, some frames older."""
    report: Report
    lab: Lab


class PointsHeader(TypedDict):
    """The examples to draw: `points` float32 (n, 2), `targets` float32 (n,), `role` uint8 (n,).

    Where the inputs are pixels, `image` is their [rows, columns], and beside the points travel some
    examples: `example_images` uint8 (m, rows, columns) and `example_targets` uint8 (m,), taken from
    the set `examples_of`.
    """

    revision: int
    task: Literal["binary", "multiclass", "regression"]
    class_names: list[str]
    feature_names: list[str]
    extent: list[float] | None
    lens: LensHeader
    image: list[int] | None
    examples_of: Literal["training", "test"]
    targets_range: list[float]


class Notice(TypedDict):
    """Something to tell the person: `field` names the setting it is about."""

    level: Literal["info", "warning", "error"]
    text: str
    field: str | None


def finite(value: float | None) -> float | None:
    """The number as JSON can carry it: null where there is none, or none that is finite.

    >>> finite(0.5), finite(float("nan")), finite(None)
    (0.5, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)
