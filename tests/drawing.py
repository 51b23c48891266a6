"""How fast a page draws while it trains, and what that costs it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from driver import Playground

COUNT_DRAWN = """
  window.drawn = 0;
  new MutationObserver(() => window.drawn++)
    .observe(document.body, {attributes: true, attributeFilter: ["data-step"]});
"""


@dataclass(frozen=True)
class Drawing:
    """`milliseconds` of the main thread's own time a frame: what else the machine does hardly
    changes it, while `rate` and `busy` are of this machine at this moment."""

    rate: float
    busy: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.rate:.1f} frames/s, main thread {self.busy:.0%} busy, "
            f"{self.milliseconds:.1f} ms a frame; load {os.getloadavg()[0]:.1f}"
        )


def watched(playground: Playground, seconds: float) -> Drawing:
    """What a page that trains draws in the coming seconds."""
    page = playground.page
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))

    page.evaluate(COUNT_DRAWN)
    start, busy = time.perf_counter(), busy_seconds()
    page.wait_for_timeout(1000 * seconds)
    took, busy = time.perf_counter() - start, busy_seconds() - busy
    drawn = max(int(page.evaluate("window.drawn")), 1)
    return Drawing(drawn / took, busy / took, 1000 * busy / drawn)
