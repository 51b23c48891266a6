"""What an optimizer keeps from step to step."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from playground.engine.optimizers import OPTIMIZERS
from playground.engine.rules import play
from playground.engine.updates import Clock, chunks


@pytest.mark.parametrize("name", OPTIMIZERS.names)
def test_a_long_run_takes_no_more_memory_than_a_short_one(name: str) -> None:
    optimizer = OPTIMIZERS.make(name)
    p, g = np.zeros(3), np.ones(3)
    state = {key: np.zeros(3) for key in optimizer.state}
    calls = optimizer.bind(Clock(np.array(1e-4)), chunks(p, g, state))
    tracemalloc.start()
    try:
        for steps in (100, 4000):
            for _ in range(steps):
                play(calls)
            if steps == 100:
                before = tracemalloc.get_traced_memory()[0]
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 4000  # a byte a step
