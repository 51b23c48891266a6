"""Every scenario in the browser: driven by the arrow keys, its outcomes read off the page."""

from __future__ import annotations

import time

import pytest
from driver import Playground
from playwright.sync_api import expect

from playground.lab.scenarios.library import SCENARIOS

SECONDS = 20


@pytest.mark.parametrize("name", SCENARIOS.parts)
def test_a_scenario_comes_out_in_the_browser_in_time(playground: Playground, name: str) -> None:
    """Each scene holds its stated outcome; all scenes together last no longer than that."""
    scenario, page = SCENARIOS.parts[name], playground.page
    page.goto(f"{playground.url}/?scenario={name}")
    bar = playground.panel("Scenario")
    expect(bar).to_contain_text(f"1 of {len(scenario.scenes)}")
    playground.wait_for_state("idle")
    began, marks = time.perf_counter(), []
    for k, scene in enumerate(scenario.scenes):
        if k == 0 and scene.steps:
            page.keyboard.press("Space")
        elif k:
            page.keyboard.press("ArrowRight")
        expect(bar).to_contain_text(f"{k + 1} of {len(scenario.scenes)}")
        expect(bar).to_contain_text(f"✓ {scene.outcome}", timeout=60_000)
        marks.append(time.perf_counter() - began)
    print(f"\n{name}: {', '.join(f'{mark:.1f}' for mark in marks)} s")
    assert marks[-1] <= SECONDS
