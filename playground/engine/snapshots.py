"""A trainer's whole state as plain numeric arrays: a run goes on bit for bit elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from playground.base.arrays import Array

if TYPE_CHECKING:
    from playground.engine.trainer import Trainer

_WORD = (1 << 64) - 1


def take(trainer: Trainer) -> dict[str, Array]:
    """Parameters, optimizer state, running statistics, counters, schedule and random streams."""
    plateau = trainer.schedule.plateau
    found: dict[str, Any] = {
        "parameters": trainer.network.parameters.copy(),
        "statistics": trainer.network.statistics,
        "counters": np.array(
            [trainer.step, trainer.epoch, trainer.position, trainer.clock.updates], np.int64
        ),
        "shuffle_stream": _words(trainer.batches.epoch_start),
        "dropout_stream": _words(trainer.masks.bit_generator.state),
    }
    if plateau:
        found["plateau"] = np.array([plateau.scale, plateau.best, plateau.bad_epochs])
    return found | {f"state_{name}": v.copy() for name, v in trainer.state.items()}


def restore(trainer: Trainer, snapshot: dict[str, Array]) -> None:
    """Put a snapshot back, in place; it must come from a trainer of the same shape."""
    trainer.network.parameters[...] = snapshot["parameters"]
    trainer.network.statistics = snapshot["statistics"]
    step, epoch, position, updates = (int(v) for v in snapshot["counters"])
    trainer.step, trainer.epoch, trainer.position = step, epoch, position
    trainer.clock.updates = updates
    trainer.batches.restart_epoch(_stream_state(snapshot["shuffle_stream"]))
    trainer.masks.bit_generator.state = _stream_state(snapshot["dropout_stream"])
    plateau = trainer.schedule.plateau
    if plateau and "plateau" in snapshot:
        scale, best, bad = snapshot["plateau"]
        plateau.scale, plateau.best, plateau.bad_epochs = float(scale), float(best), int(bad)
    for name, vector in trainer.state.items():
        vector[...] = snapshot[f"state_{name}"]


def _words(state: Any) -> Array:
    """The state of a PCG64 generator as six 64-bit words."""
    inner = state["state"]
    return np.array(
        [
            inner["state"] >> 64,
            inner["state"] & _WORD,
            inner["inc"] >> 64,
            inner["inc"] & _WORD,
            state["has_uint32"],
            state["uinteger"],
        ],
        np.uint64,
    )


def _stream_state(words: Array) -> dict[str, Any]:
    w = [int(v) for v in words]
    return {
        "bit_generator": "PCG64",
        "state": {"state": (w[0] << 64) | w[1], "inc": (w[2] << 64) | w[3]},
        "has_uint32": w[4],
        "uinteger": w[5],
    }
