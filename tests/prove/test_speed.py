"""Speed in front of the audience: epochs trained, frames drawn, memory kept."""

from __future__ import annotations

import statistics
import time

import pytest
from driver import Playground

EPOCHS_PER_SECOND = 2_000
FRAMES_PER_SECOND = 20
STEPS_PER_EPOCH = 25

COUNT_DRAWN = """
  window.drawn = 0;
  new MutationObserver(() => window.drawn++)
    .observe(document.body, {attributes: true, attributeFilter: ["data-step"]});
"""


def _drawn(playground: Playground) -> int:
    return int(playground.page.evaluate("window.drawn"))


def test_at_full_speed_it_trains_and_draws_fast_enough(playground: Playground) -> None:
    """The median of five windows of ten seconds each, the page watching."""
    playground.open().play_fast()
    playground.page.evaluate(COUNT_DRAWN)
    playground.wait_for_metric("step", above=1000)
    epochs, frames = [], []
    for _ in range(5):
        start, step, drawn = time.perf_counter(), playground.step, _drawn(playground)
        playground.page.wait_for_timeout(10_000)
        seconds = time.perf_counter() - start
        epochs.append((playground.step - step) / STEPS_PER_EPOCH / seconds)
        frames.append((_drawn(playground) - drawn) / seconds)
    print(
        f"\nepochs/s {[round(rate) for rate in epochs]}, frames/s {[round(f, 1) for f in frames]}"
    )
    assert statistics.median(epochs) >= EPOCHS_PER_SECOND
    assert statistics.median(frames) >= FRAMES_PER_SECOND


@pytest.mark.parametrize(
    ("units", "depth"), [(4, 1), (16, 2), (8, 8), (8, 30)], ids=lambda number: str(number)
)
def test_every_picture_is_drawn_at_twenty_frames_a_second(
    playground: Playground, units: int, depth: int
) -> None:
    playground.open({"network": {"hidden": [{"units": units}] * depth}}).play_fast()
    playground.page.evaluate(COUNT_DRAWN)
    playground.wait_for_metric("step", above=100)
    start, drawn = time.perf_counter(), _drawn(playground)
    playground.page.wait_for_timeout(10_000)
    rate = (_drawn(playground) - drawn) / (time.perf_counter() - start)
    print(f"\n{depth} × {units}: {rate:.1f} frames/s")
    assert rate >= FRAMES_PER_SECOND


def test_after_ten_minutes_the_page_is_no_larger_than_after_one(playground: Playground) -> None:
    playground.open().play_fast()
    session = playground.page.context.new_cdp_session(playground.page)
    session.send("HeapProfiler.enable")

    def heap_bytes() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    playground.page.wait_for_timeout(60_000)
    after_one = heap_bytes()
    playground.page.wait_for_timeout(9 * 60_000)
    after_ten = heap_bytes()
    print(f"\nheap: {after_one / 1e6:.1f} MB after one minute, {after_ten / 1e6:.1f} MB after ten")
    assert after_ten <= 1.10 * after_one
