"""Links: ours, those of TensorFlow Playground, embedded ones, and what the back button does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from complaints import Complaints
from driver import Playground
from playwright.sync_api import Page, expect

LINKS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "reference" / "tensorflow_links.json").read_text("utf-8")
)


def experiment_of(page: Page) -> dict[str, Any]:
    script = "async () => (await import('/static/js/flow/share.js')).experimentIn(location.hash)"
    return dict(page.evaluate(script) or {})


def contains(whole: Any, part: Any) -> bool:
    """Does the experiment, which says everything, say what `part` says?"""
    if isinstance(part, dict):
        if isinstance(whole, str):
            return bool(part.get("name") == whole)
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    if isinstance(whole, dict):
        return whole.get("name") == part
    return bool(whole == part)


@pytest.mark.parametrize("case", LINKS[:3], ids=lambda case: case["name"])
def test_a_tensorflow_playground_link_opens_as_the_same_experiment(
    playground: Playground, case: dict[str, Any]
) -> None:
    playground.page.goto(f"{playground.url}/#{case['link'].split('#')[1]}")
    playground.wait_for_state("idle")
    playground.wait_until(lambda: "#e=" in playground.page.url, "an address of our own")
    assert contains(experiment_of(playground.page), case["experiment"])
    playground.expect_notice("TensorFlow Playground")
    box = playground.control("checkbox", "Test points")
    expect(box).to_be_checked(checked=case["view"]["testPoints"])
    playground.play()
    playground.wait_for_step(above=20)


def test_a_teachers_link_pasted_into_the_page_leaves_its_controls_out(
    playground: Playground,
) -> None:
    case = next(case for case in LINKS if case["hide"])
    playground.open({"data": "xor"})
    playground.click("File and share")
    playground.click("Open a link …")
    dialog = playground.page.get_by_role("dialog", name="Open a link")
    dialog.get_by_label("Link or JSON").fill(f"https://{case['link']}")
    dialog.get_by_role("button", name="Open", exact=True).click()
    expect(dialog).to_be_hidden()
    for words in case["said"]:
        playground.expect_notice(words)
    for name in ("Noise", "Batch size", "Learning rate"):
        expect(playground.control("slider", name)).to_be_hidden()
    expect(playground.control("button", "Reset")).to_be_hidden()
    expect(playground.control("button", "Play")).to_be_visible()
    playground.wait_until(lambda: "hide=" in playground.page.url, "an address that says so")
    playground.page.reload()
    playground.wait_for_state("idle")
    expect(playground.control("slider", "Noise")).to_be_hidden()


@pytest.mark.parametrize(
    ("text", "words"),
    [("hello", "no experiment"), ("{", "no JSON either"), ("#e=abc", "can't be read"),
     ('{"data": "cirle"}', "did you mean 'circle'")],
)  # fmt: skip
def test_what_holds_no_experiment_is_said_and_changes_nothing(
    playground: Playground, text: str, words: str
) -> None:
    playground.open()
    playground.click("File and share")
    playground.click("Open a link …")
    dialog = playground.page.get_by_role("dialog", name="Open a link")
    dialog.get_by_label("Link or JSON").fill(text)
    dialog.get_by_label("Link or JSON").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text(words)
    assert playground.page.url.endswith("/")


def test_the_dialog_builds_a_link_and_a_frame_that_work(
    playground: Playground, complaints: Complaints, start_elsewhere: str
) -> None:
    complaints.expect(start_elsewhere)
    playground.open({"data": "moons"})
    playground.click("File and share")
    playground.click("Link and frame …")
    dialog = playground.page.get_by_role("dialog", name="Link and frame")
    dialog.get_by_label("To stand in another page").check()
    dialog.get_by_text("Leave controls out").click()
    dialog.get_by_role("checkbox", name="Noise").check()
    frame = dialog.get_by_label("For a page of yours")
    expect(frame).to_be_visible()
    playground.wait_until(lambda: "hide=noise" in frame.input_value(), "the frame")
    snippet = frame.input_value()
    playground.page.goto(start_elsewhere)
    playground.page.set_content(f"<h1>A lesson</h1>{snippet}")
    inner = playground.page.frame_locator("iframe")
    expect(inner.locator("body[data-run-state=idle]")).to_be_visible()
    expect(inner.get_by_role("radio", name="Moons")).to_be_checked()
    expect(inner.get_by_role("slider", name="Noise")).to_be_hidden()
    expect(inner.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    inner.get_by_role("button", name="Play").click()
    expect(inner.locator("body[data-run-state=running]")).to_be_visible()


def test_what_is_left_out_has_no_key_and_opens_in_full(playground: Playground) -> None:
    page = playground.page
    page.goto(
        f"{playground.url}/?embed=1&hide=play,reset,undo,lab#experiment={{%22data%22:%22xor%22}}"
    )
    playground.wait_for_state("idle")
    page.keyboard.press("Space")
    page.keyboard.press("s")  # the one that is still there
    playground.wait_for_state("paused")
    page.keyboard.press("r")
    page.keyboard.press("n")
    page.keyboard.press("Control+z")
    page.keyboard.press("s")
    playground.wait_until(lambda: playground.step == 2, "the second step, and nothing else")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet.get_by_text("One step")).to_be_visible()
    expect(sheet.get_by_text("Play or pause")).to_have_count(0)
    page.keyboard.press("Escape")
    link = page.get_by_role("link", name="Open in full")
    link.focus()
    with page.expect_popup() as opened:
        link.click()
    full = opened.value
    expect(full.get_by_role("button", name="Reset")).to_be_visible()
    expect(full.get_by_role("radio", name="XOR")).to_be_checked()
    expect(full.get_by_role("link", name="Open in full")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "ancestors"),
    [
        ("/?embed=1", "*"),
        ("/", "'none'"),
        ("/?embed=0", "'none'"),
        ("/?hide=noise", "'none'"),
        ("/manual/index?embed=1", "'none'"),
    ],
)
def test_only_embedded_pages_may_be_framed(
    playground: Playground, path: str, ancestors: str
) -> None:
    policy = requests.get(playground.url + path, timeout=10).headers["Content-Security-Policy"]
    assert f"frame-ancestors {ancestors}" in policy
    assert policy.count("frame-ancestors") == 1


def test_back_and_forth_page_and_address_never_disagree(playground: Playground) -> None:
    playground.open({"data": "xor"})
    playground.wait_until(lambda: "#e=" in playground.page.url, "an address of our own")
    first = playground.page.url
    playground.page.get_by_role("radio", name="Spiral").check()
    playground.wait_until(lambda: playground.page.url != first, "the changed address")
    changed = playground.page.url
    playground.page.evaluate("location.hash = '#experiment=%7B%22data%22%3A%22moons%22%7D'")
    expect(playground.page.get_by_role("radio", name="Moons")).to_be_checked()
    playground.wait_for_state("idle")
    playground.wait_until(lambda: "#e=" in playground.page.url, "an address of our own")
    playground.page.go_back()
    expect(playground.page.get_by_role("radio", name="Spiral")).to_be_checked()
    assert playground.page.url == changed
    assert experiment_of(playground.page)["data"]["name"] == "spiral"


def test_a_link_to_a_table_says_that_the_table_is_not_in_it(playground: Playground) -> None:
    playground.page.goto(f"{playground.url}/#experiment=%7B%22data%22%3A%22csv%22%7D")
    playground.wait_for_state("idle")
    expect(playground.page.locator("body")).to_contain_text("does not travel in a link")
