"""Edits are taken back and made again, by button and by key."""

from __future__ import annotations

import re

import numpy as np
from driver import Playground
from playwright.sync_api import expect


def test_an_edit_is_taken_back_to_the_last_bit_and_made_again(playground: Playground) -> None:
    playground.open()
    undo, redo = playground.control("button", "Undo"), playground.control("button", "Redo")
    expect(undo).to_be_disabled()
    playground.train_until(training_loss=0.4)
    before, step = playground.wire.last.arrays["weights"], playground.step
    playground.click("Remove neuron from layer 1")
    playground.wait_for_frame(lambda f: f.arrays["weights"].size < before.size, "fewer weights")
    expect(undo).to_have_attribute("title", re.compile("removed neuron 4 of layer 1"))
    undo.click()
    frame = playground.wait_for_frame(
        lambda f: f.arrays["weights"].size == before.size, "them back"
    )
    np.testing.assert_array_equal(frame.arrays["weights"], before)
    assert frame.header["step"] == step
    redo.click()
    playground.wait_for_frame(lambda f: f.arrays["weights"].size < before.size, "fewer again")
    expect(redo).to_be_disabled()


def test_the_keys_everybody_knows_work_and_leave_text_alone(playground: Playground) -> None:
    playground.open()
    playground.choose("Optimizer", "adam")
    optimizer = playground.control("combobox", "Optimizer")
    expect(playground.control("button", "Undo")).to_be_enabled()
    playground.page.locator("body").press("Control+z")
    expect(optimizer).to_have_value("sgd")
    playground.page.locator("body").press("Control+Shift+Z")
    expect(optimizer).to_have_value("adam")
    playground.page.locator("summary", has_text="More").click()
    seed = playground.page.get_by_label("Seed", exact=True)
    seed.fill("77")
    seed.press("Control+z")
    expect(optimizer).to_have_value("adam")


def test_a_structural_edit_leaves_a_receipt(playground: Playground) -> None:
    playground.open()
    playground.click("Add neuron to layer 1")
    playground.expect_notice(re.compile(r"Added a neuron to layer 1: output (unchanged|changed)"))
