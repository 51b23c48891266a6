"""Every control and number is explained: by hover, by focus, by touch; Esc takes it away."""

from __future__ import annotations

import re

import pytest
from driver import Playground
from playwright.sync_api import Browser, Locator, expect


def _tip(playground: Playground) -> Locator:
    return playground.page.get_by_role("tooltip")


def test_pointing_at_a_control_explains_it_and_the_part_chosen(playground: Playground) -> None:
    playground.open()
    playground.choose("Optimizer", "adam")
    playground.page.locator("label").filter(has_text=re.compile("^Optimizer$")).hover()
    tip = _tip(playground)
    expect(tip).to_contain_text("How a gradient becomes an update")
    expect(tip).to_contain_text("Kingma and Ba, 2014")
    assert tip.locator("math msqrt").count() == 1
    namespace = "nodes => nodes[0].namespaceURI"
    assert tip.locator("math").evaluate_all(namespace) == "http://www.w3.org/1998/Math/MathML"
    tip.hover()  # one can go there to read it
    expect(tip).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_the_keyboard_s_focus_explains_and_describes(playground: Playground) -> None:
    playground.open()
    playground.page.keyboard.press("Tab")
    batch = playground.control("slider", "Batch size")
    batch.focus()
    expect(_tip(playground)).to_contain_text("Examples for each update")
    expect(_tip(playground)).to_contain_text("default 10")
    expect(batch).to_have_attribute("aria-describedby", re.compile(r"\btip\b"))
    playground.page.keyboard.press("ArrowUp")
    expect(_tip(playground)).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(_tip(playground)).to_be_hidden()
    playground.control("checkbox", "x₁²").focus()
    expect(_tip(playground)).to_contain_text("The square of the horizontal coordinate")
    playground.control("button", "Draw points").focus()
    expect(_tip(playground)).to_contain_text("Draw your own points on the surface")
    expect(batch).not_to_have_attribute("aria-describedby", re.compile(r"\btip\b"))
    playground.control("button", "Add hidden layer").focus()
    expect(_tip(playground)).to_contain_text("A new layer next to the output")
    norms = playground.control("radio", "Norms")
    norms.focus()
    expect(_tip(playground)).to_contain_text("as lines over training")
    expect(norms).to_have_attribute("aria-describedby", re.compile(r"\btip\b"))


def test_a_finger_s_tap_on_a_word_explains_it(browser: Browser, server: object) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    playground = Playground(context.new_page(), server.url)  # type: ignore[attr-defined]
    playground.open()
    playground.page.locator("[data-term=training_loss]").tap()
    expect(_tip(playground)).to_contain_text("How wrong the network is")
    box = _tip(playground).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    # In large type, with formulas, between a control in the middle and the screen's end.
    playground.choose("Optimizer", "adam")
    playground.page.evaluate("document.documentElement.dataset.mode = 'projector'")
    optimizer = playground.control("combobox", "Optimizer")
    optimizer.evaluate("list => list.scrollIntoView({ block: 'center', behavior: 'instant' })")
    playground.page.keyboard.press("Shift")
    optimizer.focus()
    expect(_tip(playground)).to_contain_text("Kingma and Ba")
    box, control = _tip(playground).bounding_box(), optimizer.bounding_box()
    assert box
    assert control
    assert box["y"] >= control["y"] + control["height"] or box["y"] + box["height"] <= control["y"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 844
    playground.page.locator("[data-term=training_loss]").tap()
    expect(_tip(playground)).to_be_hidden()
    context.close()


def test_every_term_and_every_field_has_words(playground: Playground) -> None:
    playground.open()
    terms = playground.page.request.get(f"{playground.url}/api/explanations").json()["terms"]
    used = playground.page.locator("[data-term]").evaluate_all(
        "elements => elements.map(element => element.dataset.term)"
    )
    assert len(used) > 12
    assert [term for term in used if term not in terms] == []
    playground.page.locator("summary", has_text="More").click()
    unexplained = playground.page.locator(
        ".field :is(input, select):not([data-explained], [data-term])"
    )
    assert unexplained.evaluate_all("all => all.map(one => one.labels[0]?.textContent)") == []


@pytest.mark.parametrize("metric", ["step", "epoch", "training_loss", "test_loss"])
def test_every_number_stands_beside_its_explanation(playground: Playground, metric: str) -> None:
    playground.open()
    word = playground.page.locator(f"[data-term={metric}]")
    expect(word).to_have_attribute("tabindex", "0")
    word.hover()
    expect(_tip(playground)).to_be_visible()
