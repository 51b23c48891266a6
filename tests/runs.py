"""A run without a server around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.experiment.config import Experiment
from playground.runtime.answers import answer
from playground.runtime.run import Run
from playground.wire.commands import parse_command
from playground.wire.requests import parse_request

TABLE = b"a,b,kind\n1,2,x\n3,4,y\n5,6,x\n7,9,y\n2,2,y\n"


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


def give(run: Run, name: str, body: bytes, **settings: Any) -> None:
    """A command with something beside it."""
    run.handle(parse_command({"name": name, **settings}), body)


def file(run: Run, what: str) -> tuple[dict[str, Any], bytes]:
    return answer(run, parse_request({"name": "file", "what": what}), b"")
