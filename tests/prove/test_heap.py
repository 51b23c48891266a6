"""The page does not grow: its heap after ten minutes of drawing, beside that after one.

`HEAP_MINUTES=4 pytest tests/prove/test_heap.py` looks after four.
"""

from __future__ import annotations

import os

from driver import Playground

MINUTES = float(os.environ.get("HEAP_MINUTES", "10"))
MOST_GROWTH = 0.10
FEATURES = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]


def test_the_heap_stands_still_while_it_trains(playground: Playground) -> None:
    playground.open(
        {
            "data": {"name": "circle", "features": FEATURES},
            "network": {"hidden": [{"units": 8}] * 6},
        }
    ).play_fast()
    page = playground.page
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("Performance.enable")

    def megabytes() -> float:
        page.evaluate("window.diary.length = 0")  # what the tests themselves write down
        for _ in range(2):  # what the first frees may hold more
            session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def counted(name: str) -> float:
        found = session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in found if metric["name"] == name))

    page.wait_for_timeout(60_000)
    before, nodes, listeners = megabytes(), counted("Nodes"), counted("JSEventListeners")
    drawn = playground.step
    page.wait_for_timeout(60_000 * (MINUTES - 1))
    assert playground.step > drawn, "it went on training"
    after = megabytes()
    print(
        f"\nheap after 1 minute {before:.2f} MB, after {MINUTES:g} minutes {after:.2f} MB; "
        f"nodes {nodes:.0f} and {counted('Nodes'):.0f}"
    )
    assert after <= (1 + MOST_GROWTH) * before
    assert counted("Nodes") <= (1 + MOST_GROWTH) * nodes
    assert counted("JSEventListeners") <= (1 + MOST_GROWTH) * listeners
