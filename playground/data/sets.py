"""The data sets: a registry of parts that answer with a `Source`.

Coordinates of plane sets lie in [-6, 6]. `circle xor gauss spiral plane multi_gauss` follow the
generators of TensorFlow Playground (its src/dataset.ts), where label +1 is our class 1. `noise` is
its slider's fraction, 0 to 0.5; every set draws the same random numbers at every noise level, so a
change of noise moves the examples that are there instead of dealing new ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from playground.base.arrays import Array
from playground.base.registry import Registry
from playground.data.drawn import FIRST_POINTS, Points, drawn_source
from playground.data.limits import MAX_EXAMPLES
from playground.data.real import real_source
from playground.data.source import EXTENT, Examples, Source, Task, class_targets
from playground.data.tables import TableHeader, TablePath, TableTarget, table_source

DATASETS = Registry("data set")

Generator = np.random.Generator
Samples = Annotated[
    int,
    Field(ge=2, le=MAX_EXAMPLES, title="Samples", description="How many examples are drawn."),
]
Noise = Annotated[
    float,
    Field(ge=0, le=0.5, title="Noise", description="How far examples stray; 0 is clean."),
]


def _plane(
    task: Task,
    draw: Callable[[Generator], tuple[Array, npt.NDArray[Any]]],
    classes: tuple[str, ...] = ("class 0", "class 1"),
) -> Source:
    """A set of points (n, 2) with labels or values (n,)."""
    outputs = len(classes) if task == "multiclass" else 1

    def examples(rng: Generator) -> Examples:
        points, labels = draw(rng)
        if task == "regression":
            return Examples(points, labels.reshape(-1, 1), ("x1", "x2"))
        return Examples(points, class_targets(labels, len(classes)), ("x1", "x2"), classes)

    return Source(task, 2, outputs, examples, EXTENT)


def _halves(samples: int) -> tuple[int, int]:
    return (samples + 1) // 2, samples // 2


@DATASETS.register("circle", "Circle")
def circle(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """A disc of class 1 inside a ring of class 0."""
    radius = 5.0

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        inner, outer = _halves(samples)
        r = np.concatenate(
            [rng.uniform(0, radius * 0.5, inner), rng.uniform(radius * 0.7, radius, outer)]
        )
        angle = rng.uniform(0, 2 * np.pi, samples)
        points = np.column_stack([r * np.sin(angle), r * np.cos(angle)])
        # Noise moves the place where the label is read, not the point.
        moved = points + noise * rng.uniform(-radius, radius, (samples, 2))
        return points, np.hypot(moved[:, 0], moved[:, 1]) < radius * 0.5

    return _plane("binary", draw)


@DATASETS.register("xor", "XOR")
def xor(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Four quadrants; class 1 where both coordinates have the same sign."""
    radius, padding = 5.0, 0.3

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        points = rng.uniform(-radius, radius, (samples, 2))
        points += np.where(points > 0, padding, -padding)
        moved = points + noise * rng.uniform(-radius, radius, (samples, 2))
        return points, moved[:, 0] * moved[:, 1] >= 0

    return _plane("binary", draw)


