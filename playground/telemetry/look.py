"""How the page looks at a run: nothing of the run itself depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from playground.data.dataset import Dataset


@dataclass(frozen=True)
class Look:
    """`axes`: which two of many inputs the picture shows, None for principal components;
    `gradients`: every weight's gradient is drawn."""

    axes: tuple[int, int] | None = None
    gradients: bool = False

    def axes_for(self, dataset: Dataset) -> tuple[int, int] | None:
        """The axes, or None where this data set lacks them: it may have become another."""
        if self.axes is None or max(self.axes) >= len(dataset.feature_names):
            return None
        return self.axes
