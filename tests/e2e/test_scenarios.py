"""Lecture scenarios in the page: three clicks, the arrow keys, a link, the presenter's layout."""

from __future__ import annotations

import re

from driver import Playground
from playwright.sync_api import expect


def test_three_clicks_show_a_vanishing_gradient_and_its_cure(playground: Playground) -> None:
    playground.open()
    bar = playground.panel("Scenario")
    playground.choose("Lecture scenario", "sigmoid-vanishes")  # 1
    expect(bar).to_contain_text("1 of 2")
    playground.wait_for_frame(
        lambda frame: len(frame.header["network"]["layers"]) == 9, "eight hidden layers"
    )
    playground.play()  # 2
    expect(bar).to_contain_text("✓ Each layer on the way to the input")
    deltas = playground.wire.last.arrays["delta_norm"]
    assert deltas[0] < deltas[-2] * 10**-3.5, "it does not vanish"
    expect(
        playground.page.get_by_role("button", name="The gradient vanishes", exact=True)
    ).to_be_visible()

    step = playground.step
    playground.click("Next")  # 3
    expect(bar).to_contain_text("✓ The same depth, and every layer gets its share")
    playground.wait_for_metric("training_loss", below=0.25)
    steps = [frame.header["step"] for frame in playground.wire.frames]
    assert playground.step > step
    assert steps == sorted(steps), "the cure began anew"


def test_a_link_opens_a_scenario_and_arrow_keys_drive_it(playground: Playground) -> None:
    playground.page.goto(f"{playground.url}/?scenario=tanh-phases")
    bar = playground.panel("Scenario")
    expect(bar).to_contain_text("1 of 3")
    playground.wait_for_frame(
        lambda frame: len(frame.header["network"]["layers"]) == 21, "twenty hidden layers"
    )
    keyboard = playground.page.keyboard
    keyboard.press("ArrowRight")
    expect(bar).to_contain_text("2 of 3")
    playground.wait_for_step(above=200)
    seen = playground.wire.last.header["seq"]
    keyboard.press("PageUp")
    # While the scene is still opening: it waits its turn.
    keyboard.press("ArrowRight")
    playground.wait_until(
        lambda: any(
            frame.header["seq"] > seen and frame.header["step"] < 200
            for frame in list(playground.wire.frames)
        ),
        "the scenario from its start",
    )
    expect(bar).to_contain_text("2 of 3")
    # A reload is no new beginning.
    playground.wait_for_step(above=5)
    playground.page.reload()
    expect(bar).to_contain_text("2 of 3")
    playground.wait_for_step(above=5)
    playground.click("Close scenario")
    expect(bar).to_be_hidden()
    expect(playground.page).not_to_have_url(re.compile("scenario="))


def test_the_presenter_shows_large_what_the_scene_is_about(playground: Playground) -> None:
    page = playground.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{playground.url}/?scenario=sigmoid-vanishes&present")
    playground.wait_for_state("idle")
    expect(page.get_by_role("combobox", name="Instrument")).to_have_value("gradients")
    expect(playground.panel("Gradient lab")).to_be_visible()
    expect(playground.panel("Network")).to_be_hidden()
    expect(playground.panel("Setup")).to_be_hidden()
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    # At a quarter of 1920 × 1080 a scene's words are still 5 px high or more.
    assert page.locator(".scenario-text").evaluate(size) >= 19
    playground.expect_no_sideways_scroll()
    playground.choose("Instrument", "Network")
    expect(playground.panel("Network")).to_be_visible()
    expect(playground.panel("Gradient lab")).to_be_hidden()
    drawn = playground.panel("Network").locator("canvas").first.bounding_box()
    assert drawn is not None
    assert drawn["height"] > 400, "the network has no room"
    # On a laptop's screen the bar leaves the room to what it is about.
    page.set_viewport_size({"width": 1440, "height": 900})
    bar = playground.panel("Scenario").bounding_box()
    assert bar is not None
    assert bar["height"] < 0.09 * 900
    page.keyboard.press("Escape")
    expect(playground.panel("Setup")).to_be_visible()


def test_the_list_reads_downwards_and_prints_black_on_white(playground: Playground) -> None:
    page = playground.page
    page.add_init_script("localStorage.setItem('mode', 'dark')")
    page.goto(f"{playground.url}/scenarios")
    entry = page.get_by_role("region", name="Dead ReLUs")
    head = entry.get_by_role("heading").bounding_box()
    lesson = entry.locator("p").first.bounding_box()
    assert head
    assert lesson
    assert lesson["y"] >= head["y"] + head["height"]
    assert lesson["width"] > 400
    page.emulate_media(media="print")
    style = "(element, name) => getComputedStyle(element)[name]"
    assert page.locator("body").evaluate(style, "backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.locator("html").evaluate(style, "colorScheme") == "light"
    assert page.get_by_role("main").evaluate(style, "color") == "rgb(0, 0, 0)"
