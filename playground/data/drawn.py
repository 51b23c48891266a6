"""Points drawn by hand: they stand in the settings themselves, and so travel in every link."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from playground.data.source import EXTENT, Examples, Source, class_targets

MOST_POINTS = 1_000
CLASS_LETTERS = "ABCDEFGHIJ"

Coordinate = Annotated[float, Field(ge=EXTENT[0], le=EXTENT[1])]
Point = Annotated[
    tuple[Coordinate, Coordinate, Annotated[int, Field(ge=0, lt=len(CLASS_LETTERS))]],
    Field(strict=False),  # a list will do
]
Points = Annotated[
    tuple[Point, ...],
    Field(
        strict=False,
        min_length=1,
        max_length=MOST_POINTS,
        title="Points",
        description="Each with its two coordinates, from -6 to 6, and its class, from 0.",
    ),
]
FIRST_POINTS: tuple[tuple[float, float, int], ...] = (
    (-4.0, 4.0, 0), (-2.0, 2.0, 0), (2.0, -2.0, 0), (4.0, -4.0, 0),
    (-4.0, -4.0, 1), (-2.0, -2.0, 1), (2.0, 2.0, 1), (4.0, 4.0, 1),
)  # fmt: skip
"""A sketch of XOR: something to learn before anything is drawn."""


def drawn_source(points: tuple[tuple[float, float, int], ...]) -> Source:
    """The points in the order in which they were drawn, in as many classes as they name."""
    places = np.array([point[:2] for point in points], np.float64).reshape(-1, 2)
    labels = np.array([point[2] for point in points], np.intp)
    count = max(2, int(labels.max()) + 1)
    classes = tuple(CLASS_LETTERS[:count])
    task = "binary" if count == 2 else "multiclass"
    examples = Examples(places, class_targets(labels, count), ("x1", "x2"), classes)
    outputs = 1 if count == 2 else count
    return Source(task, 2, outputs, lambda rng: examples, EXTENT, in_order=True)  # type: ignore[arg-type]
