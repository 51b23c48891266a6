"""Parts written tomorrow are exported without another line: their own source goes along."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from pydantic import Field
from reference.export_cases import STEPS, batch_losses

from playground.base.arrays import Array
from playground.engine.activations import ACTIVATIONS
from playground.engine.blas import subtract_scaled
from playground.engine.losses import BINARY, LOSSES, Loss
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.rules import Activation, Calls, scalar
from playground.engine.schedules import SCHEDULES, Schedule
from playground.engine.updates import Chunk, Clock, Optimizer
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.export.exporters import EXPORTERS

RUNNER = Path(__file__).parents[2] / "reference" / "run_scripts.py"


def bent(*, bend: Annotated[float, Field(ge=0, description="how much")] = 0.3) -> Activation:
    """z + bend·z³: a cubic."""

    def forward(z: Array, a: Array) -> Calls:
        cube = np.empty_like(z)
        return [
            partial(np.multiply, z, z, cube),
            partial(np.multiply, cube, scalar(bend, z), cube),
            partial(np.multiply, cube, z, cube),
            partial(np.add, z, cube, a),
        ]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        return [
            partial(np.multiply, z, z, d),
            partial(np.multiply, d, scalar(3 * bend, z), d),
            partial(np.add, d, scalar(1.0, z), d),
        ]

    return Activation(forward, derivative, from_output=False)


def clenched() -> Activation:
    """tanh by a call that no formula can be read from."""

    def forward(z: Array, a: Array) -> Calls:
        return [lambda: np.tanh(z, a)]

    def derivative(z: Array, a: Array, d: Array) -> Calls:
        return [lambda: np.copyto(d, 1 - a * a)]

    return Activation(forward, derivative)


def smooth_error() -> Loss:
    """log cosh of the error, mean over examples."""

    def gradient(out: Array, y: Array, d: Array) -> Calls:
        return [
            partial(np.subtract, out, y, d),
            partial(np.tanh, d, d),
            partial(np.multiply, d, scalar(1 / out.shape[1], d), d),
        ]

    return Loss(
        lambda out, y: float(np.mean(np.log(np.cosh(out - y)))), gradient, frozenset({BINARY})
    )


def sign_descent(
    *, share: Annotated[float, Field(ge=0, le=1, description="of the rate")] = 0.1
) -> Optimizer:
    """Each parameter moves by a share of the rate, against its gradient's sign."""

    def bind(clock: Clock, chunks: list[Chunk]) -> Calls:
        calls: Calls = []
        for c in chunks:
            calls += [
                partial(np.sign, c.g, c.scratch),
                partial(np.multiply, c.scratch, scalar(share, c.p), c.scratch),
                subtract_scaled(c.p, c.scratch, clock.rate),
            ]
        return calls

    return Optimizer((), bind)


def harmonic() -> Schedule:
    """One over the epochs gone by."""
    return Schedule(lambda epochs: 1 / (1 + epochs))


@pytest.fixture
def tomorrow() -> Iterator[None]:
    """The registries with parts that no exporter has heard of."""
    new = [
        (ACTIVATIONS, bent), (ACTIVATIONS, clenched), (LOSSES, smooth_error),
        (OPTIMIZERS, sign_descent), (SCHEDULES, harmonic),
    ]  # fmt: skip
    for registry, make in new:
        registry.register(make.__name__)(make)
    yield
    for registry, make in new:
        del registry._parts[make.__name__]


@pytest.mark.parametrize("kind", EXPORTERS.names)
@pytest.mark.usefixtures("tomorrow")
def test_new_parts_are_exported_by_themselves(kind: str, tmp_path: Path) -> None:
    python = sys.executable if kind == "numpy" else os.environ.get("PLAYGROUND_TORCH_PYTHON")
    experiment = Experiment.parse(
        {
            "data": {"name": "circle", "samples": 34, "noise": 0.2},
            "network": {
                "hidden": [
                    {"units": 5, "activation": {"name": "bent", "bend": 0.1}},
                    {"units": 4, "activation": "clenched"},
                ]
            },
            "training": {
                "loss": "smooth_error", "optimizer": {"name": "sign_descent", "share": 0.2},
                "schedule": "harmonic", "batch_size": 7,
            },
        }
    )  # fmt: skip
    script, out = tmp_path / "script.py", tmp_path / "found.npz"
    script.write_text(EXPORTERS.part(kind).make(experiment), encoding="utf-8")
    if python is None:
        pytest.skip("PLAYGROUND_TORCH_PYTHON names no interpreter that has torch")
    command = [python, str(RUNNER), str(STEPS), str(out), str(script)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    losses = batch_losses(assemble(experiment), STEPS)
    np.testing.assert_allclose(np.load(out)["script/losses"], losses, rtol=0, atol=1e-9)
