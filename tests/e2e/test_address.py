"""The address and the controls never disagree, back and forward included."""

from __future__ import annotations

import json
from urllib.parse import quote

from driver import Playground
from playwright.sync_api import expect


def test_back_and_forward_bring_the_experiment_of_their_address(playground: Playground) -> None:
    playground.open({"data": {"name": "xor"}})
    other = quote(json.dumps({"data": {"name": "spiral"}, "training": {"batch_size": 32}}))
    playground.page.evaluate(f"location.hash = '#experiment={other}'")
    expect(playground.control("radio", "Spiral")).to_be_checked()
    expect(playground.control("slider", "Batch size")).to_have_value("32")
    playground.page.go_back()
    expect(playground.control("radio", "XOR")).to_be_checked()
    expect(playground.control("slider", "Batch size")).to_have_value("10")
    playground.page.go_forward()
    expect(playground.control("radio", "Spiral")).to_be_checked()


def test_a_changed_control_changes_the_address_that_then_opens_the_same(
    playground: Playground,
) -> None:
    playground.open({"data": {"name": "xor"}})
    playground.wait_until(lambda: "#e=" in playground.page.url, "the page's own form of it")
    before = playground.page.url
    playground.choose("Initializer of layer 1", "he_normal")
    playground.wait_until(lambda: playground.page.url != before, "an address that says so")
    shared = playground.page.url
    context = playground.page.context.browser
    assert context
    other = context.new_page(viewport={"width": 1440, "height": 900})
    other.goto(shared)
    expect(other.get_by_role("combobox", name="Initializer of layer 1")).to_have_value("he_normal")
    expect(other.get_by_role("radio", name="XOR")).to_be_checked()
    other.close()
