"""Small probes: each fills one part of a frame from the live network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.data.dataset import Dataset
from playground.engine.network import Network
from playground.telemetry.frames import PointsHeader
from playground.telemetry.lens import Lens, lens_for
from playground.telemetry.report import classes_of, gallery

Bytes = npt.NDArray[np.uint8]
Arrays = dict[str, npt.NDArray[Any]]

WEIGHTS_MOST = 12_000
"""Parameters that still travel one by one."""
MATRIX_SIDE = 32
HISTOGRAM_BINS = 41
_CACHED_VALUES = 32_768
ROLE_TRAIN, ROLE_VALIDATION, ROLE_TEST = range(3)


def weights(network: Network) -> dict[str, Array]:
    """All weights and biases; of a large network mean-pooled matrices and all biases; float32."""
    layers = network.layers
    if sum(layer.block.size for layer in layers) <= WEIGHTS_MOST:
        # A layer's block is W by rows with b below it: as it lies is as it travels.
        return {"weights": _float32(np.concatenate([layer.block.ravel() for layer in layers]))}
    matrices = _matrices("weight_matrix", [layer.w for layer in layers])
    return matrices | {"biases": _float32(np.concatenate([layer.b for layer in layers]))}


def gradients(network: Network) -> dict[str, Array]:
    """dw and db of the last measured step, laid out as `weights`; pooled matrices are of |dw|."""
    layers = network.layers
    if sum(layer.block.size for layer in layers) <= WEIGHTS_MOST:
        flat = [part for layer in layers for part in (layer.dw.ravel(), layer.db)]
        return {"gradients": _float32(np.concatenate(flat))}
    matrices = _matrices("gradient_matrix", [np.abs(layer.dw) for layer in layers])
    return matrices | {"bias_gradients": _float32(np.concatenate([layer.db for layer in layers]))}


def _matrices(name: str, of_layers: Sequence[Array]) -> dict[str, Array]:
    """Each layer's numbers in mean-pooled blocks, as `name`_1, `name`_2 …"""
    with np.errstate(over="ignore"):
        blocks = [pooled(matrix) for matrix in of_layers]
    flat = _float32(np.concatenate([block.ravel() for block in blocks]))
    ends = np.cumsum([block.size for block in blocks])
    parts = np.split(flat, ends[:-1])
    return {
        f"{name}_{k}": part.reshape(block.shape)
        for k, (part, block) in enumerate(zip(parts, blocks, strict=True), start=1)
    }


def _float32(values: Array) -> Array:
    """What is finite stays finite: a weight beyond float32's range becomes the largest there is."""
    largest = np.finfo(np.float32).max
    clipped = np.where(np.isfinite(values), np.clip(values, -largest, largest), values)
    return clipped.astype(np.float32)


def pooled(w: Array) -> Array:
    """Means over blocks of w, so that at most `MATRIX_SIDE` rows and columns are left."""
    for axis in (0, 1):
        n = w.shape[axis]
        if n > MATRIX_SIDE:
            edges = np.arange(MATRIX_SIDE + 1) * n // MATRIX_SIDE
            sums = np.add.reduceat(w, edges[:-1], axis=axis)
            w = sums / np.expand_dims(np.diff(edges), 1 - axis)
    return w


def value_histograms(a: Sequence[Array]) -> tuple[Bytes, list[list[float]]]:
    """For each layer's values, 41 counts scaled to the fullest bin, and the range they cover.

    The range is rounded outwards, so that the picture stands still while the values move.
    """
    counts = np.zeros((len(a), HISTOGRAM_BINS), np.uint8)
    ranges = np.tile([0.0, 1.0], (len(a), 1))
    # A few layers at a time, so that they stay in the cache, are one computation.
    first = 0
    while first < len(a):
        end, size = first, 0
        while end < len(a) and (end == first or size + a[end].size <= _CACHED_VALUES):
            size, end = size + a[end].size, end + 1
        own = [k for k in range(first, end) if a[k].size]
        if own:
            values = np.concatenate([np.ravel(a[k], order="K") for k in own])
            counts[own], ranges[own] = _histograms(values, tuple(a[k].size for k in own))
        first = end
    return counts, ranges.tolist()


