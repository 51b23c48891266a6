"""For everyone: names as the README lists them, axe finds nothing, the keyboard is enough."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from driver import Playground
from playwright.sync_api import Page, expect

SIZES = {
    "desk": {"width": 1440, "height": 900},
    "projector": {"width": 1920, "height": 1080},
    "phone": {"width": 390, "height": 844},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _violations(page: Page, root: Path) -> list[str]:
    axe = root / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.is_file():
        pytest.fail("axe-core is missing; bring it in with: python .ci/js_checks.py --install")
    # Evaluated rather than added as a script: the page's own policy allows no foreign scripts.
    page.evaluate(axe.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("mode", ["light", "dark", "projector"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(playground: Playground, root: Path, size: str, mode: str) -> None:
    playground.page.set_viewport_size(SIZES[size])
    playground.page.add_init_script(f"localStorage.setItem('mode', '{mode}')")
    playground.open()
    assert _violations(playground.page, root) == []
    playground.play_fast()
    playground.wait_for_metric("step", above=200)
    playground.pause()
    assert _violations(playground.page, root) == []


def test_axe_finds_nothing_on_a_diverged_run(playground: Playground, root: Path) -> None:
    explodes = {"data": {"name": "plane"}, "training": {"learning_rate": 1e6}}
    playground.open(explodes).play_until_diverged()
    assert _violations(playground.page, root) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(playground: Playground, root: Path, mode: str) -> None:
    """The form unfolded, an explanation, the tour, the keyboard's sheet."""
    page = playground.page
    page.add_init_script(f"localStorage.setItem('mode', '{mode}')")
    hidden = {"units": 4, "activation": "elu", "residual": {"scale": 0.5}, "dropout": 0.1}
    playground.open({"network": {"hidden": [{"units": 4}, hidden]}})
    page.locator("summary", has_text="More").click()
    playground.choose("Layer", "Layer 2")
    page.locator("label").filter(has_text=re.compile("^Optimizer$")).hover()
    page.get_by_role("tooltip").wait_for()
    assert _violations(page, root) == []
    playground.click("Take the tour")
    assert _violations(page, root) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard").wait_for()
    assert _violations(page, root) == []


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "Your own table …",
        "Link and frame …",
        "Open a link …",
        "Save a picture …",
        "Draw points",
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_menu_and_its_dialogs(
    playground: Playground, root: Path, scheme: str, entry: str
) -> None:
    playground.page.emulate_media(color_scheme=scheme)
    playground.open().click("File and share")
    if entry:
        playground.page.locator("#files-menu").get_by_role("button", name=entry).click()
    assert _violations(playground.page, root) == []


def _interface(root: Path) -> list[tuple[str, str]]:
    """(role, name) rows of the README's table."""
    text = (root / "README.md").read_text(encoding="utf-8")
    table = text.split("<!-- interface -->")[1].split("<!-- /interface -->")[0]
    rows = re.findall(r"^\| ([a-z ]+) \| (.+?) \|", table, re.MULTILINE)
    return [
        (role.strip(), name)
        for role, names in rows
        if role.strip() not in {"role"}
        for name in re.findall(r"`([^`]+)`", names)
    ]


def test_every_name_in_the_readme_is_on_the_page(playground: Playground, root: Path) -> None:
    playground.open()
    table = _interface(root)
    assert len(table) > 20
    missing = []
    for role, name in table:
        if role == "metric":
            found = playground.page.locator(f'[data-metric="{name}"][data-value]')
        elif role == "region":
            found = playground.panel(name)
        elif name == "Pause":
            continue  # the same button as Play
        else:
            picture = "Metrics" if name == "Set of the confusion matrix" else "Surface"
            playground.page.get_by_role("radio", name=picture).check(force=True)
            real = name.replace("layer N", "layer 1")
            found = playground.page.get_by_role(role, name=real, exact=True)  # type: ignore[arg-type]
        if name == "Set of the confusion matrix":
            found.wait_for()  # drawn with the next frame
        if found.count() == 0:
            missing.append(f"{role} {name}")
    assert missing == []


def test_the_keyboard_is_enough(playground: Playground) -> None:
    """Tab to Play, start it with the space bar, tab on to the learning rate and turn it."""
    playground.open()
    _tab_to(playground.page, "Play")
    playground.page.keyboard.press("Space")
    playground.wait_for_state("running")
    rate = playground.wire.last.header["learning_rate"]
    _tab_to(playground.page, "Learning rate")
    playground.page.keyboard.press("ArrowUp")
    playground.wait_for_frame(lambda f: f.header["learning_rate"] > rate, "the new learning rate")


