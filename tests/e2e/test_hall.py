"""The lecture hall in the browser: nothing lost, short links."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from complaints import Complaints
from driver import Playground
from playwright.sync_api import Page, expect
from server import ServerProcess, kept_step

Start = Callable[..., ServerProcess]


def test_a_killed_server_comes_back_with_the_weights_and_the_page_needs_no_reload(
    page: Page, start_server: Start, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expect_lost_line()
    kept = ("--database", str(tmp_path / "hall.db"))
    first = start_server(*kept)
    playground = Playground(page, first.url).open({"data": {"name": "xor"}})
    page.evaluate("window.stayed = true")
    playground.train_until(test_loss=0.4)
    paused_at, loss = playground.step, playground.metric("training_loss")
    playground.wait_until(
        lambda: kept_step(tmp_path / "hall.db") == paused_at, "its last step in the database"
    )
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
    expect(elsewhere.get_by_role("article")).to_contain_text("No experiment has this short link")
    elsewhere.close()


def watching(playground: Playground) -> Playground:
    """Somebody else's page, at the view link that the owner's dialog gives."""
    playground.click("File and share")
    playground.click("Let others watch …")
    dialog = playground.page.get_by_role("dialog", name="Let others watch")
    expect(dialog.get_by_role("img", name="QR code of the view link")).to_be_visible()
    link = dialog.get_by_role("textbox", name="View link").input_value()
    dialog.get_by_role("button", name="Close").click()
    assert "#view=" in link
    browser = playground.page.context.browser
    assert browser is not None
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(link)
    return Playground(page, playground.url)


def test_a_hall_watches_takes_over_gives_back_and_goes_its_own_way(
    playground: Playground, complaints: Complaints
) -> None:
    playground.open({"data": "xor"}).train_until(test_loss=0.4)
    viewer = watching(playground)
    complaints.watch(viewer.page)
    viewer.wait_for_state("paused")
    assert viewer.metric("training_loss") == playground.metric("training_loss")
    bar = viewer.page.get_by_role("region", name="Watching")
    expect(bar).to_contain_text("You are watching, as viewer 1")
    expect(viewer.control("button", "Play")).to_be_disabled()
    expect(viewer.page.locator("#setup")).to_have_attribute("inert", "")
    expect(playground.page.get_by_role("button", name="1 watching")).to_be_visible()

    # What the presenter chooses, those who follow see; those who do not look around by themselves.
    playground.control("combobox", "Quantity").select_option(index=2)
    chosen = playground.control("combobox", "Quantity").input_value()
    quantity = viewer.control("combobox", "Quantity")
    expect(quantity).to_have_value(chosen)
    bar.get_by_label("Follow the presenter").uncheck()
    playground.control("combobox", "Quantity").select_option(index=1)
    playground.page.wait_for_timeout(600)
    expect(quantity).to_have_value(chosen)

    bar.get_by_role("button", name="Ask for control").click()
    playground.page.get_by_role("button", name="1 asking").click()
    playground.page.get_by_role("button", name="Hand over to viewer 1").click()
    expect(bar).to_contain_text("You have control")
    before = playground.step
    viewer.control("button", "Step").click()
    playground.wait_for_metric("step", above=before)
    own_bar = playground.page.get_by_role("region", name="Watching")
    expect(playground.control("button", "Step")).to_be_disabled()
    own_bar.get_by_role("button", name="Take back control").click()
    expect(viewer.control("button", "Step")).to_be_disabled()
    expect(playground.control("button", "Step")).to_be_enabled()

    playground.wait_until(lambda: viewer.step == playground.step, "the viewer's picture of it")
    step = viewer.step
    bar.get_by_role("button", name="Make it mine").click()
    expect(bar).to_be_hidden()
    assert "#view=" not in viewer.page.url
    viewer.control("button", "Step").click()
    viewer.wait_for_metric("step", above=step)
    assert playground.step == step
    viewer.page.reload()
    viewer.wait_for_state("paused")
    assert viewer.step == step + 1
    viewer.page.close()


def test_a_view_link_to_nothing_says_so_and_gives_a_playground(
    playground: Playground,
) -> None:
    playground.page.goto(f"{playground.url}/#view=nothing.here")
    playground.wait_for_state("idle")
    playground.expect_notice("can't be watched")
    playground.play()
    playground.wait_for_metric("step", above=5)