def _histograms(values: Array, sizes: tuple[int, ...]) -> tuple[Bytes, Array]:
    """Of rows of such sizes, one after the other: each one's counts and its range; of a row that is
    broken 0, and 0 to 1."""
    starts, row = _rows(sizes)
    shape: tuple[int, ...]
    if len(set(sizes)) == 1:  # broadcasting is quicker than to look up the row of each value
        row, shape = np.arange(len(sizes))[:, None], (len(sizes), values.size // len(sizes))
    else:
        shape = (values.size,)
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        sound = np.isfinite(low + high)
        low, high = np.where(sound, low, 0), np.where(sound, high, 1)
        ranges = np.array(
            [rounded_range(*pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]
        )
        start = ranges[:, 0].astype(values.dtype)
        factor = (HISTOGRAM_BINS / (ranges[:, 1] - ranges[:, 0])).astype(values.dtype)
        values = values.reshape(shape)
        if not sound.all():
            values = np.where(sound[row], values, 0)
        scaled = (values - start[row]) * factor[row]
    bins = np.minimum(scaled.astype(np.intp), HISTOGRAM_BINS - 1)
    bins += HISTOGRAM_BINS * row
    found = np.bincount(bins.ravel(), minlength=len(sizes) * HISTOGRAM_BINS).reshape(len(sizes), -1)
    counts = np.ceil(found * (255 / found.max(axis=1, keepdims=True)))
    return (counts * sound[:, None]).astype(np.uint8), ranges


@lru_cache(maxsize=256)
def _rows(sizes: tuple[int, ...]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each row starts, and the row of each value."""
    starts = np.cumsum([0, *sizes[:-1]])
    return starts, np.repeat(np.arange(len(sizes)), sizes)


def rounded_range(low: float, high: float) -> tuple[float, float]:
    """Outwards to 1, 2 or 5 times a power of ten; zero is always inside.

    >>> rounded_range(-0.93, 0.4)
    (-1.0, 0.5)
    >>> rounded_range(0.0, 0.0)
    (0.0, 1.0)
    """
    return 0.0 - _rounded_up(-low), _rounded_up(high) or (0.0 if low < 0 else 1.0)


def _rounded_up(size: float) -> float:
    if size <= 0:
        return 0.0
    power = floor(log10(size)) if size > 1e-300 else -300
    unit = float(f"1e{power}")
    return next((step * unit for step in (1, 2, 5) if step * unit >= size), 10 * unit)


def points(
    dataset: Dataset, revision: int, lens: Lens | None = None
) -> tuple[PointsHeader, Arrays]:
    """Every example to draw, training first, as the lens sees it; pictures among them in full."""
    lens = lens or lens_for(dataset)
    splits = [dataset.train, dataset.validation, dataset.test]
    y = np.concatenate([split.y for split in splits])
    seen = np.concatenate([lens.seen(split) for split in splits])
    targets = y.argmax(axis=1) if dataset.task == "multiclass" else y[:, 0]
    sizes = [len(split.y) for split in splits]
    role = np.repeat([ROLE_TRAIN, ROLE_VALIDATION, ROLE_TEST], sizes)
    pictures = gallery(dataset)
    header: PointsHeader = {
        "revision": revision,
        "task": dataset.task,
        "class_names": dataset.class_names,
        "feature_names": dataset.feature_names,
        "extent": lens.extent,
        "lens": lens.header,
        "image": list(dataset.image) if dataset.image else None,
        "examples_of": "test" if pictures and pictures.name == "test" else "training",
        "targets_range": [float(targets.min()), float(targets.max())],
    }
    arrays: Arrays = {
        "points": seen.astype(np.float32),
        "targets": targets.astype(np.float32),
        "role": role.astype(np.uint8),
    }
    if pictures is not None and dataset.image is not None:
        arrays["example_images"] = pictures.images(dataset.image)
        arrays["example_targets"] = classes_of(pictures.split.y[pictures.rows])
    return header, arrays
