"""A band of 32 seeds beside 32 runs one after the other, on the default net."""

from __future__ import annotations

import statistics
import time

from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.lab.band import Band

SEEDS, STEPS, TURNS = 32, 500, 15


def test_a_band_of_32_seeds_is_five_times_as_fast_as_32_runs() -> None:
    """Measured in turns, so that what else the machine does meets both alike."""
    experiment = Experiment.parse({"data": {"name": "circle", "seed": 0}})
    band = Band(experiment, range(SEEDS))
    runs = [assemble(experiment.model_copy(update={"seed": seed})) for seed in range(SEEDS)]
    band.run(STEPS)
    ratios = []
    for _ in range(TURNS):
        began = time.perf_counter()
        band.run(STEPS)
        between = time.perf_counter()
        for run in runs:
            run.trainer.run(STEPS)
        ratios.append((time.perf_counter() - between) / (between - began))
    print(f"\n{SEEDS} seeds: {statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} …)")
    assert statistics.median(ratios) >= 5
