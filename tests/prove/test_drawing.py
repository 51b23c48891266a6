"""Drawing keeps pace while it trains at full speed: frames a second, and how busy the page is."""

from __future__ import annotations

from typing import Any

import pytest
from drawing import watched
from driver import Playground

FEATURES = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
SECONDS = 10.0


@pytest.mark.parametrize(
    ("units", "depth", "features", "least", "busiest"),
    [
        (8, 6, FEATURES, 20.0, 0.60),
        (16, 50, ["x1", "x2"], 10.0, None),
        (64, 8, ["x1", "x2"], 10.0, None),
    ],
    ids=["six-of-eight", "fifty-of-sixteen", "eight-of-64"],
)
def test_frames_are_drawn_while_the_page_stays_free(
    playground: Playground,
    units: int,
    depth: int,
    features: list[str],
    least: float,
    busiest: float | None,
) -> None:
    experiment: dict[str, Any] = {
        "data": {"name": "circle", "features": features},
        "network": {"hidden": [{"units": units}] * depth},
    }
    playground.open(experiment).play_fast()
    playground.wait_for_metric("step", above=100)
    found = watched(playground, SECONDS)
    print(f"\n{depth} × {units}: {found}")
    assert found.rate >= least
    assert busiest is None or found.busy <= busiest


HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_hidden_tab_costs_nothing_and_comes_back_to_the_newest(playground: Playground) -> None:
    """A browser without windows hides no tab: the page is told that it is hidden."""
    playground.open().play_fast()
    playground.wait_for_metric("step", above=100)
    playground.page.evaluate(HIDE, True)
    playground.page.wait_for_timeout(1000)  # what was under way
    step, received = playground.step, playground.wire.last.header["seq"]
    found = watched(playground, 4.0)
    print(f"\nhidden: main thread {found.busy:.1%} busy")
    assert playground.step == step
    assert playground.wire.last.header["seq"] == received
    assert found.busy < 0.02
    playground.page.evaluate(HIDE, False)
    playground.wait_for_step(above=step + 100)
