"""The lecture hall in the browser: nothing lost, short links."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from complaints import Complaints
from driver import Playground
from playwright.sync_api import Page, expect
from server import ServerProcess

Start = Callable[..., ServerProcess]


def test_a_killed_server_comes_back_with_the_weights_and_the_page_needs_no_reload(
    page: Page, start_server: Start, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expect("WebSocket")
    complaints.expect("ERR_CONNECTION_REFUSED")
    kept = ("--database", str(tmp_path / "hall.db"))
    first = start_server(*kept)
    playground = Playground(page, first.url).open({"data": {"name": "xor"}})
    page.evaluate("window.stayed = true")
    playground.train_until(test_loss=0.4)
    paused_at, loss = playground.step, playground.metric("training_loss")
    page.wait_for_timeout(1200)  # a run that rests is kept soon
    os.kill(first.pid, signal.SIGKILL)
    playground.wait_for_state("disconnected")
    start_server("--port", str(first.port), *kept)
    playground.wait_for_state("paused")
    assert (playground.step, playground.metric("training_loss")) == (paused_at, loss)
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    playground.play()
    playground.wait_for_metric("step", above=paused_at)


def test_a_short_link_opens_the_experiment_anywhere(playground: Playground) -> None:
    playground.open({"data": "moons", "training": {"learning_rate": 0.123}})
    playground.click("File and share")
    playground.click("Link and frame …")
    dialog = playground.page.get_by_role("dialog", name="Link and frame")
    dialog.get_by_role("button", name="Short link").click()
    link = dialog.get_by_label("Link", exact=True)
    playground.wait_until(lambda: "/x/" in link.input_value(), "the short link")
    short = link.input_value()
    assert len(short) < len(playground.url) + 20
    browser = playground.page.context.browser
    assert browser is not None
    elsewhere = browser.new_page()
    elsewhere.goto(short)
    other = Playground(elsewhere, playground.url)
    other.wait_for_state("idle")
    assert other.control("radio", "Moons").is_checked()
    expect(other.control("slider", "Learning rate")).to_have_attribute("aria-valuetext", "0.123")
    elsewhere.goto(f"{playground.url}/x/AAAAAAAAAAAA")
    expect(elsewhere.locator("#notices")).to_contain_text("No experiment has this short link")
    elsewhere.close()
