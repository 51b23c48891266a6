"""Drawing keeps pace while it trains at full speed: frames a second, and how busy the page is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from driver import Playground

FEATURES = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
SECONDS = 10.0

COUNT_DRAWN = """
  window.drawn = 0;
  new MutationObserver(() => window.drawn++)
    .observe(document.body, {attributes: true, attributeFilter: ["data-step"]});
"""


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
    session = playground.page.context.new_cdp_session(playground.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))

    playground.page.evaluate(COUNT_DRAWN)
    playground.wait_for_metric("step", above=100)
    start, busy = time.perf_counter(), busy_seconds()
    drawn = int(playground.page.evaluate("window.drawn"))
    playground.page.wait_for_timeout(1000 * SECONDS)
    seconds = time.perf_counter() - start
    rate = (int(playground.page.evaluate("window.drawn")) - drawn) / seconds
    share = (busy_seconds() - busy) / seconds
    print(f"\n{depth} × {units}: {rate:.1f} frames/s, main thread {share:.0%} busy")
    assert rate >= least
    assert busiest is None or share <= busiest
