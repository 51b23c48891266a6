"""The library of scenarios."""

from __future__ import annotations

from functools import cache
from typing import Any

from playground.lab.scenarios.classics import CLASSICS
from playground.lab.scenarios.depth import DEPTH
from playground.lab.scenarios.learning import LEARNING
from playground.lab.scenarios.script import Scenarios
from playground.lab.scenarios.starts import STARTS

SCENARIOS = Scenarios()
for _scenario in (*DEPTH, *STARTS, *LEARNING, *CLASSICS):
    SCENARIOS.add(_scenario)


@cache
def told() -> list[dict[str, Any]]:
    """All of them as JSON, in order."""
    return [scenario.told() for scenario in SCENARIOS.parts.values()]
