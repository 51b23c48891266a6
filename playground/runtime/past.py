"""The way back: what a run was before each of its last changes, and the way forth again.

A change that touched no weight is taken back alone: training went on meanwhile, and what it learned
is kept. One that touched weights is taken back whole: weights, optimizer memory, random streams and
step are those of the moment before it, to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.arrays import Array
from playground.base.errors import InputError
from playground.engine.network import Network
from playground.experiment.assemble import Assembly, assemble, table_for
from playground.experiment.config import Experiment
from playground.experiment.reassemble import reassemble

Arrays = Mapping[str, npt.NDArray[Any]]
Beside = tuple[list[dict[str, Any]], Arrays]
"""Words and arrays of the variants beside a run."""

MOST = 50
"""Changes that can be taken back."""
MOST_BYTES = 64 * 1024 * 1024
"""Of their weights together; the last change can be taken back however large the network is."""
ONE_GESTURE_SECONDS = 1.0
"""A dragged slider makes many changes that are one to whoever drags it."""


@dataclass(frozen=True)
class Story:
    """How a run came to where it stands."""

    start: Array | None = None
    """The parameters it began with, where they are not those that the seed gives."""
    is_straight: bool = True
    """Nothing that decides its numbers was changed since its first step."""


@dataclass(frozen=True)
class Moment:
    """A run as it stood; `what` is the change between it and the next, in words."""

    what: str
    experiment: Experiment
    seed: int
    """The one in force."""
    table: bytes | None
    snapshot: Arrays | None = None
    """None where the change touched no weight."""
    histories: Arrays | None = None
    story: Story = Story(is_straight=False)
    beside: Beside | None = None
    """What was compared with it."""

    @property
    def size_bytes(self) -> int:
        beside = self.beside[1] if self.beside else {}
        arrays = [
            *(self.snapshot or {}).values(),
            *(self.histories or {}).values(),
            *beside.values(),
        ]
        return sum(array.nbytes for array in arrays)


class Past:
    """Two stacks of moments, the nearest last."""

    def __init__(self) -> None:
        self.undo: list[Moment] = []
        self.redo: list[Moment] = []
        self._subject: object = None
        self._changed_at = -np.inf

    def remember(self, moment: Moment, subject: object, now: float) -> None:
        """A change was made at `moment`; another of the same `subject` at once is one with it."""
        is_same_gesture = (
            subject is not None
            and subject == self._subject
            and now - self._changed_at < ONE_GESTURE_SECONDS
            and not self.redo
            and bool(self.undo)
        )
        self._subject, self._changed_at = subject, now
        self.redo.clear()
        if is_same_gesture and (self.undo[-1].snapshot is None) == (moment.snapshot is None):
            return
        self.undo.append(moment)
        self._trim()

    def nearest(self, back: bool) -> Moment:
        """The moment to go to; InputError where there is none."""
        stack = self.undo if back else self.redo
        if not stack:
            raise InputError(f"there is nothing to {'undo' if back else 'redo'}")
        return stack[-1]

    def went(self, back: bool, present: Moment) -> None:
        """The run has gone to the nearest moment; `present` is where it came from."""
        source, target = (self.undo, self.redo) if back else (self.redo, self.undo)
        source.pop()
        target.append(present)
        self._subject = None
        self._trim()

    def words(self) -> tuple[str | None, str | None]:
        """What can be taken back, and what can be made again."""
        undo, redo = (stack[-1].what if stack else None for stack in (self.undo, self.redo))
        return undo, redo

    def within(self, size_bytes: int) -> tuple[list[Moment], list[Moment]]:
        """As much of both stacks as fits, without the curves: what a checkpoint keeps."""
        kept: list[list[Moment]] = []
        for stack in (self.undo, self.redo):
            bare = [replace(moment, histories=None) for moment in stack]
            first = len(bare)
            while first and bare[first - 1].size_bytes <= size_bytes:
                first -= 1
                size_bytes -= bare[first].size_bytes
            kept.append(bare[first:])
        return kept[0], kept[1]

    def _trim(self) -> None:
        del self.undo[:-MOST]
        while len(self.undo) > 1 and sum(m.size_bytes for m in self.undo) > MOST_BYTES:
            del self.undo[0]


def is_untouched(old: Network, new: Network) -> bool:
    """Is every weight what and where it was?"""
    return (
        old.shapes == new.shapes
        and np.array_equal(old.parameters, new.parameters)
        and np.array_equal(old.statistics, new.statistics)
    )


def returned(moment: Moment, present: Assembly) -> Assembly:
    """The assembly as it stood at `moment`, or, where no weight was touched, as it would be now."""
    if moment.snapshot is None:
        return reassemble(present, moment.experiment, table=moment.table)
    in_force = moment.experiment.model_copy(update={"seed": moment.seed})
    found = begun(in_force, moment.table)
    found.experiment = moment.experiment
    found.trainer.restore(moment.snapshot)
    return found


def begun(experiment: Experiment, table: bytes | None) -> Assembly:
    """At step 0; the table is kept for when the data are to be it again."""
    if experiment.data.name == "csv" and table is None:
        raise InputError(
            "are somebody's own table, which does not travel in a link: "
            "open the saved file, or choose the table again",
            "data",
        )
    found = assemble(experiment, table=table_for(experiment, table))
    found.table = table
    return found
