"""Every measure of the network on every set, and its answers to some examples that are pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array, IntArray
from playground.data.dataset import Dataset, Split
from playground.engine.losses import Loss
from playground.engine.metrics import task_metrics
from playground.engine.network import Network
from playground.telemetry.evaluation import answers
from playground.telemetry.frames import Report, Scored
from playground.telemetry.surface import probabilities

Bytes = npt.NDArray[np.uint8]

MOST_EXAMPLES = 40
"""Pictures that are shown with the network's answers."""


def report(network: Network, loss: Loss, dataset: Dataset, step: int) -> Report:
    """The measures of all three sets, over the whole of each."""

    def scored(split: Split) -> Scored:
        if not len(split):
            return {}
        with np.errstate(all="ignore"):
            outputs = answers(network, split.x)
            found = task_metrics(dataset.task, outputs, split.y, loss.threshold)
        for name, value in found.items():
            if isinstance(value, float) and not np.isfinite(value):
                found[name] = None
        return {"examples": len(split), **found}  # type: ignore[typeddict-item]

    return {
        "step": step,
        "training": scored(dataset.train),
        "validation": scored(dataset.validation),
        "test": scored(dataset.test),
    }


@dataclass(frozen=True)
class Gallery:
    """Some examples of a data set whose inputs are pixels, the same ones at every step."""

    rows: IntArray
    split: Split
    name: str
    """training or test: the set they are from."""

    def images(self, side: tuple[int, int]) -> Bytes:
        """Their pixels, each data set's largest as 255."""
        largest = float(self.split.points.max()) or 1.0
        shown = self.split.points[self.rows] * (255 / largest)
        pixels = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
        return np.asarray(pixels.reshape(-1, *side))

    def answers(self, network: Network, loss: Loss) -> tuple[Bytes, Bytes]:
        """The class predicted for each, and its probability, 255 = certain."""
        with np.errstate(all="ignore"):
            outputs = answers(network, self.split.x[self.rows])
            sure = probabilities(outputs, loss).max(axis=1)
        sure = np.where(np.isfinite(sure), sure, 0.0)
        return outputs.argmax(axis=1).astype(np.uint8), np.rint(255 * sure).astype(np.uint8)


def gallery(dataset: Dataset) -> Gallery | None:
    """Evenly spread examples of the test set, or of the training set where there is no test set;
    None where the inputs are no pictures of several classes."""
    if dataset.image is None or dataset.task != "multiclass":
        return None
    name, split = ("test", dataset.test) if len(dataset.test) else ("training", dataset.train)
    count = min(MOST_EXAMPLES, len(split))
    rows = np.arange(count) * len(split) // count
    return Gallery(rows.astype(np.int64), split, name)


def classes_of(y: Array) -> Bytes:
    """One-hot targets (n, classes) as class numbers."""
    return np.asarray(y.argmax(axis=1), np.uint8)
