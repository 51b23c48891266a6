"""The engine's promises on speed that need no peer: linear in depth, and cheap to watch."""

from __future__ import annotations

import statistics
import time

import numpy as np
import pytest

from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.runtime.run import Run
from playground.wire.codec import encode
from playground.wire.commands import Play

DEPTHS = (1, 2, 4, 8, 16, 32, 64)
FRAMES_PER_SECOND = 20
MOST_FOR_WATCHING = 0.10


def test_a_step_takes_longer_in_proportion_to_the_layers() -> None:
    """A straight line through the medians leaves less than a tenth of the deepest unexplained."""
    trainers = []
    for depth in DEPTHS:
        given = {"network": {"hidden": [{"units": 8}] * depth}}
        trainers.append(assemble(Experiment.parse(given)).trainer)
        trainers[-1].run(200)
    micros: list[list[float]] = [[] for _ in DEPTHS]
    for _ in range(25):
        for trainer, found in zip(trainers, micros, strict=True):
            start = time.process_time()
            trainer.run(200)
            found.append((time.process_time() - start) / 200 * 1e6)
    medians = np.array([statistics.median(found) for found in micros])
    slope, start = np.polyfit(DEPTHS, medians, 1)
    off = np.abs(medians - (start + slope * np.array(DEPTHS)))
    told = ", ".join(f"{d}: {m:.1f}" for d, m in zip(DEPTHS, medians, strict=True))
    print(
        f"\nµs a step by depth: {told}; {start:.1f} + {slope:.2f} a layer, off by ≤ {off.max():.1f}"
    )
    assert off.max() <= 0.1 * medians[-1]
    # Nor does the line hide a bend at its end: twice the layers, hardly more than twice as long.
    assert medians[-1] / medians[-2] < 2.2


@pytest.mark.parametrize(
    "network",
    [{}, {"hidden": [{"units": 8, "activation": "relu"}] * 6}],
    ids=["default", "8×6"],
)
def test_watching_costs_a_tenth_of_the_steps_at_most(network: dict[str, object]) -> None:
    """Twenty measured frames a second with the surface, packed as they travel."""
    run = Run(Experiment.parse({"network": network}), speed=None)
    run.handle(Play(name="play"))
    trainer = run.assembly.trainer
    shares = []
    for seq in range(60):
        start = time.process_time()
        trainer.run(500)
        training = time.process_time() - start
        start = time.process_time()
        run.recorder.sample(trainer.measured_step())
        encode(*run.frame(seq, 0, 0))
        frame = time.process_time() - start
        shares.append((FRAMES_PER_SECOND * frame, training / 500 * 1e6))
    watching = statistics.median(share for share, _ in shares)
    print(f"\n{watching:.1%} of a core for frames beside steps of {shares[-1][1]:.1f} µs")
    assert watching <= MOST_FOR_WATCHING
