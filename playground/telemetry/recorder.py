"""One run's measurements: sampled now and then, remembered over time, put together as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy.typing as npt

from playground.base.arrays import Array
from playground.data.dataset import Dataset
from playground.engine.cost import step_costs
from playground.engine.metrics import HEADLINE
from playground.engine.norms import LayerNorms
from playground.engine.trainer import Trainer
from playground.telemetry import probes
from playground.telemetry.evaluation import Scorer, Scores, chunk_size
from playground.telemetry.frames import LayerShape, NetworkShape, SurfaceScale, finite
from playground.telemetry.history import Curves, GradientMap
from playground.telemetry.lens import lens_for
from playground.telemetry.likeness import Likeness
from playground.telemetry.look import Look
from playground.telemetry.report import gallery
from playground.telemetry.surface import RESOLUTIONS, Plane, Surface, Tiles

Arrays = dict[str, npt.NDArray[Any]]

HISTOGRAM_EXAMPLES = 256
_HISTOGRAM_VALUES = 2048
"""Of one layer, as many are counted; of wide layers on fewer examples, 32 at least."""
_CROWDED_RESOLUTION, _CROWDED_TILES, _CROWDED_COUNTS = 32, 2, 8
"""In a crowd, while it trains: cells of the surface's side at most; of how many frames one has the
units' maps made anew, and of how many one the histograms."""
RATIO = "update_ratio"
"""Beside the histories: that of the last update, which no coming batch tells."""
CURVES = ("training_loss", "test_loss", "validation_loss")


class Measurements(TypedDict):
    """The part of a frame's header that is measured."""

    training_loss: float | None
    test_loss: float | None
    validation_loss: float | None
    metric: str
    training_metric: float | None
    test_metric: float | None
    validation_metric: float | None
    surface: SurfaceScale
    network: NetworkShape
    activation_range: list[list[float]]
    tiles_step: int
    activation_step: int


@dataclass(frozen=True)
class Subject:
    """What is measured; `activations` are the names of the layers' activations, output last."""

    trainer: Trainer
    dataset: Dataset
    activations: Sequence[str]


