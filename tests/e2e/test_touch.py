"""A phone in the hand: whatever is tapped can be hit by a finger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driver import Playground
from playwright.sync_api import Browser
from server import ServerProcess

from playground.web.manual import PAGES

FINGER = 40
"""CSS pixels, in both directions."""

MISSED = """finger => {
  const wanted = "button, select, input, summary, .tabs a, .form-foot a";
  const missed = [];
  for (const control of document.querySelectorAll(wanted)) {
    if (!control.checkVisibility() || control.closest("dialog") || control.disabled) continue;
    control.scrollIntoView({ block: "center", behavior: "instant" });
    const label = control.closest("label") ?? control.labels?.[0] ?? null;
    const box = (control.closest("label") ?? control).getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const reach = finger / 2 - 1;
    const hits = ([dx, dy]) => {
      const at = document.elementFromPoint(x + dx, y + dy);
      return at !== null && (control.contains(at) || label?.contains(at)
        || at.contains(control) && at.matches("label, .slider"));
    };
    const around = [[0, -reach], [0, reach]];
    if (box.left >= reach && box.right <= innerWidth - reach) around.push([-reach / 2, 0]);
    const name = control.getAttribute("aria-label") ?? label?.textContent ?? control.textContent;
    if (!around.every(hits)) missed.push(`${control.tagName} ${name}`);
  }
  return missed;
}"""

WIDE_TABLES = """() => [...document.querySelectorAll("table")]
  .filter(table => table.scrollWidth > table.clientWidth + 1).length"""


@pytest.fixture
def phone(browser: Browser, server: ServerProcess) -> Iterator[Playground]:
    """A page on a phone, by touch."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield Playground(context.new_page(), server.url)
    context.close()


def test_every_control_can_be_hit_by_a_finger(phone: Playground) -> None:
    phone.open()
    phone.page.locator("summary", has_text="More").tap()
    assert phone.page.evaluate(MISSED, FINGER) == []
    phone.expect_no_sideways_scroll()


def test_one_tap_and_it_learns(phone: Playground) -> None:
    phone.open()
    phone.page.get_by_role("button", name="Play", exact=True).tap()
    first = phone.metric("training_loss")
    phone.wait_for_metric("training_loss", below=first * 0.8)
    phone.page.get_by_role("button", name="Pause", exact=True).tap()
    phone.wait_for_state("paused")


def test_a_finger_draws_points_and_the_page_stays_where_it_is(phone: Playground) -> None:
    phone.open()
    page = phone.page
    page.get_by_role("button", name="Draw points", exact=True).tap()
    board = page.get_by_role("application")
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        box = board.bounding_box()
        assert box is not None
        side = min(box["width"] - 36, box["height"] - 22)
        left, top = box["x"] + (box["width"] - side) / 2, box["y"] + 2
        places = [{"x": left + (x + 6) / 12 * side, "y": top + (6 - y) / 12 * side} for x, y in at]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    scrolled = page.evaluate("scrollY")
    # Down the plane, as if to scroll.
    touch("touchStart", (-3, 4))
    for k in range(20):
        touch("touchMove", (-3, 4 - 0.4 * (k + 1)))
    touch("touchEnd")
    assert page.evaluate("scrollY") == scrolled
    page.get_by_role("radio", name="B", exact=True).check(force=True)
    touch("touchStart", (3, 0))
    touch("touchEnd")

    def points() -> list[list[float]]:
        found = phone.wire.points
        assert found is not None
        plane = found.arrays["points"].reshape(-1, 2)
        kinds = found.arrays["targets"]
        return [[*map(float, place), float(kind)] for place, kind in zip(plane, kinds, strict=True)]

    phone.wait_until(lambda: {p[2] for p in points()} == {0.0, 1.0}, "two classes of points")
    drawn = points()
    assert len([p for p in drawn if p[2] == 0]) >= 10
    assert all(abs(p[0] + 3) < 0.3 for p in drawn if p[2] == 0)
    assert [p for p in drawn if p[2] == 1] == [pytest.approx([3, 0, 1], abs=0.3)]


def test_the_key_of_a_sigmoid_net_leaves_the_flow_its_room(phone: Playground) -> None:
    phone.open({"network": {"hidden": [{"units": 4, "activation": "sigmoid"}] * 2}})
    phone.page.get_by_role("button", name="Step", exact=True).tap()
    phone.page.locator(".tabs").get_by_text("Network").tap()
    phone.page.get_by_text("sigmoid maps").wait_for()
    box = phone.page.locator("#river-view canvas").bounding_box()
    assert box is not None
    assert box["height"] >= 40, "numbers and a ribbon above them"


def test_no_page_of_the_manual_is_moved_sideways(phone: Playground) -> None:
    """Formulas of four terms apart, which can't be broken: each in a cell of its own."""
    for name in PAGES:
        phone.page.goto(f"{phone.url}/manual/{name}")
        assert phone.page.evaluate(WIDE_TABLES) == 0, name
        phone.expect_no_sideways_scroll()
    phone.page.goto(f"{phone.url}/manual/experiment")
    cell = phone.page.locator("tr", has_text="dtype").first.locator("td").last
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"default: "'
