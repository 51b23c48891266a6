"""The page does not grow: its heap after ten minutes of drawing, beside that after one.

What the page keeps, and the machine code that V8 still compiles, are told apart: the second is no
leak, but comes the later the busier the machine is.

`HEAP_MINUTES=4 pytest tests/prove/test_heap.py` looks after four.
"""

from __future__ import annotations

import json
import os

from driver import Playground
from playwright.sync_api import CDPSession

MINUTES = float(os.environ.get("HEAP_MINUTES", "10"))
MOST_GROWTH = 0.10
MOST_KEPT = 0.03
"""More of strings, objects and arrays; each text that Plotly measures and keeps would be in it."""
NOT_KEPT = {"code", "native", "synthetic"}
FEATURES = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]


def kept(session: CDPSession) -> float:
    """Megabytes of what the page's scripts hold: no machine code, nothing of the document's."""
    chunks: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    taken = json.loads("".join(chunks))
    told, nodes = taken["snapshot"]["meta"], taken["nodes"]
    fields, types = told["node_fields"], told["node_types"][0]
    sizes = nodes[fields.index("self_size") :: len(fields)]
    kinds = nodes[fields.index("type") :: len(fields)]
    held = (size for kind, size in zip(kinds, sizes, strict=True) if types[kind] not in NOT_KEPT)
    return sum(held) / 1e6


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

    def at_rest() -> tuple[float, float]:
        """Nodes and listeners of the page as it stands after Reset, whatever the coach said before;
        it trains again afterwards."""
        playground.click("Reset")
        playground.wait_for_state("idle")
        page.wait_for_timeout(1000)
        megabytes()
        found = counted("Nodes"), counted("JSEventListeners")
        playground.play()
        return found

    playground.wait_for_metric("step", above=1000)
    nodes, listeners = at_rest()
    page.wait_for_timeout(60_000)
    before = megabytes()
    held = kept(session)
    drawn = playground.step
    page.wait_for_timeout(60_000 * (MINUTES - 1))
    assert playground.step > drawn, "it went on training"
    after = megabytes()
    held_after = kept(session)
    nodes_after, listeners_after = at_rest()
    print(
        f"\nheap after 1 minute {before:.2f} MB, after {MINUTES:g} minutes {after:.2f} MB; "
        f"without code {held:.3f} and {held_after:.3f}; "
        f"nodes {nodes:.0f} and {nodes_after:.0f}, listeners {listeners:.0f} and "
        f"{listeners_after:.0f}"
    )
    assert held_after <= (1 + MOST_KEPT) * held
    assert after <= (1 + MOST_GROWTH) * before
    assert nodes_after <= (1 + MOST_KEPT) * nodes
    assert listeners_after <= (1 + MOST_KEPT) * listeners
