"""A run's gradient lab: instruments read a few times a second, theory beside them, and the coach.

What it takes is paid where a frame is drawn, and by no step; while a run trains, it is kept to a
small share of the time between two readings.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from playground.base.arrays import Array
from playground.engine.norms import LayerNorms
from playground.experiment.assemble import Assembly
from playground.experiment.config import Experiment
from playground.experiment.reassemble import stable_rate
from playground.lab import prediction
from playground.lab.coach.coach import DIAGNOSES, Coach, Vitals
from playground.lab.coach.facts import alike_layers, data_facts
from playground.lab.coach.vitals import DataFacts
from playground.lab.prediction import LayerFacts, Prediction
from playground.telemetry.frames import Divergence, Finding, Lab, Theory, finite
from playground.telemetry.instruments import Reading, Untrained, read, sample_of
from playground.telemetry.recorder import Arrays, Recorder

READ_SECONDS = 0.25
READ_SHARE = 0.05
"""Of the time between two readings, what one may cost."""
RECENT = 9
"""Measured steps whose norms the coach is told."""
_CURVATURE_WORK = 500_000  # examples × parameters: some tens of milliseconds
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
        self.crowding = 1.0
        self.seconds = 0.0
        """Of the processor, what the last frame's reading cost; it has a budget of its own."""
        self._coach = Coach()
        self._experiment: Experiment | None = None
        self._since = 0
        self._recent: deque[LayerNorms] = deque(maxlen=RECENT)
        self._facts: tuple[object, DataFacts] | None = None
        self._looked_at = -1
        self._findings: list[Finding] = []

    def refresh(self) -> None:
        """Something was changed: read again for the next frame."""
        self._due = -inf

    def parts(
        self,
        assembly: Assembly,
        recorder: Recorder,
        *,
        is_running: bool,
        diverged: Divergence | None,
    ) -> tuple[Lab, Arrays]:
        """The lab's part of a frame: of now, or, in the middle of training, of a moment ago."""
        began = time.perf_counter()
        if not self._recent or self._recent[-1] is not recorder.norms:
            self._recent.append(recorder.norms)
        if self._told is None or not is_running or began >= self._due:
            used = time.thread_time()
            self._told = self._measure(assembly, recorder, diverged)
            self.seconds = time.thread_time() - used
            self._due = began + self.crowding * max(READ_SECONDS, self.seconds / READ_SHARE)
        else:
            self.seconds = 0.0
        return self._told

    def _measure(
        self, assembly: Assembly, recorder: Recorder, diverged: Divergence | None
    ) -> tuple[Lab, Arrays]:
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
            "findings": self._look(assembly, recorder, reading, diverged),
            "looked": self._coach.looked,
        }, arrays

    def _look(
        self,
        assembly: Assembly,
        recorder: Recorder,
        reading: Reading,
        diverged: Divergence | None,
    ) -> list[Finding]:
        """What the coach says; it looks once at each moment, and forgets where anything changed."""
        step, is_new = reading.step, assembly.experiment != self._experiment
        if is_new or step < self._looked_at:
            self._coach.forget()
            self._experiment, self._since = assembly.experiment, step
            self._recent = deque([recorder.norms], maxlen=RECENT)
        elif step == self._looked_at and (diverged is None or self._is_told("divergence")):
            return self._findings
        self._looked_at = step
        self._findings = self._coach.look(self._vitals(assembly, recorder, reading, diverged))
        return self._findings

    def dump(self, experiment: Experiment) -> dict[str, Any]:
        """What the coach knows of the run as it is; nothing where it has yet to look at it."""
        if experiment != self._experiment or not self._coach.looked:
            return {}
        return {"since": self._since, "at": self._looked_at, "findings": self._findings}

    def load(self, known: Mapping[str, Any], experiment: Experiment) -> None:
        """What `dump` gave."""
        if not known:
            return
        self._experiment, self._since, self._looked_at = experiment, known["since"], known["at"]
        self._findings = [finding for finding in known["findings"] if finding["id"] in DIAGNOSES]
        self._coach.recall(self._findings)

    def _is_told(self, name: str) -> bool:
        return any(finding["id"] == name for finding in self._findings)

    def _vitals(
        self,
        assembly: Assembly,
        recorder: Recorder,
        reading: Reading,
        diverged: Divergence | None,
    ) -> Vitals:
        dataset, loss, trainer = assembly.dataset, assembly.trainer.loss, assembly.trainer
        if self._facts is None or self._facts[0] != (id(dataset), loss):
            self._facts = ((id(dataset), loss), data_facts(dataset, loss))
        curves = recorder.curves
        here = curves["step"] >= self._since
        recent = [
            norms for norms in self._recent if len(norms.delta_norm) == len(trainer.network.layers)
        ]
        return Vitals(
            experiment=assembly.experiment,
            data=self._facts[1],
            step=reading.step,
            epoch=trainer.epoch,
            learning_rate=trainer.effective_learning_rate,
            diverged=diverged,
            curve_step=curves["step"][here],
            training_loss=_bounded(curves["training_loss"][here]),
            validation_loss=_bounded(curves["validation_loss"][here]),
            test_loss=_bounded(curves["test_loss"][here]),
            delta_norm=np.array([norms.delta_norm for norms in recent]),
            update_ratio=np.array([norms.update_ratio for norms in recent]),
            saturated_share=reading.shares.saturated,
            dead_share=reading.shares.dead,
            untrained_saturated_share=reading.untrained.saturated,
            untrained_dead_share=reading.untrained.dead,
            alike=alike_layers(assembly.network),
            since=self._since,
            stable_rate=lambda: stable_rate(
                assembly, examples=len(dataset.train), work=_CURVATURE_WORK
            ),
        )

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


def _bounded(curve: Array) -> Array:
    """In float64, and as a number where float32 made it infinite; NaN stays."""
    return np.minimum(curve.astype(np.float64), 1e30)


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
