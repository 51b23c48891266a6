"""A run as a few words and one `.npz`, from which it goes on bit for bit in another process.

The words are JSON: the experiment, the seed in force, state and speed. The arrays are the trainer's
snapshot, the histories behind the curves, and what patience remembers. No pickle anywhere.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.experiment.config import Experiment
from playground.runtime.run import Run

Arrays = dict[str, npt.NDArray[Any]]
Words = dict[str, Any]


def pack(run: Run) -> tuple[Words, bytes]:
    """Everything that decides how `run` goes on."""
    words: Words = {
        "experiment": run.experiment.dump(),
        "seed": run.assembly.seed,
        "run_state": run.state,
        "remaining": run.remaining,
        "speed": run.pace.speed,
        "diverged": run.diverged,
        "points_revision": run.points_revision,
        "step": run.step,
        "epoch": run.epoch,
    }
    stopping = run.rules.stopping
    arrays: Arrays = {
        "stopping": np.array([stopping.best_loss, stopping.best_epoch, run.rules.told_epoch]),
        **_prefixed("trainer", run.assembly.trainer.snapshot()),
        **_prefixed("best", stopping.best or {}),
        **_prefixed("history", run.recorder.dump()),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return words, buffer.getvalue()


def unpack(words: Mapping[str, Any], body: bytes) -> Run:
    """The run that `pack` was given, standing where it stood then."""
    with np.load(io.BytesIO(body), allow_pickle=False) as stored:
        arrays: Arrays = dict(stored)
    experiment = Experiment.parse(words["experiment"])
    # An edited seed waits for the next reset: the network was drawn from the one in force.
    run = Run(experiment.model_copy(update={"seed": words["seed"]}), speed=words["speed"])
    run.assembly.experiment = experiment
    run.assembly.trainer.restore(_under("trainer", arrays))
    best_loss, best_epoch, told_epoch = arrays["stopping"]
    stopping = run.rules.stopping
    stopping.best_loss, stopping.best_epoch = float(best_loss), int(best_epoch)
    stopping.best = _under("best", arrays) or None
    run.rules.told_epoch = int(told_epoch)
    run.points_revision = words["points_revision"]
    run.diverged = words["diverged"]
    run.resume(words["run_state"], words["remaining"])
    run.recorder.load(_under("history", arrays))
    return run


def _prefixed(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _under(prefix: str, arrays: Arrays) -> Arrays:
    start = f"{prefix}."
    return {n.removeprefix(start): a for n, a in arrays.items() if n.startswith(start)}
