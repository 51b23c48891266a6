"""Limits: the design's, raised by the environment; parameters counted as they are."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from playground.experiment.limits import limits, parameter_count


def test_the_limits_are_the_designs() -> None:
    assert limits() == {
        "hidden_layers": 64,
        "units": 512,
        "parameters": 5_000_000,
        "examples": 20_000,
        "features": 1_000,
        "upload_bytes": 5_242_880,
        "saved_bytes": 67_108_864,
    }


@pytest.mark.parametrize(
    ("inputs", "hidden", "outputs", "expected"),
    [
        # By hand: (inputs + 1) · units, layer by layer; γ and β where normalized.
        (2, [], 1, 3),
        (2, [(4, False), (2, False)], 1, 12 + 10 + 3),
        (64, [(256, False), (256, False)], 10, 16_640 + 65_792 + 2_570),
        (3, [(5, True)], 2, 20 + 10 + 12),
    ],
)
def test_parameters_are_counted(
    inputs: int, hidden: list[tuple[int, bool]], outputs: int, expected: int
) -> None:
    assert parameter_count(inputs, hidden, outputs) == expected


def ask(**environment: str) -> Any:
    program = "from playground.experiment.limits import limits; print(limits()['units'])"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )


def test_a_limit_is_raised_by_the_environment() -> None:
    assert ask(PLAYGROUND_MAX_UNITS="1024").stdout.strip() == "1024"
    assert ask().stdout.strip() == "512"


@pytest.mark.parametrize("given", ["0", "-3", "many", "1.5"])
def test_a_limit_that_is_no_number_is_refused_by_name(given: str) -> None:
    assert "PLAYGROUND_MAX_UNITS: must be a whole number" in ask(PLAYGROUND_MAX_UNITS=given).stderr
