"""A band of seeds beside a run: it follows the run's steps, and says how seeds scatter."""

from __future__ import annotations

import time
from math import inf

import numpy as np

from playground.base.arrays import Array
from playground.base.errors import InputError
from playground.experiment.assemble import Assembly
from playground.experiment.config import Experiment
from playground.lab.band import Band
from playground.telemetry.frames import BandHeader
from playground.telemetry.recorder import Arrays

QUANTILES = (0.0, 0.1, 0.5, 0.9, 1.0)
POINTS = 200
SAMPLE_SECONDS = 0.1
SAMPLE_SHARE = 0.05
_FIRST_STEPS = 10


class FollowedBand:
    """None at first, and whenever the experiment is no longer the one it was begun with."""

    def __init__(self) -> None:
        self.seeds = 0
        self._band: Band | None = None
        self._experiment: Experiment | None = None
        self._step_seconds = 1.0
        self._due = -inf
        self._points: list[tuple[int, Array]] = []
        self._delta: Array = np.zeros((len(QUANTILES), 0))

    def begin(self, seeds: int, assembly: Assembly) -> None:
        """From step 0, as many seeds from the run's own on; 0 ends it. InputError where a band
        can't do what the experiment asks."""
        first, experiment = assembly.seed, assembly.experiment
        band = None
        if seeds:
            in_force = experiment.model_copy(update={"seed": first})
            try:
                band = Band(in_force, range(first, first + seeds), table=assembly.table)
            except InputError as error:
                # The setting is right as it is: what can't be had is the band.
                raise InputError(error.message) from None
        self._band = band
        self.seeds, self._experiment, self._due = seeds, experiment, -inf
        self._points = []
        if band:
            self._sample(band)

    def again(self, assembly: Assembly) -> None:
        """After a reset: the same number of seeds, from step 0."""
        if self.seeds:
            self.begin(self.seeds, assembly)

    def is_left_behind(self, experiment: Experiment) -> bool:
        """Whether the run has become another; the band then ends."""
        if not self._band or experiment == self._experiment:
            return False
        self.seeds, self._band = 0, None
        return True

    def follow(self, step: int, seconds: float) -> None:
        """Catch up with the run's `step`, for about `seconds` at most."""
        band = self._band
        if not band or band.step >= step:
            return
        most = max(1, int(seconds / self._step_seconds)) if band.step else _FIRST_STEPS
        steps = min(step - band.step, most)
        began = time.perf_counter()
        band.run(steps)
        now = time.perf_counter()
        self._step_seconds = max((now - began) / steps, 1e-7)
        if now >= self._due or band.step == step:
            self._sample(band)
            cost = time.perf_counter() - now
            self._due = now + max(SAMPLE_SECONDS, cost / SAMPLE_SHARE)

    def header(self) -> BandHeader | None:
        """None without a band."""
        if not self._band:
            return None
        return {"seeds": self.seeds, "step": self._points[-1][0], "quantiles": list(QUANTILES)}

    def arrays(self) -> Arrays:
        """What the frame says of the band; nothing without one."""
        if not self._band:
            return {}
        return {
            "band_step": np.array([step for step, _ in self._points], np.float64),
            "band_training_loss": np.array([row for _, row in self._points], np.float32),
            "band_delta_norm": self._delta,
        }

    def _sample(self, band: Band) -> None:
        train = band.dataset.train
        row = quantiles(band.losses(train.x, train.y))
        if self._points and self._points[-1][0] == band.step:
            self._points.pop()
        self._points.append((band.step, row))
        if len(self._points) > POINTS:
            # Every other point goes, but for the newest: the curve stays evenly spaced.
            self._points = [*self._points[:-1:2], self._points[-1]]
        self._delta = quantiles(band.delta_norm())


def quantiles(values: Array) -> Array:
    """(quantiles, …) over the first axis, of what is finite; a value that is not counts as the
    largest, and is NaN where a quantile falls on it."""
    ordered = np.sort(np.where(np.isfinite(values), values, np.inf), axis=0)
    places = np.round(np.array(QUANTILES) * (len(ordered) - 1)).astype(np.intp)
    found = ordered[places]
    return np.where(np.isfinite(found), found, np.nan)
