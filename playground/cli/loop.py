"""The training loop of the command line: long runs of steps, cut only where something is looked at:
a line of the log, the end of an epoch, the progress bar."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Any, TextIO

from tqdm import tqdm

from playground.base.errors import DivergedError
from playground.engine.norms import LayerNorms
from playground.engine.stopping import Stopping
from playground.experiment.assemble import Assembly

INTERRUPTED = "interrupted"

_LOOK_SECONDS = 0.1
"""How long a run of steps takes at most, about: the progress bar moves ten times a second."""


@dataclass
class Outcome:
    """What came of a training."""

    assembly: Assembly
    seconds: float
    diverged: DivergedError | None
    stopped: str | None
    """Which stopping rule held, in words, or `INTERRUPTED`; None where none did."""

    def report(self) -> dict[str, Any]:
        """The command's last line: losses and metrics over whole sets, null where not finite."""
        assembly, data = self.assembly, self.assembly.dataset
        splits = {"training": data.train, "validation": data.validation, "test": data.test}
        found = {name: assembly.evaluate(split) for name, split in splits.items()}
        trainer, broken = assembly.trainer, self.diverged
        report = {
            "steps": trainer.step,
            "epochs": trainer.epoch,
            "training_loss": found["training"][0],
            "test_loss": found["test"][0],
            "metrics": {name: metrics for name, (_, metrics) in found.items() if metrics},
            "seconds": self.seconds,
            "steps_per_second": trainer.step / self.seconds if self.seconds else None,
            "stopped": self.stopped,
            "diverged": broken is not None,
            "divergence": broken
            and {"step": broken.step, "layer": broken.layer, "what": broken.what},
        }
        answer: dict[str, Any] = finite(report)
        return answer


class Log:
    """The log's lines: step 1, then every step that is a multiple of `every`."""

    def __init__(self, file: TextIO, every: int) -> None:
        self.file, self.every = file, every

    def next_step(self, step: int) -> int:
        """The first step after `step` that has a line."""
        return 1 if step == 0 else (step // self.every + 1) * self.every

    def measured_step(self, assembly: Assembly) -> None:
        """Take one step and write its line: all of it as it was before the step's update."""
        data = assembly.dataset
        losses = assembly.loss(data.train), assembly.loss(data.test)
        norms = assembly.trainer.measured_step()
        self.file.write(_line(assembly, losses, norms) + "\n")


def _line(assembly: Assembly, losses: tuple[float | None, float | None], norms: LayerNorms) -> str:
    line = {
        "step": assembly.trainer.step,
        "epoch": assembly.trainer.epoch,
        "training_loss": losses[0],
        "test_loss": losses[1],
        **{name: values.tolist() for name, values in vars(norms).items()},
    }
    return json.dumps(finite(line), allow_nan=False)


def train_assembly(assembly: Assembly, steps: int | None, log: Log | None) -> Outcome:
    """Train until `steps` updates are made, a stopping rule holds, a value is not finite, or
    somebody interrupts."""
    trainer, stopping = assembly.trainer, assembly.stopping()
    last = steps
    if stopping.max_epochs is not None:
        most = stopping.max_epochs * trainer.steps_per_epoch
        last = most if steps is None else min(steps, most)
    diverged, length, stopped = None, 64, None
    bar = _Bar(assembly, last)
    begin = time.perf_counter()
    with _interrupt() as interrupt:
        try:
            while not (stopped or interrupt.is_set()) and (last is None or trainer.step < last):
                step, epoch, looked = trainer.step, trainer.epoch, time.perf_counter()
                if log and log.next_step(step) == step + 1:
                    log.measured_step(assembly)
                else:
                    ends = [step + length]
                    if last is not None:
                        ends.append(last)
                    if log:
                        ends.append(log.next_step(step) - 1)
                    if stopping.needs_loss:
                        ends.append((epoch + 1) * trainer.steps_per_epoch)
                    trainer.run(min(ends) - step)
                    if min(ends) == step + length:
                        length = _next_length(length, time.perf_counter() - looked)
                if stopping.is_set and trainer.epoch > epoch:
                    stopped = _verdict(assembly, stopping)
                    if stopping.is_best(trainer.epoch):
                        stopping.best = trainer.snapshot()
                bar.show(trainer.step)
        except DivergedError as error:
            diverged = error
    seconds = time.perf_counter() - begin
    bar.close()
    if stopped and stopping.best and stopping.best_epoch != trainer.epoch:
        # The best weights are brought back; the steps taken stay counted.
        assembly.network.parameters[...] = stopping.best["parameters"]
        assembly.network.statistics = stopping.best["statistics"]
        stopped = stopping.with_best(stopped)
    if interrupt.is_set() and not (stopped or diverged):
        stopped = INTERRUPTED
    return Outcome(assembly, seconds, diverged, stopped)


@contextmanager
def _interrupt() -> Iterator[threading.Event]:
    """Set by Ctrl-C, which then breaks into no step; pressed again, it ends the program at once."""
    asked = threading.Event()

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def finite(value: Any) -> Any:
    """`value` as JSON can say it: None for each number that is not finite."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _verdict(assembly: Assembly, stopping: Stopping) -> str | None:
    """Why to stop here, at the end of an epoch."""
    training = watched = 0.0
    if stopping.needs_loss:
        training = watched = assembly.loss(assembly.dataset.train) or 0.0
    if stopping.patience is not None and assembly.watched is not assembly.dataset.train:
        watched = assembly.loss(assembly.watched) or 0.0
    return stopping.tell(assembly.trainer.epoch, training, watched)


def _next_length(length: int, seconds: float) -> int:
    """The length of the next run of steps, after one of `length` took `seconds`."""
    if seconds < _LOOK_SECONDS / 2:
        return length * 2
    return max(1, length // 2) if seconds > _LOOK_SECONDS else length


class _Bar:
    """Progress on stderr, where that is a terminal: steps, speed and, once a second, the loss."""

    def __init__(self, assembly: Assembly, total: int | None) -> None:
        self._assembly = assembly
        self._bar = tqdm(
            total=total,
            unit=" steps",
            unit_scale=True,
            disable=not sys.stderr.isatty(),
            dynamic_ncols=True,
        )
        self._evaluated = 0.0

    def show(self, step: int) -> None:
        if self._bar.disable:
            return
        if time.perf_counter() - self._evaluated > 1:
            self._evaluate()
        self._bar.update(step - self._bar.n)

    def close(self) -> None:
        if not self._bar.disable:
            self._evaluate()
        self._bar.close()

    def _evaluate(self) -> None:
        self._evaluated = time.perf_counter()
        loss = self._assembly.loss(self._assembly.dataset.train)
        self._bar.set_postfix_str(f"training loss {loss:.4g}", refresh=False)
