"""What the coach is told of a run: the experiment, its data, the instruments now and of late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array
from playground.experiment.config import Experiment
from playground.telemetry.frames import Divergence


@dataclass(frozen=True)
class DataFacts:
    """What the data set alone says. Inputs as the network is given them."""

    examples: int
    """To learn from."""
    task: str
    input_mean: Array
    input_deviation: Array
    target_low: float
    target_high: float
    target_deviation: float
    chance_loss: float
    """The training loss of the best constant answer."""


@dataclass(frozen=True)
class Vitals:
    """One look at a run. Rows over time have the newest last; layers the input side first and the
    output layer last."""

    experiment: Experiment
    data: DataFacts
    step: int
    epoch: int
    learning_rate: float
    """In force."""
    diverged: Divergence | None
    curve_step: Array
    training_loss: Array
    """Over time, as are the next two; NaN where there is no such set."""
    validation_loss: Array
    test_loss: Array
    delta_norm: Array
    """(samples, layers), of the last few measured steps."""
    update_ratio: Array
    saturated_share: Array
    dead_share: Array
    untrained_saturated_share: Array
    untrained_dead_share: Array
    alike: tuple[int, ...] = ()
    """Layers, from 1, whose units are all copies of one another."""
    since: int = 0
    """The step of the last change: the curves begin there, and what is judged."""
    stable_rate: Callable[[], float | None] = lambda: None
    """The largest learning rate that is stable here, of SGD; None where it is dear to find."""

    @property
    def age(self) -> int:
        """Steps since the last change."""
        return self.step - self.since

    @property
    def hidden(self) -> int:
        return len(self.experiment.network.hidden)

    @property
    def loss(self) -> float:
        """The training loss now."""
        return float(self.training_loss[-1])

    @property
    def left(self) -> float:
        """The training loss as a share of the best constant answer's: 1 is knowing nothing."""
        return self.loss / max(self.data.chance_loss, 1e-12)

    @property
    def log_delta(self) -> Array:
        """log10 of the hidden layers' ‖delta‖, the median of the last samples."""
        with np.errstate(all="ignore"):
            rows = np.log10(self.delta_norm[:, : self.hidden])
            return np.asarray(np.median(rows, axis=0))

    @property
    def typical_ratio(self) -> Array:
        """update ÷ weight of each layer, the median of the last samples; NaN where unknown."""
        rows = self.update_ratio
        known = rows[~np.isnan(rows).all(axis=1)]
        if not len(known):
            return np.full(rows.shape[1], np.nan)
        return np.asarray(np.median(known, axis=0))

    def fell(self, share: float) -> float:
        """By how much of the chance loss the training loss fell over the last `share` of its age:
        the mean of that window's first fifth less that of its last."""
        window = self.recent(self.training_loss, share)
        n = max(len(window) // 5, 1)
        if len(window) < 4:
            return np.inf
        return float(window[:n].mean() - window[-n:].mean()) / max(self.data.chance_loss, 1e-12)

    def recent(self, values: Array, share: float) -> Array:
        """The part of a curve that the last `share` of its age made."""
        return values[self.curve_step >= self.step - self.age * share]
