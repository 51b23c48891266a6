"""Real data sets as scikit-learn carries them; it is not imported until one is asked for."""

from __future__ import annotations

import numpy as np

from playground.data.source import Examples, Source, Task, class_targets


def real_source(
    name: str, task: Task, inputs: int, outputs: int, image: tuple[int, int] | None = None
) -> Source:
    """All of scikit-learn's `load_<name>`; `inputs` and `outputs` say beforehand what it has."""

    def draw(rng: np.random.Generator) -> Examples:
        from sklearn import datasets

        bunch = getattr(datasets, f"load_{name}")()
        points = np.asarray(bunch.data, dtype=np.float64)
        columns = tuple(map(str, bunch.feature_names))
        if task == "regression":
            return Examples(points, np.asarray(bunch.target, dtype=np.float64)[:, None], columns)
        classes = tuple(map(str, bunch.target_names))
        return Examples(points, class_targets(bunch.target, len(classes)), columns, classes)

    return Source(task, inputs, outputs, draw, image=image)