class Recorder:
    """Measures one run. Bound anew after a live edit, it keeps the curves and begins a new map only
    where the number of layers has changed."""

    def __init__(self, subject: Subject, look: Look | None = None) -> None:
        self.look = look or Look()
        self.crowding = 1.0
        """Above 1, pictures of what trains are made at less cost."""
        self._curves = Curves(CURVES)
        self._map: GradientMap | None = None
        self._norms: LayerNorms | None = None
        self.bind(subject)

    def bind(self, subject: Subject) -> None:
        """Measure `subject` from now on."""
        network, dataset = subject.trainer.network, subject.dataset
        norms = subject.trainer.peek()
        layers = len(network.layers)
        if self._norms is None or layers != len(self._norms.delta_norm):
            self._map = GradientMap(layers)
        else:
            # No update was made since: the ratio of the last one still holds.
            norms = replace(norms, update_ratio=self._norms.update_ratio)
        self._subject = subject
        self._shapes = _layer_shapes(subject)
        self._scorer = Scorer(dataset)
        self._focus()
        self._sample_x = dataset.train.x[: min(HISTOGRAM_EXAMPLES, chunk_size(network))]
        self._counted: tuple[npt.NDArray[Any], list[list[float]]] | None = None
        self._counted_step = self._tiles_step = 0
        self._frames = 0
        self.sample(norms)

    def _focus(self) -> None:
        """Make the grids anew: for another data set, network or lens."""
        trainer, dataset = self._subject.trainer, self._subject.dataset
        axes = self.look.axes_for(dataset)
        self.lens = lens_for(dataset, axes)
        names = self._subject.activations
        self._likeness = Likeness(trainer.network)
        self._plane = Plane(
            dataset, trainer.network, trainer.loss, self.lens, names, self._likeness
        )
        self._gallery = gallery(dataset)
        self._picture: tuple[tuple[int, bool], Measurements, Arrays] | None = None
        self._tiles: Tiles | None = None

    def see(self, look: Look) -> None:
        """From now on, look at the run as `look` says. InputError where its data can't be."""
        lens_for(self._subject.dataset, look.axes)
        self.look = look
        self._focus()

    def sample(self, norms: LayerNorms | None = None, *, remembered: bool = True) -> None:
        """Measure here and now.

        `norms` are those of the step just taken, or of the coming one; without, the last are kept.
        Not `remembered`: the histories stay as they are, for a network that was set back in time.
        """
        trainer = self._subject.trainer
        self._scores: Scores = self._scorer.scores(trainer.network, trainer.loss)
        losses = (self._scores.training, self._scores.test, self._scores.validation)
        if remembered:
            self._curves.append(trainer.step, [finite(score.loss) for score in losses])
        if norms is not None and remembered:
            assert self._map is not None
            self._norms = norms
            self._map.append(trainer.step, vars(norms))
        self._picture = None
        self.sampled_step = trainer.step

    def parts(self, *, exact: bool = False) -> tuple[Measurements, Arrays]:
        """The measured part of a frame: of the newest sample, and of the weights as they are.
        `exact`: the surface's values travel unrounded too."""
        key = (self._subject.trainer.step, exact)
        if self._picture is None or self._picture[0] != key:
            self._picture = (key, *self._draw(exact))
        return self._picture[1], self._picture[2]

    @property
    def norms(self) -> LayerNorms:
        """Of the last step that was measured."""
        assert self._norms is not None
        return self._norms

    @property
    def scores(self) -> Scores:
        """Of the newest sample."""
        return self._scores

    @property
    def curves(self) -> dict[str, Array]:
        """`step` and each loss over time, thinned."""
        return self._curves.arrays()

    def dump(self) -> Arrays:
        """The histories and the last update's ratios, for a checkpoint."""
        assert self._map is not None
        histories = {"curves": self._curves.dump(), "map": self._map.dump()}
        found = {f"{h}_{name}": a for h, rows in histories.items() for name, a in rows.items()}
        return found | {RATIO: self.norms.update_ratio}

    def load(self, dumped: Mapping[str, Array]) -> None:
        """Histories that `dump` gave, continued by a sample of the present."""
        assert self._map is not None
        self._curves.load(_under("curves_", dumped))
        self._map.load(_under("map_", dumped))
        norms = self._subject.trainer.peek()
        known, ratio = norms.update_ratio, dumped.get(RATIO)
        if ratio is not None and (ratio.shape, ratio.dtype) == (known.shape, known.dtype):
            norms = replace(norms, update_ratio=ratio)
        self.sample(norms)

    def _draw(self, exact: bool) -> tuple[Measurements, Arrays]:
        dataset, network = self._subject.dataset, self._subject.trainer.network
        is_crowded = self.crowding > 1 and not exact
        self._plane.draw_in(_CROWDED_RESOLUTION if is_crowded else RESOLUTIONS[0])
        picture = self._plane.picture(exact=exact)
        if self._tiles is None or not is_crowded or self._frames % _CROWDED_TILES == 0:
            self._tiles = self._plane.tiles()
            self._tiles_step = self._subject.trainer.step
        tiles = self._tiles
        arrays: Arrays = {}
        if isinstance(picture, Surface):
            arrays["surface"] = picture.surface
            for name in ("confidence", "second", "second_confidence"):
                found = getattr(picture, name)
                if found is not None:
                    arrays[f"surface_{name}"] = found
            if picture.values is not None:
                arrays["surface_value"] = picture.values
        else:
            arrays["surface_line"] = picture.lines
        if tiles:
            arrays |= vars(tiles)
        if self._gallery is not None:
            answers = self._gallery.answers(network, self._subject.trainer.loss)
            arrays["example_class"], arrays["example_confidence"] = answers
        arrays |= probes.weights(network)
        if self.look.gradients:
            arrays |= probes.gradients(network)
        arrays |= vars(self._norms)
        arrays |= self._histories()
        self._frames += 1
        if self._counted is None or not is_crowded or self._frames % _CROWDED_COUNTS == 0:
            self._counted = self._count()
            self._counted_step = self._subject.trainer.step
        arrays["activation_histogram"], ranges = self._counted
        of = self._scores
        return {
            "training_loss": finite(of.training.loss),
            "test_loss": finite(of.test.loss),
            "validation_loss": finite(of.validation.loss),
            "metric": HEADLINE[dataset.task],
            "training_metric": finite(of.training.metric),
            "test_metric": finite(of.test.metric),
            "validation_metric": finite(of.validation.metric),
            "surface": picture.scale,
            "network": {
                "inputs": dataset.feature_names,
                "layers": self._shapes,
                "tile": self._plane.tile,
                "weights": "all" if "weights" in arrays else "matrix",
            },
            "activation_range": ranges,
            "tiles_step": self._tiles_step,
            "activation_step": self._counted_step,
        }, arrays

    def _count(self) -> tuple[npt.NDArray[Any], list[list[float]]]:
        """Histograms of each layer's activations, and their ranges."""
        sample = self._sample_x
        activations = self._likeness.answers(lambda twin: twin.activations(sample))
        counted = [a[: max(_HISTOGRAM_VALUES // a.shape[1], 32)] for a in activations]
        return probes.value_histograms(counted)

    def _histories(self) -> Arrays:
        assert self._map is not None
        found: Arrays = {f"curve_{name}": a for name, a in self._curves.arrays().items()}
        if not len(self._subject.dataset.validation.y):
            del found["curve_validation_loss"]
        return found | {f"map_{name}": a for name, a in self._map.arrays().items()}


def _layer_shapes(subject: Subject) -> list[LayerShape]:
    layers, costs = subject.trainer.network.layers, step_costs(subject.trainer)
    return [
        {
            "units": layer.units,
            "activation": name,
            "flops": [cost.forward.flops, cost.backward.flops, cost.update.flops],
            "bytes": cost.total.bytes,
        }
        for layer, name, cost in zip(layers, subject.activations, costs, strict=True)
    ]


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
