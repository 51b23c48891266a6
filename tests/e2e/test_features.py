"""What TensorFlow Playground has and no other journey walks: features, samples, points, decay."""

from __future__ import annotations

import numpy as np
from driver import Playground
from playwright.sync_api import expect


def test_features_come_and_go_with_their_weights_alone(playground: Playground) -> None:
    playground.open().play_fast()
    before = playground.pause()
    tile = playground.control("checkbox", "x₁²")
    tile.check(force=True)
    after = playground.wait_for_frame(
        lambda frame: frame.header["network"]["inputs"] == ["x1", "x2", "x1_squared"], "x₁²"
    )
    (w_before, b_before), (w_after, b_after) = before.layers()[0], after.layers()[0]
    assert np.array_equal(w_after[:2], w_before)
    assert np.array_equal(b_after, b_before)
    tile.uncheck(force=True)
    back = playground.wait_for_frame(
        lambda frame: frame.header["network"]["inputs"] == ["x1", "x2"], "it gone"
    )
    assert np.array_equal(back.arrays["weights"], before.arrays["weights"])


def test_a_new_sample_is_of_the_same_kind_and_test_points_can_be_hidden(
    playground: Playground,
) -> None:
    playground.open()
    old, shown = playground.wire.points, playground.picture("Decision surface")
    playground.click("New sample")
    playground.wait_until(lambda: playground.wire.points is not old, "another sample")
    new = playground.wire.points
    assert old is not None
    assert new is not None
    assert new.arrays["points"].shape == old.arrays["points"].shape
    assert not np.array_equal(new.arrays["points"], old.arrays["points"])
    playground.wait_until(lambda: playground.picture("Decision surface") != shown, "its points")
    before = playground.settled_picture("Decision surface")
    box = playground.control("checkbox", "Test points")
    box.uncheck()
    playground.wait_until(
        lambda: playground.picture("Decision surface") != before, "the training points alone"
    )
    box.check()
    playground.wait_until(lambda: playground.picture("Decision surface") == before, "all of them")


def test_weight_decay_is_set_shared_and_shrinks_the_weights(playground: Playground) -> None:
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.open({"training": {"learning_rate": 0.5}})
    first = float(np.abs(playground.wire.last.arrays["weights"]).sum())
    page.locator("summary", has_text="More").click()
    decay = page.get_by_role("textbox", name="L2", exact=True)
    decay.fill("1")
    decay.press("Enter")
    playground.click("Copy link")  # at once: the edit is on its way
    expect(page.get_by_role("article")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    playground.play_fast()
    playground.wait_for_step(above=200)
    frame = playground.pause()
    assert float(np.abs(frame.arrays["weights"]).sum()) < 0.2 * first
    other = page.context.new_page()
    other.goto(link)
    other.locator("summary", has_text="More").click()
    expect(other.get_by_role("textbox", name="L2", exact=True)).to_have_value("1")


def test_a_neuron_under_the_pointer_shows_its_map_large(playground: Playground) -> None:
    playground.open({"network": {"hidden": [{"units": 1}]}})
    surface = playground.panel("Decision surface")
    canvas = playground.panel("Network").locator("canvas").first
    box = canvas.bounding_box()
    assert box is not None
    # One column of one neuron stands in the middle.
    canvas.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(surface).to_contain_text("layer 1, neuron 1")
    playground.page.mouse.move(2, 2)
    expect(surface).not_to_contain_text("layer 1, neuron 1")
