"""What an exported script is made from: an experiment, assembled; its numbers as source text."""

from __future__ import annotations

import base64
import textwrap
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from pydantic import BaseModel

from playground.base.arrays import Array
from playground.data.dataset import Dataset, Split
from playground.engine.schedules import SCHEDULES
from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment, HiddenLayer, Training
from playground.experiment.weights import named_weights
from playground.export.formulas import number

WIDTH = 99
"""Of a line of a script."""
_READABLE_NUMBERS = 40
"""Larger arrays are packed: nobody reads them, and packed they are a third as long."""
_DEFAULT_EPOCHS = 100

UNPACKED = '''
def unpacked(text, *shape):
    """An array of float64: its bytes, compressed, in base 64."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f8")
    return numbers.reshape(shape).copy()
'''


@dataclass(frozen=True)
class Material:
    """One run, and what scripts in any library need to say of it."""

    experiment: Experiment
    assembly: Assembly
    weights: dict[str, Array]

    @property
    def training(self) -> Training:
        return self.experiment.training

    @property
    def dataset(self) -> Dataset:
        return self.assembly.dataset

    @property
    def hidden(self) -> tuple[HiddenLayer, ...]:
        return self.experiment.network.hidden

    @property
    def activations(self) -> list[BaseModel]:
        """The settings of each layer's activation, the output layer's last."""
        return [
            *(layer.activation for layer in self.hidden),
            self.experiment.network.output.activation,
        ]

    @property
    def widths(self) -> list[int]:
        """Inputs, every hidden layer, outputs."""
        hidden = [layer.units for layer in self.hidden]
        return [self.assembly.network.inputs, *hidden, self.dataset.outputs]

    @property
    def normalizations(self) -> list[str]:
        """The kinds in use, each once."""
        used = [name_of(layer.normalization) for layer in self.hidden if layer.normalization]
        return sorted(set(used))

    @property
    def has_dropout(self) -> bool:
        return any(layer.dropout for layer in self.hidden)

    @property
    def has_residual(self) -> bool:
        return any(layer.residual for layer in self.hidden)

    @property
    def has_two_modes(self) -> bool:
        """Whether the network does in training what it does not do in evaluation."""
        return self.has_dropout or "batch" in self.normalizations

    @property
    def loss(self) -> BaseModel:
        return self.experiment.loss_for(self.dataset.task)

    @property
    def has_plateau(self) -> bool:
        """Whether the schedule is told a loss after each epoch."""
        return SCHEDULES.make(self.training.schedule).plateau is not None

    @property
    def watched(self) -> str | None:
        """Which set patience or a plateau schedule watches; None where nothing is watched."""
        if not self.has_plateau and self.training.stop.patience is None:
            return None
        return "validation" if len(self.dataset.validation) else "train"

    @property
    def splits(self) -> dict[str, Split]:
        """The sets that the script needs, by name."""
        found = {"train": self.dataset.train}
        if self.watched == "validation":
            found["validation"] = self.dataset.validation
        if len(self.dataset.test):
            found["test"] = self.dataset.test
        return found

    @property
    def epochs(self) -> int:
        """How long the script trains when it is not told."""
        return self.training.stop.max_epochs or _DEFAULT_EPOCHS

    @property
    def title(self) -> str:
        """Such as `2-4-2-1 tanh network on the data set circle, trained with sgd`."""
        kinds = list(dict.fromkeys(name_of(phi) for phi in self.activations[:-1])) or ["linear"]
        optimizer = name_of(self.training.optimizer)
        return (
            f"{shape_text(self.widths)} {'/'.join(kinds)} network on the data set "
            f"{self.dataset.name}, trained with {optimizer}"
        )


def material(
    experiment: Experiment, weights: Mapping[str, Array] | None, table: bytes | None
) -> Material:
    """The run of `experiment`; InputError where data, network and weights do not fit together."""
    assembly = assemble(experiment, weights=weights, table=table)
    return Material(experiment, assembly, named_weights(assembly.network))


def name_of(part: BaseModel | None) -> str:
    """A part's name, as in its registry."""
    return str(getattr(part, "name", ""))


def settings_of(part: BaseModel) -> dict[str, Any]:
    """A part's settings without its name."""
    return part.model_dump(exclude={"name"})


def shape_text(widths: list[int]) -> str:
    """Layer widths as people write them.

    >>> shape_text([2, 8, 8, 8, 1])
    '2-8×3-1'
    """
    runs = [(width, len(list(run))) for width, run in groupby(widths)]
    return "-".join(f"{width}×{n}" if n > 2 else "-".join([str(width)] * n) for width, n in runs)


def array_text(array: Array) -> str:
    """An array as an expression with exactly its numbers."""
    array = np.asarray(array, np.float64)
    if array.size > _READABLE_NUMBERS:
        packed = base64.b64encode(zlib.compress(array.astype("<f8").tobytes(), 9)).decode()
        shape = ", ".join(map(str, array.shape))
        return f'unpacked("""\n{textwrap.fill(packed, WIDTH)}\n""", {shape})'
    column = array.ndim == 2 and array.shape[1] == 1 and len(array) > 1
    rows = [", ".join(map(number, row)) for row in np.atleast_2d(array).tolist()]
    if column:
        rows = [", ".join(rows)]
    tail = "], float)[:, None]" if column else "], float)"
    if array.ndim == 1 or column:
        opening, lines = "np.array([", textwrap.wrap(rows[0], WIDTH - 4)
        short = opening + rows[0] + tail
    else:
        lines = [_row_text(row) for row in rows]
        short = f"np.array([{', '.join(f'[{row}]' for row in rows)}{tail}"
    if len(short) < WIDTH - 16:
        return short
    return "np.array([\n" + "\n".join(f"    {line}" for line in lines) + f"\n{tail}"


def _row_text(row: str) -> str:
    return textwrap.fill(f"[{row}],", WIDTH - 4, subsequent_indent="     ")