def test_a_whole_session_works_with_the_keyboard_alone(playground: Playground) -> None:
    """Data, a layer, a neuron, an activation, a rate; play, pause, step, reset, an explanation."""
    playground.open()
    keys = playground.page.keyboard
    _tab_to(playground.page, "Add hidden layer")
    keys.press("Enter")
    playground.wait_for_frame(lambda f: len(f.layers()) == 4, "three hidden layers")
    _tab_to(playground.page, "Add neuron to layer 2")
    keys.press("Space")
    playground.wait_for_frame(lambda f: f.layers()[1][0].shape[1] == 3, "a neuron more")
    _tab_to(playground.page, "Activation of layer 1")
    keys.type("ReLU")
    playground.wait_for_frame(
        lambda f: f.header["network"]["layers"][0]["activation"] == "relu", "relu in layer 1"
    )
    _tab_to(playground.page, "Circle")
    keys.press("ArrowRight")
    expect(playground.control("radio", "XOR")).to_be_checked()
    keys.press("Escape")
    _tab_to(playground.page, "Play")
    keys.press("Space")
    playground.wait_for_state("running")
    playground.wait_for_step(above=10)
    keys.press("Space")
    playground.wait_for_state("paused")
    at = playground.step
    keys.press("s")
    playground.wait_until(lambda: playground.step == at + 1, "one step")
    expect(playground.page.get_by_role("tooltip")).to_be_visible()  # of Play, which has the focus
    keys.press("Escape")
    expect(playground.page.get_by_role("tooltip")).to_be_hidden()
    keys.press("r")
    playground.wait_until(lambda: playground.step == 0, "step 0")
    keys.press("?")
    expect(playground.page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keys.press("Escape")
    expect(playground.page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def _tab_to(page: Page, name: str) -> None:
    focused = page.locator(":focus")
    for _ in range(200):
        page.keyboard.press("Tab")
        if focused.count() and name in (_name_of(page) or ""):
            return
    raise AssertionError(f"{name!r} can't be reached with the Tab key")


def _name_of(page: Page) -> str | None:
    name: str | None = page.evaluate(
        """() => {
          const at = document.activeElement;
          const labelled = at.getAttribute("aria-labelledby");
          return at.getAttribute("aria-label")
            ?? (labelled && document.getElementById(labelled)?.textContent)
            ?? at.labels?.[0]?.textContent ?? at.textContent;
        }"""
    )
    return name


def test_what_has_the_focus_can_be_seen(playground: Playground) -> None:
    playground.open()
    for _ in range(25):
        playground.page.keyboard.press("Tab")
        seen = playground.page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
                || style.boxShadow !== "none";
            }"""
        )
        assert seen, f"no sign of the focus on {_name_of(playground.page)!r}"


def test_no_live_region_speaks_at_every_step(playground: Playground) -> None:
    playground.open()
    spoken = playground.page.evaluate(
        """() => [...document.querySelectorAll("[data-metric]")].filter((shown) =>
             shown.closest("output, [aria-live=polite], [aria-live=assertive], [role=status], "
               + "[role=alert], [role=log]")).map((shown) => shown.dataset.metric)"""
    )
    assert spoken == []


@pytest.mark.parametrize("size", SIZES)
def test_everything_fits(playground: Playground, size: str) -> None:
    playground.page.set_viewport_size(SIZES[size])
    playground.open()
    playground.expect_no_sideways_scroll()
    playground.play_fast()
    playground.wait_for_metric("step", above=200)
    playground.pause()
    playground.expect_no_sideways_scroll()


def test_a_phone_has_everything_a_desk_has(playground: Playground) -> None:
    playground.page.set_viewport_size(SIZES["phone"])
    playground.open().play()
    playground.wait_for_metric("step", above=20)
    for role, name in [("slider", "Learning rate"), ("combobox", "Optimizer"), ("radio", "XOR")]:
        control = playground.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        if not control.is_visible():
            playground.page.get_by_role("tab", name="Setup").or_(
                playground.page.get_by_role("link", name="Setup")
            ).or_(playground.page.get_by_role("button", name="Setup")).first.click()
        control.scroll_into_view_if_needed()
        expect(control).to_be_attached()
    playground.pause()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_screenshots(playground: Playground, root: Path, size: str, scheme: str) -> None:
    """For people to look at, in test-results/: the page after some training, whole."""
    playground.page.set_viewport_size(SIZES[size])
    playground.page.emulate_media(color_scheme=scheme)
    playground.open().train_until(test_loss=0.2)
    folder = root / "test-results" / "screenshots"
    picture = folder / f"{scheme}-{size}.png"
    playground.page.screenshot(path=picture, full_page=size == "phone")
    assert picture.stat().st_size > 40_000, json.dumps(SIZES[size])


OVERLAPS = """() => {
  const wanted = ".transport button, .counters dd, .top-fields :is(label, .field-value, select), .live, .tools button";
  const parts = [...document.querySelectorAll(wanted)].filter(part => part.checkVisibility());
  const words = document.createRange();
  const boxes = parts.map(part => {
    words.selectNodeContents(part);
    return (part.matches("label, dd, .field-value") ? words : part).getBoundingClientRect();
  });
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return parts.flatMap((part, i) => parts.slice(i + 1)
    .filter((_, k) => boxes[i].width && boxes[i + 1 + k].width && meet(boxes[i], boxes[i + 1 + k]))
    .map(other => `${part.id || part.textContent} under ${other.id || other.textContent}`));
}"""  # noqa: E501


def test_nothing_in_the_header_lies_over_anything(playground: Playground) -> None:
    """With the longest numbers, on laptops too."""
    playground.open()
    playground.control("slider", "Learning rate").press("Home")
    playground.control("slider", "Speed").press("End")
    for pressed in (False, True):
        if pressed:
            playground.click("Projector mode")
        for width in (1180, 1280, 1366, 1440, 1920):
            playground.page.set_viewport_size({"width": width, "height": 768})
            assert playground.page.evaluate(OVERLAPS) == [], f"{width} {pressed}"