@DATASETS.register("gauss", "Gauss")
def gauss(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Two round clouds, class 1 around (2, 2) and class 0 around (-2, -2)."""

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        upper, lower = _halves(samples)
        labels = np.repeat([1, 0], [upper, lower])
        centers = np.where(labels == 1, 2.0, -2.0).reshape(-1, 1)
        return centers + _spread(noise) * rng.standard_normal((samples, 2)), labels

    return _plane("binary", draw)


def _spread(noise: float) -> float:
    """Standard deviation of a cloud: its variance grows from 0.5 to 4 with noise from 0 to 0.5."""
    return float(np.sqrt(0.5 + 7.0 * noise))


@DATASETS.register("spiral", "Spiral")
def spiral(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Two arms wound around each other, 1¾ turns each."""

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        first, second = _halves(samples)
        labels = np.repeat([1, 0], [first, second])
        along = np.concatenate([np.arange(first), np.arange(second)]) / (samples / 2)
        angle = 1.75 * along * 2 * np.pi + np.where(labels == 1, 0.0, np.pi)
        arms = 5 * along.reshape(-1, 1) * np.column_stack([np.sin(angle), np.cos(angle)])
        return arms + noise * rng.uniform(-1, 1, (samples, 2)), labels

    return _plane("binary", draw)


@DATASETS.register("moons", "Moons")
def moons(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Two interleaved half circles, as scikit-learn's `make_moons`, three times as large."""

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        inner, outer = _halves(samples)
        a, b = np.linspace(0, np.pi, outer), np.linspace(0, np.pi, inner)
        points = np.concatenate(
            [
                np.column_stack([np.cos(a), np.sin(a)]),
                np.column_stack([1 - np.cos(b), 0.5 - np.sin(b)]),
            ]
        )
        points += noise * rng.standard_normal((samples, 2))
        return 3 * (points - [0.5, 0.25]), np.repeat([0, 1], [outer, inner])

    return _plane("binary", draw)


@DATASETS.register("checkerboard", "Checkerboard")
def checkerboard(
    *,
    samples: Samples = 500,
    noise: Noise = 0.0,
    cells: Annotated[
        int, Field(ge=2, le=8, title="Cells", description="Cells along each side of the board.")
    ] = 4,
) -> Source:
    """A board of alternating classes; class 1 at the lower left corner."""
    low, high = EXTENT
    width = (high - low) / cells

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        points = rng.uniform(low, high, (samples, 2))
        moved = points + noise * rng.uniform(-width, width, (samples, 2))
        column, row = np.floor((moved - low) / width).T
        return points, (column + row) % 2 == 0

    return _plane("binary", draw)


@DATASETS.register("blobs", "Blobs")
def blobs(
    *,
    samples: Samples = 500,
    noise: Noise = 0.0,
    classes: Annotated[
        int, Field(ge=2, le=10, title="Classes", description="One cloud for each class.")
    ] = 3,
) -> Source:
    """Round clouds on a circle of radius 4, one a class, as even in number as can be."""

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        labels = np.arange(samples) % classes
        angle = 2 * np.pi * labels / classes + np.pi / 2
        centers = 4 * np.column_stack([np.cos(angle), np.sin(angle)])
        return centers + _spread(noise) * rng.standard_normal((samples, 2)), labels

    names = tuple(f"class {k}" for k in range(classes))
    return _plane("binary" if classes == 2 else "multiclass", draw, names)


@DATASETS.register("plane", "Plane")
def plane(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Regression: an inclined plane, (x₁ + x₂) / 10."""

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        points = rng.uniform(*EXTENT, (samples, 2))
        moved = points + noise * rng.uniform(*EXTENT, (samples, 2))
        return points, moved.sum(axis=1) / 10

    return _plane("regression", draw)


@DATASETS.register("multi_gauss", "Multi-Gauss")
def multi_gauss(*, samples: Samples = 500, noise: Noise = 0.0) -> Source:
    """Regression: six cones of radius 2, up and down in turn, on flat ground."""
    tops = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])

    def draw(rng: Generator) -> tuple[Array, npt.NDArray[Any]]:
        points = rng.uniform(*EXTENT, (samples, 2))
        moved = points + noise * rng.uniform(*EXTENT, (samples, 2))
        distance = np.hypot(*(moved[:, np.newaxis, :] - tops).transpose(2, 0, 1))
        heights = signs * np.clip(1 - distance / 2, 0, 1)
        highest = np.abs(heights).argmax(axis=1)
        return points, heights[np.arange(samples), highest]

    return _plane("regression", draw)


@DATASETS.register("sine", "Sine")
def sine(
    *,
    samples: Samples = 500,
    noise: Noise = 0.0,
    frequency: Annotated[
        float, Field(gt=0, le=10, title="Frequency", description="f in sin(f·x).")
    ] = 1.0,
) -> Source:
    """Regression with one input: sin(f·x) for x in [-6, 6]; noise moves the target."""

    def draw(rng: Generator) -> Examples:
        points = rng.uniform(*EXTENT, (samples, 1))
        strays = noise * rng.uniform(-1, 1, (samples, 1))
        return Examples(points, np.sin(frequency * points) + strays, ("x",))

    return Source("regression", 1, 1, draw)


@DATASETS.register("iris", "Iris")
def iris() -> Source:
    """Three species of iris by the size of sepal and petal (Fisher 1936), 150 flowers."""
    return real_source("iris", "multiclass", inputs=4, outputs=3)


@DATASETS.register("wine", "Wine")
def wine() -> Source:
    """Three cultivars of wine by 13 chemical measurements, 178 wines."""
    return real_source("wine", "multiclass", inputs=13, outputs=3)


@DATASETS.register("breast_cancer", "Breast cancer")
def breast_cancer() -> Source:
    """Malignant or benign, by 30 measurements of cell nuclei, 569 samples."""
    return real_source("breast_cancer", "binary", inputs=30, outputs=1)


@DATASETS.register("digits", "Digits")
def digits() -> Source:
    """Handwritten digits as 8 × 8 pixels, 1,797 pictures."""
    return real_source("digits", "multiclass", inputs=64, outputs=10, image=(8, 8))


@DATASETS.register("diabetes", "Diabetes")
def diabetes() -> Source:
    """Regression: progress of diabetes after a year by 10 measurements, 442 patients."""
    return real_source("diabetes", "regression", inputs=10, outputs=1)


@DATASETS.register("drawn", "Your points")
def drawn(*, points: Points = FIRST_POINTS) -> Source:
    """Points that you draw on the decision surface, in up to ten classes."""
    return drawn_source(points)


@DATASETS.register("mazur", "Mazur's example")
def mazur() -> Source:
    """One example, (0.05, 0.10) → (0.01, 0.99): Mazur's step-by-step calculation (2015)."""
    example = Examples(np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), ("i1", "i2"))
    return Source("regression", 2, 2, lambda rng: example, in_order=True)


@DATASETS.register("csv", "Table (CSV)")
def csv(
    table: bytes | None = None,
    *,
    path: TablePath = None,
    target: TableTarget = None,
    header: TableHeader = None,
) -> Source | None:
    """A table of your own: a row an example, a column an input or the target."""
    return None if table is None else table_source(table, target=target, header=header)
