"""The real sets are scikit-learn's, whole and unchanged."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn import datasets

from playground.data.dataset import load


@pytest.mark.parametrize(
    ("name", "task", "outputs", "n"),
    [
        ("iris", "multiclass", 3, 150),
        ("wine", "multiclass", 3, 178),
        ("breast_cancer", "binary", 1, 569),
        ("digits", "multiclass", 10, 1797),
        ("diabetes", "regression", 1, 442),
    ],
)
def test_every_row_is_there_once_with_its_target(
    name: str, task: str, outputs: int, n: int
) -> None:
    bunch = getattr(datasets, f"load_{name}")()
    data = load({"name": name, "train_fraction": 1}, 5)
    assert (data.task, data.outputs, len(data.train)) == (task, outputs, n)
    assert data.feature_names == [str(column) for column in bunch.feature_names]
    y = data.train.y if outputs == 1 else data.train.y.argmax(axis=1)
    ours = np.column_stack([data.train.points, y])
    theirs = np.column_stack([bunch.data, bunch.target])
    np.testing.assert_array_equal(ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)])


def test_classes_bear_their_names() -> None:
    assert load("iris", 0).class_names == ["setosa", "versicolor", "virginica"]
    assert load("breast_cancer", 0).class_names == ["malignant", "benign"]
    assert load("digits", 0).class_names == [str(digit) for digit in range(10)]


def test_scikit_learn_is_imported_only_where_it_is_used() -> None:
    program = (
        "import sys; from playground.data.dataset import load; load('circle', 0);"
        "print('sklearn' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.stdout.strip() == "False", answer.stderr
