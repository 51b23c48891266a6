"""The lab at its deepest: sixty layers at full speed, every instrument drawn."""

from __future__ import annotations

import time

from driver import Playground

FRAMES_PER_SECOND = 15
SECONDS = 20
COUNT_DRAWN = """
  window.drawn = 0;
  new MutationObserver(() => window.drawn++)
    .observe(document.body, {attributes: true, attributeFilter: ["data-step"]});
"""


def test_sixty_layers_at_full_speed_are_drawn_fast_enough(playground: Playground) -> None:
    layer = {"units": 8, "activation": "tanh", "initializer": "glorot_normal"}
    playground.open({"network": {"hidden": [layer] * 60}}).play_fast()
    playground.choose("Distribution", "Weights now")
    playground.page.evaluate(COUNT_DRAWN)
    playground.wait_for_metric("step", above=500)
    began, before = time.perf_counter(), int(playground.page.evaluate("window.drawn"))
    playground.page.wait_for_timeout(SECONDS * 1000)
    drawn = int(playground.page.evaluate("window.drawn")) - before
    rate = drawn / (time.perf_counter() - began)
    print(f"\n60 layers: {rate:.1f} drawn frames/s")
    assert rate >= FRAMES_PER_SECOND
