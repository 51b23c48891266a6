"""A run's gradient lab: instruments read a few times a second, theory beside them, and the coach.

What it takes is paid where a frame is drawn, and by no step; while a run trains, it is kept to a
small share of the time between two readings.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import inf

import numpy as np

from playground.base.arrays import Array
from playground.experiment.assemble import Assembly
from playground.lab import prediction
from playground.lab.prediction import LayerFacts, Prediction
from playground.telemetry.frames import Lab, Theory, finite
from playground.telemetry.instruments import Reading, Untrained, read, sample_of
from playground.telemetry.recorder import Arrays, Recorder

READ_SECONDS = 0.25
READ_SHARE = 0.05
"""Of the time between two readings, what one may cost."""
DISTRIBUTIONS = ("z", "weight", "weight_gradient")


class GradientLab:
    """What the frames of one run say beyond the norms."""

    def __init__(self) -> None:
        self.watched: list[str] = []
        """Which of the dearer instruments are looked at."""
        self._origin: tuple[object, ...] = ()
        self._untrained: Untrained | None = None
        self._prediction: Prediction | None = None
        self._obstacle: str | None = None
        self._due = -inf
        self._told: tuple[Lab, Arrays] | None = None

    def refresh(self) -> None:
        """Something was changed: read again for the next frame."""
        self._due = -inf

    def parts(
        self, assembly: Assembly, recorder: Recorder, *, is_running: bool
    ) -> tuple[Lab, Arrays]:
        """The lab's part of a frame: of now, or, in the middle of training, of a moment ago."""
        began = time.perf_counter()
        if self._told is None or not is_running or began >= self._due:
            self._told = self._measure(assembly, recorder)
            cost = time.perf_counter() - began
            self._due = began + max(READ_SECONDS, cost / READ_SHARE)
        return self._told

    def _measure(self, assembly: Assembly, recorder: Recorder) -> tuple[Lab, Arrays]:
        network = assembly.network
        sample = sample_of(network, assembly.dataset.train.x)
        layers = layer_facts(assembly)
        untrained = self._drawn(assembly, layers, sample)
        reading = read(
            network,
            sample,
            untrained,
            assembly.trainer.step,
            distributions="histograms" in self.watched,
        )
        theory, lines = self._theory(layers, reading, recorder.norms.delta_norm)
        arrays: Arrays = {
            "saturated_share": reading.shares.saturated,
            "dead_share": reading.shares.dead,
            "untrained_saturated_share": reading.untrained.saturated,
            "untrained_dead_share": reading.untrained.dead,
            "weight_change": reading.weight_change,
            **lines,
        }
        ranges: dict[str, list[list[float]]] = {name: [] for name in DISTRIBUTIONS}
        for name, distribution in reading.distributions.items():
            arrays[f"{name}_histogram"] = distribution.counts
            ranges[name] = distribution.ranges
        return {
            "step": reading.step,
            "instruments": list(self.watched),
            "z_range": ranges["z"],
            "weight_range": ranges["weight"],
            "weight_gradient_range": ranges["weight_gradient"],
            "theory": theory,
            "findings": [],
        }, arrays

    def _drawn(self, assembly: Assembly, layers: Sequence[LayerFacts], sample: Array) -> Untrained:
        """The untrained network, made once for all that is drawn alike; and theory's word on it."""
        experiment, dataset = assembly.experiment, assembly.dataset
        origin = (experiment.network, experiment.dtype, assembly.seed, id(dataset))
        if self._untrained is None or origin != self._origin:
            self._untrained = Untrained(assembly.network, assembly.seed, sample)
            self._obstacle = prediction.obstacle(layers)
            self._prediction = None
            if self._obstacle is None:
                moments = prediction.typical_second_moments(dataset.train.x)
                self._prediction = prediction.predict(layers, moments)
            self._origin = origin
        return self._untrained

    def _theory(
        self, layers: Sequence[LayerFacts], reading: Reading, delta_norm: Array
    ) -> tuple[Theory, Arrays]:
        hidden = len(layers) - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            log_delta = np.log10(delta_norm)
        measured = prediction.slope_towards_input(log_delta[:-1])
        found, reason = self._prediction, self._obstacle
        slope = low = high = None
        lines = np.full((3, hidden), np.nan)
        if found:
            reason = prediction.moved(reading.weight_change)
            slope = prediction.slope_towards_input(found.line)
            low, high = prediction.slope_band(found)
            if np.isfinite(log_delta[-1]):
                lines = log_delta[-1] + np.array([found.line, found.low, found.high])
        rows = prediction.fitted_rows(hidden)
        theory: Theory = {
            "slope": finite(slope),
            "slope_low": finite(low),
            "slope_high": finite(high),
            "measured_slope": finite(measured),
            "first": rows.start + 1,
            "last": rows.stop,
            "applies": reason is None,
            "reason": reason,
        }
        names = ("theory_log_delta", "theory_log_delta_low", "theory_log_delta_high")
        return theory, dict(zip(names, lines, strict=True))


def layer_facts(assembly: Assembly) -> list[LayerFacts]:
    """What theory needs to know of each layer, the output layer last."""
    network, hidden = assembly.network, assembly.experiment.network.hidden
    kinds = [
        layer.normalization.name if layer.normalization else None  # type: ignore[attr-defined]
        for layer in hidden
    ]
    return [
        LayerFacts(
            shape.inputs,
            spec.units,
            spec.activation,
            spec.initializer,
            spec.dropout,
            kind,
            spec.residual,
        )
        for shape, spec, kind in zip(network.shapes, network.specs, [*kinds, None], strict=True)
    ]
