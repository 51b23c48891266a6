"""The lab at its deepest: sixty layers at full speed, every instrument drawn."""

from __future__ import annotations

from drawing import watched
from driver import Playground

FRAMES_PER_SECOND = 15
SECONDS = 20


def test_sixty_layers_at_full_speed_are_drawn_fast_enough(playground: Playground) -> None:
    layer = {"units": 8, "activation": "tanh", "initializer": "glorot_normal"}
    playground.open({"network": {"hidden": [layer] * 60}}).play_fast()
    playground.choose("Distribution", "Weights now")
    playground.wait_for_metric("step", above=500)
    found = watched(playground, SECONDS)
    print(f"\n60 layers: {found}")
    assert found.rate >= FRAMES_PER_SECOND
