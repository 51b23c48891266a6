"""A run as a few words and one `.npz`, from which it goes on bit for bit in another process.

The words are JSON: the experiment, the seed in force, state and speed. The arrays are the trainer's
snapshot, the histories behind the curves, what patience remembers, the changes that can be taken
back and the tables of one's own. No pickle anywhere.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.experiment.config import Experiment
from playground.runtime.past import Moment, Story
from playground.runtime.run import Run
from playground.telemetry.look import Look

Arrays = dict[str, npt.NDArray[Any]]
Words = dict[str, Any]

PAST_BYTES = 8 * 1024 * 1024
"""Of weights to go back to: a checkpoint is made every few seconds."""


def pack(run: Run) -> tuple[Words, bytes]:
    """Everything that decides how `run` goes on."""
    words: Words = {
        "experiment": run.experiment.dump(),
        "seed": run.assembly.seed,
        "run_state": run.state,
        "remaining": run.remaining,
        "speed": run.pace.speed,
        "diverged": run.diverged,
        "finished": run.finished,
        "points_revision": run.points_revision,
        "watched": run.lab.watched,
        "coach": run.lab.dump(run.experiment),
        "look": [run.look.axes, run.look.gradients],
        "band": run.band.seeds,
        "step": run.step,
        "epoch": run.epoch,
    }
    tables = _Tables()
    words["table"] = tables.place(run.assembly.table)
    undo, redo = run.edits.past.within(PAST_BYTES)
    words["is_straight"] = run.edits.story.is_straight
    words["undo"] = [_moment_words(moment, tables) for moment in undo]
    words["redo"] = [_moment_words(moment, tables) for moment in redo]
    stopping = run.rules.stopping
    arrays: Arrays = {
        "stopping": np.array([stopping.best_loss, stopping.best_epoch, run.rules.told_epoch]),
        **_prefixed("trainer", run.assembly.trainer.snapshot()),
        **_prefixed("best", stopping.best or {}),
        **_prefixed("history", run.recorder.dump()),
        **_prefixed("table", {str(k): _bytes_array(t) for k, t in enumerate(tables.tables)}),
    }
    words["comparison"], beside = run.comparison.dump()
    arrays |= _prefixed("beside", beside)
    if run.edits.story.start is not None:
        arrays["start"] = run.edits.story.start
    for name, moments in (("undo", undo), ("redo", redo)):
        for k, moment in enumerate(moments):
            arrays |= _prefixed(f"{name}{k}", moment.snapshot or {})
            arrays |= _prefixed(f"{name}{k}-beside", moment.beside[1] if moment.beside else {})
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return words, buffer.getvalue()


def unpack(words: Mapping[str, Any], body: bytes) -> Run:
    """The run that `pack` was given, standing where it stood then."""
    with np.load(io.BytesIO(body), allow_pickle=False) as stored:
        arrays: Arrays = dict(stored)
    experiment = Experiment.parse(words["experiment"])
    # An edited seed waits for the next reset: the network was drawn from the one in force.
    tables = [array.tobytes() for array in _under("table", arrays).values()]
    table = None if words["table"] is None else tables[words["table"]]
    in_force = experiment.model_copy(update={"seed": words["seed"]})
    run = Run(in_force, speed=words["speed"], table=table)
    run.assembly.experiment = experiment
    run.assembly.trainer.restore(_under("trainer", arrays))
    best_loss, best_epoch, told_epoch = arrays["stopping"]
    stopping = run.rules.stopping
    stopping.best_loss, stopping.best_epoch = float(best_loss), int(best_epoch)
    stopping.best = _under("best", arrays) or None
    run.rules.told_epoch = int(told_epoch)
    run.diverged, run.finished = words["diverged"], words["finished"]
    run.lab.watched = words["watched"]
    run.lab.load(words.get("coach", {}), experiment)
    axes, gradients = words["look"]
    run.see(Look(None if axes is None else (axes[0], axes[1]), gradients))
    run.points_revision = words["points_revision"]
    if words["band"]:
        run.band.begin(words["band"], run.assembly)
    run.comparison.load(words.get("comparison", []), _under("beside", arrays), run.assembly)
    run.resume(words["run_state"], words["remaining"])
    run.recorder.load(_under("history", arrays))
    run.edits.story = Story(arrays.get("start"), words["is_straight"])
    for name, stack in (("undo", run.edits.past.undo), ("redo", run.edits.past.redo)):
        for k, told in enumerate(words[name]):
            beside = _under(f"{name}{k}-beside", arrays)
            stack.append(_moment(told, tables, _under(f"{name}{k}", arrays), beside))
    return run


class _Tables:
    """Each table once, however many moments had it."""

    def __init__(self) -> None:
        self.tables: list[bytes] = []

    def place(self, table: bytes | None) -> int | None:
        """Its number among them; None where there is no table."""
        if table is None:
            return None
        if table not in self.tables:
            self.tables.append(table)
        return self.tables.index(table)


def _moment_words(moment: Moment, tables: _Tables) -> Words:
    return {
        "what": moment.what,
        "experiment": moment.experiment.dump(),
        "seed": moment.seed,
        "table": tables.place(moment.table),
        "whole": moment.snapshot is not None,
        "beside": moment.beside[0] if moment.beside else [],
    }


def _moment(words: Words, tables: list[bytes], snapshot: Arrays, beside: Arrays) -> Moment:
    compared = words.get("beside", [])
    return Moment(
        words["what"],
        Experiment.parse(words["experiment"]),
        words["seed"],
        None if words["table"] is None else tables[words["table"]],
        snapshot if words["whole"] else None,
        beside=(compared, beside) if compared else None,
    )


def _bytes_array(table: bytes) -> npt.NDArray[Any]:
    return np.frombuffer(table, np.uint8)


def _prefixed(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _under(prefix: str, arrays: Arrays) -> Arrays:
    start = f"{prefix}."
    return {n.removeprefix(start): a for n, a in arrays.items() if n.startswith(start)}
