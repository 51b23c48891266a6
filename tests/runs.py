"""A run without a server around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.experiment.config import Experiment
from playground.runtime.run import Run
from playground.wire.commands import parse_command


def run_of(**experiment: Any) -> Run:
    return Run(Experiment.parse(experiment), speed=None)


def ask(run: Run, name: str, **settings: Any) -> None:
    run.handle(parse_command({"name": name, **settings}))


def advance(run: Run, slices: int = 1) -> None:
    for _ in range(slices):
        run.advance(0.001, measured=False)


def train(run: Run, steps: int) -> None:
    """Exactly so many steps."""
    ask(run, "step", count=steps)
    while run.state == "running":
        advance(run)


def parameters(run: Run) -> np.ndarray:
    return run.assembly.network.parameters.copy()
