"""Runs side by side: variants of a run's experiment that train beside it, step for step.

All begin at step 0, from the same seed, on the same data in the same order. Every slice takes the
same number of steps with each; one that diverges stands still, and the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.errors import DivergedError, InputError
from playground.experiment.assemble import Assembly
from playground.experiment.reassemble import reassemble
from playground.experiment.variants import Variant, labels
from playground.lab.prediction import slope_towards_input
from playground.runtime.edits import assembled
from playground.runtime.past import begun
from playground.runtime.saving import subject
from playground.telemetry.frames import Compared, Divergence, Notice, finite
from playground.telemetry.recorder import Arrays, Recorder
from playground.wire.commands import Command, StructureChange

_CURVES = ("curve_step", "curve_training_loss", "curve_test_loss")


@dataclass
class Lane:
    """A variant, being trained."""

    variant: Variant
    assembly: Assembly
    recorder: Recorder
    diverged: Divergence | None = None

    def advance(self, steps: int, *, measured: bool) -> float:
        """Take the steps, the last of them measured, which costs the seconds that it returns.
        DivergedError where a value is not finite."""
        trainer = self.assembly.trainer
        if steps > measured:
            trainer.run(steps - measured)
        if not measured:
            return 0.0
        norms, began = trainer.measured_step(), time.perf_counter()
        self.recorder.sample(norms)
        return time.perf_counter() - began

    def diverge(self, error: DivergedError) -> None:
        """It stands still from now on, at its last finite weights."""
        self.diverged = {"step": error.step, "layer": error.layer, "what": error.what}
        self.recorder.sample(self.assembly.trainer.peek())


class Comparison:
    """The variants beside a run; none at first."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.sampling_seconds = 0.0
        """What measuring them cost last time."""

    @property
    def is_live(self) -> bool:
        """Does any of them still train?"""
        return any(lane.diverged is None for lane in self.lanes)

    @property
    def step(self) -> int:
        """The furthest that one has come."""
        return max((lane.assembly.trainer.step for lane in self.lanes), default=0)

    def told(self) -> list[dict[str, Any]]:
        """The variants as JSON."""
        return [lane.variant.model_dump(mode="json") for lane in self.lanes]

    def begun(self, variants: list[Variant], now: Assembly) -> list[Lane]:
        """A lane for each, at step 0. InputError where a variant can't be."""
        found = []
        for variant in variants:
            own = variant.apply(now.experiment.model_copy(update={"seed": now.seed}))
            assembly = assembled(lambda own=own: begun(own, now.table))  # type: ignore[misc]
            found.append(Lane(variant, assembly, Recorder(subject(assembly))))
        return found

    def again(self, now: Assembly) -> None:
        """After a reset: the same variants, from step 0."""
        self.lanes = self.begun([lane.variant for lane in self.lanes], now)

    def end(self) -> None:
        self.lanes = []

    def lane(self, number: int) -> Lane:
        """The one called run `number` + 1, the first being the session's own."""
        if number > len(self.lanes):
            there = f"there are {len(self.lanes)}" if self.lanes else "nothing is compared"
            raise InputError(f"{there}, got {number}", "variant")
        return self.lanes[number - 1]

    def follow(self, command: Command, now: Assembly) -> None:
        """Change each as the run was changed by `command`. InputError, and no change, where one
        can't be."""
        structure = command if isinstance(command, StructureChange) else None
        changed = []
        for lane in self.lanes:
            own, old = lane.variant.apply(now.experiment), lane.assembly
            changed.append(
                assembled(lambda own=own, old=old: reassemble(old, own, structure, table=now.table))  # type: ignore[misc]
            )
        for lane, assembly in zip(self.lanes, changed, strict=True):
            assembly.table = now.table
            lane.assembly = assembly
            lane.recorder.bind(subject(assembly))

    def advance(self, steps: int, *, measured: bool) -> tuple[int, list[Notice]]:
        """As many steps with each as the run takes; how many were taken, and what is to be said."""
        taken, notices, self.sampling_seconds = 0, list[Notice](), 0.0
        for k, lane in enumerate(self.lanes):
            if lane.diverged:
                continue
            before = lane.assembly.trainer.step
            try:
                self.sampling_seconds += lane.advance(steps, measured=measured)
            except DivergedError as error:
                lane.diverge(error)
                notices.append(_diverged(k + 2, error))
            taken = max(taken, lane.assembly.trainer.step - before)
        return taken, notices

    def header(
        self, now: Assembly, recorder: Recorder, diverged: Divergence | None
    ) -> list[Compared]:
        """What a frame says of each, the run first; nothing without a comparison."""
        if not self.lanes:
            return []
        every = [Lane(Variant(), now, recorder, diverged), *self.lanes]
        words = labels([lane.assembly.experiment for lane in every])
        return [_told(lane, label) for lane, label in zip(every, words, strict=True)]

    def arrays(self) -> Arrays:
        """Curves and norms of each variant."""
        found: Arrays = {}
        for k, lane in enumerate(self.lanes, start=1):
            curves = {f"curve_{name}": a for name, a in lane.recorder.curves.items()}
            of = {name: curves[name] for name in _CURVES} | vars(lane.recorder.norms)
            found |= {f"compared_{k}_{name}": a for name, a in of.items()}
        return found

    def dump(self) -> tuple[list[dict[str, Any]], Arrays]:
        """Words and arrays of a checkpoint."""
        words, arrays = [], Arrays()
        for k, lane in enumerate(self.lanes):
            words.append(
                {"variant": lane.variant.model_dump(mode="json"), "diverged": lane.diverged}
            )
            of = {"trainer": lane.assembly.trainer.snapshot(), "history": lane.recorder.dump()}
            for kind, own in of.items():
                arrays |= {f"{k}.{kind}.{name}": a for name, a in own.items()}
        return words, arrays

    def load(
        self,
        words: list[dict[str, Any]],
        arrays: Mapping[str, npt.NDArray[Any]],
        now: Assembly,
    ) -> None:
        """What `dump` gave, beside the same run as then."""
        self.lanes = self.begun([Variant.model_validate(each["variant"]) for each in words], now)
        for k, (lane, each) in enumerate(zip(self.lanes, words, strict=True)):
            lane.assembly.experiment = lane.variant.apply(now.experiment)
            lane.assembly.trainer.restore(_under(f"{k}.trainer.", arrays))
            lane.recorder.load(_under(f"{k}.history.", arrays))
            lane.diverged = each["diverged"]


def _told(lane: Lane, label: str) -> Compared:
    if lane.recorder.sampled_step != lane.assembly.trainer.step:
        lane.recorder.sample()
    of = lane.recorder.scores
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = slope_towards_input(np.log10(lane.recorder.norms.delta_norm[:-1]))
    return {
        "label": label,
        "step": lane.assembly.trainer.step,
        "training_loss": finite(of.training.loss),
        "test_loss": finite(of.test.loss),
        "training_metric": finite(of.training.metric),
        "test_metric": finite(of.test.metric),
        "slope": finite(slope),
        "diverged": lane.diverged,
    }


def _diverged(number: int, error: DivergedError) -> Notice:
    text = (
        f"Run {number} diverged at step {error.step}: {error.what} of layer {error.layer} is not "
        "finite. The others go on."
    )
    return {"level": "warning", "text": text, "field": None}


def _under(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
