"""How good predictions are, in each task's measures. Outputs and targets are (n, outputs)."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.base.arrays import Array, IntArray

HEADLINE = {"binary": "accuracy", "multiclass": "accuracy", "regression": "r2"}
"""The one measure of each task that is shown beside the loss."""


def predicted_classes(outputs: Array, threshold: float = 0.0) -> IntArray:
    """Class numbers: one output splits at `threshold`, several take the largest."""
    if outputs.shape[1] == 1:
        return np.asarray(outputs[:, 0] > threshold, np.int64)
    return np.asarray(outputs.argmax(axis=1), np.int64)


def confusion_matrix(predicted: IntArray, true: IntArray, classes: int) -> IntArray:
    """Counts, (classes, classes): row the true class, column the predicted one."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (true, predicted), 1)
    return matrix


def macro_f1(matrix: IntArray) -> float:
    """The unweighted mean of each class's F1; a class neither true nor predicted counts 0."""
    hits = np.diag(matrix)
    both = matrix.sum(axis=0) + matrix.sum(axis=1)
    return float(np.mean(np.divide(2 * hits, both, out=np.zeros(len(hits)), where=both > 0)))


def classification_metrics(outputs: Array, y: Array, threshold: float = 0.0) -> dict[str, Any]:
    """accuracy, macro_f1, confusion. `threshold` splits a single output: 0 for logits."""
    true = predicted_classes(y, 0.5)
    classes = max(2, y.shape[1])
    matrix = confusion_matrix(predicted_classes(outputs, threshold), true, classes)
    return {
        "accuracy": float(np.trace(matrix) / max(1, matrix.sum())),
        "macro_f1": macro_f1(matrix),
        "confusion": matrix.tolist(),
    }


def regression_metrics(outputs: Array, y: Array) -> dict[str, Any]:
    """rmse, mae, r2, each over all outputs alike; r2 is None where the targets do not vary."""
    error = outputs.astype(np.float64) - y
    varies = np.ptp(y, axis=0).max() > 0  # a sum of squares would be rounding, not 0
    spread = float(((y - y.mean(axis=0)) ** 2).sum())
    return {
        "rmse": float(np.sqrt((error**2).mean())),
        "mae": float(np.abs(error).mean()),
        "r2": 1 - float((error**2).sum()) / spread if varies else None,
    }


def task_metrics(task: str, outputs: Array, y: Array, threshold: float = 0.0) -> dict[str, Any]:
    """The measures of `task`: binary, multiclass or regression; empty where there is no example."""
    if not len(y):
        return {}
    if task == "regression":
        return regression_metrics(outputs, y)
    return classification_metrics(outputs, y, threshold)
