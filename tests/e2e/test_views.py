"""The pictures of every task, the measures, and a neuron's numbers changed by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from driver import Frame, Playground
from playwright.sync_api import Locator, expect

IRIS = {"data": {"name": "iris"}}


def figure(playground: Playground) -> Locator:
    return playground.panel("Decision surface")


def network(playground: Playground) -> Locator:
    return playground.panel("Network").locator("canvas").first


def test_many_inputs_are_seen_through_components_or_two_of_them(playground: Playground) -> None:
    playground.open(IRIS)
    expect(figure(playground)).to_contain_text("Principal components:")
    before = playground.picture("Decision surface")
    playground.choose("Horizontal axis", "petal length (cm)")
    expect(figure(playground)).to_contain_text("2 other inputs held at their mean")
    playground.choose("Vertical axis", "petal width (cm)")
    playground.wait_until(
        lambda: (
            playground.wire.points is not None
            and playground.wire.points.header["lens"]["axes"] == [2, 3]
        ),
        "points along the axes chosen",
    )
    playground.wait_until(
        lambda: playground.picture("Decision surface") != before, "another picture"
    )
    expect(figure(playground)).to_contain_text("versicolor")
    playground.choose("Vertical axis", "component 2")
    expect(figure(playground)).to_contain_text("Principal components:")


def test_one_input_is_drawn_as_a_curve_that_moves(playground: Playground) -> None:
    playground.open({"data": {"name": "sine"}})
    expect(figure(playground).get_by_role("img", name="Curve picture")).to_be_visible()
    expect(figure(playground)).to_contain_text("network")
    before = playground.picture("Decision surface")
    playground.train_until(training_loss=0.45)
    assert playground.picture("Decision surface") != before


def test_digits_are_shown_with_the_networks_answers(playground: Playground) -> None:
    playground.open({"data": {"name": "digits"}, "training": {"learning_rate": 0.1}})
    playground.page.get_by_role("radio", name="Examples").check(force=True)
    items = playground.page.get_by_role("list", name="Examples with the network's answers")
    expect(items.get_by_role("listitem")).to_have_count(40)
    frame = playground.train_until(training_loss=1.2)
    assert playground.wire.points is not None
    true = playground.wire.points.arrays["example_targets"]
    wrong = int((frame.arrays["example_class"] != true).sum())
    expect(playground.panel("Output")).to_contain_text(f"{40 - wrong} right, {wrong} wrong")
    expect(items.locator('li[data-right="false"]')).to_have_count(wrong)


def test_the_measures_of_each_set_stand_in_a_table(playground: Playground) -> None:
    playground.open({"data": {"name": "wine", "validation_fraction": 0.2}})
    frame = playground.train_until(training_loss=0.4)
    playground.page.get_by_role("radio", name="Metrics").check(force=True)
    metrics = playground.page.get_by_role("group", name="Metrics")
    for name in ("training", "validation", "test"):
        cell = metrics.locator(f'[data-metric="{name}_macro_f1"]')
        f1 = frame.header["report"][name]["macro_f1"]
        playground.wait_until(
            lambda cell=cell, f1=f1: float(cell.get_attribute("data-value") or "nan") == f1,
            f"{name}'s F1",
        )
    matrix = metrics.get_by_role("table", name="Confusion matrix of the test set")
    counts = np.array(matrix.locator("tbody td").all_inner_texts(), int).reshape(3, 3)
    assert counts.tolist() == frame.header["report"]["test"]["confusion"]
    assert counts.sum() == frame.header["report"]["test"]["examples"]
    metrics.get_by_label("Set of the confusion matrix").select_option("validation")
    expect(
        metrics.get_by_role("table", name="Confusion matrix of the validation set")
    ).to_be_visible()


def test_a_regression_has_its_own_measures(playground: Playground) -> None:
    playground.open({"data": {"name": "plane"}})
    playground.page.get_by_role("radio", name="Metrics").check(force=True)
    metrics = playground.page.get_by_role("group", name="Metrics")
    for title in ("RMSE", "MAE", "R²"):
        expect(metrics.get_by_role("rowheader", name=title)).to_be_visible()
    expect(metrics.get_by_text("Confusion matrix")).to_be_hidden()


def test_the_output_can_be_discretized(playground: Playground) -> None:
    playground.open()
    before = playground.settled_picture("Decision surface")
    playground.control("checkbox", "Discretize output").check()
    playground.wait_until(
        lambda: playground.picture("Decision surface") != before, "two flat colours"
    )
    playground.control("checkbox", "Discretize output").uncheck()
    playground.wait_until(
        lambda: playground.picture("Decision surface") == before, "the surface as it was"
    )


def _at_rest_on_a_plane(playground: Playground) -> Frame:
    """One step taken, and the frame that shows it at rest, with the surface's exact values."""
    playground.open({"data": {"name": "plane"}})
    playground.click("Step")
    playground.wait_for_state("paused")
    return playground.wait_for_frame(
        lambda frame: frame.header["step"] == 1 and frame.header["run_state"] == "paused",
        "the step",
    )


def test_at_rest_the_surface_tells_its_exact_value(playground: Playground) -> None:
    frame = _at_rest_on_a_plane(playground)
    canvas = figure(playground).locator("canvas").first
    canvas.hover(position={"x": 120, "y": 60})
    words = figure(playground).locator(".view-tooltip").inner_text().replace("−", "-")
    value = float(words.split()[1])
    exact = frame.arrays["surface_value"].ravel()
    assert np.abs(exact - value).min() <= 0.0051 * abs(value)
    assert "x1" in words


def test_arrow_keys_read_the_surface(playground: Playground) -> None:
    frame = _at_rest_on_a_plane(playground)
    values = frame.arrays["surface_value"]
    size = frame.header["surface"]["resolution"]
    values = values.reshape(size, size)
    before = playground.settled_picture("Decision surface")
    figure(playground).locator("canvas").first.focus()
    keyboard = playground.page.keyboard
    keyboard.press("Home")
    spoken = figure(playground).get_by_role("status")

    def reads(row: int, column: int) -> None:
        expect(spoken).to_contain_text("x1")
        value = float(spoken.inner_text().replace("−", "-").replace(",", "").split()[1])
        assert value == pytest.approx(values[row, column], rel=0.0051)

    middle = size // 2
    reads(middle, middle)
    assert playground.picture("Decision surface") != before, "no cross"
    keyboard.press("ArrowRight")
    keyboard.press("Shift+ArrowUp")
    reads(middle - 5, middle + 1)
    keyboard.press("Escape")
    playground.wait_until(
        lambda: playground.picture("Decision surface") == before, "the picture without the cross"
    )


def test_a_validation_set_has_its_number_and_its_curve(playground: Playground) -> None:
    playground.open()
    row = playground.page.locator('[data-metric="validation_loss"]')
    curves = playground.panel("Loss curves").locator(".scatterlayer .trace")
    expect(row).to_be_hidden()
    expect(curves).to_have_count(2)
    playground.open({"data": {"name": "moons", "noise": 0.3, "validation_fraction": 0.4}})
    playground.click("Step")
    playground.wait_for_state("paused")
    frame = playground.wait_for_frame(lambda frame: frame.header["step"] == 1, "the step")
    expect(row).to_be_visible()
    playground.wait_until(
        lambda: playground.metric("validation_loss") == frame.header["validation_loss"],
        "the validation loss of the frame",
    )
    # The mean of the engine's own cross-entropy over other examples than test and training set.
    assert len({playground.metric(f"{of}_loss") for of in ("training", "test", "validation")}) == 3
    expect(curves).to_have_count(3)


def weight_of(frame: Frame, layer: int, unit: int) -> tuple[Any, float]:
    w, b = frame.layers()[layer]
    return w[:, unit], float(b[unit])


def test_a_neurons_numbers_are_set_with_the_keyboard_alone(playground: Playground) -> None:
    playground.open()
    network(playground).focus()
    playground.page.keyboard.press("ArrowRight")
    playground.page.keyboard.press("ArrowDown")
    playground.page.keyboard.press("Enter")
    editor = playground.page.get_by_role("dialog", name="layer 1, neuron 2")
    expect(editor).to_be_visible()
    expect(editor.get_by_role("spinbutton", name="Bias")).to_be_focused()
    playground.page.keyboard.type("1.75")
    playground.page.keyboard.press("Enter")
    playground.wait_for_frame(lambda frame: weight_of(frame, 0, 1)[1] == 1.75, "the bias")
    editor.get_by_role("spinbutton", name="Weight from x2").fill("-0.5")
    playground.page.keyboard.press("Tab")
    frame = playground.wait_for_frame(
        lambda frame: weight_of(frame, 0, 1)[0][1] == -0.5, "the weight"
    )
    assert frame.header["step"] == 0
    playground.page.keyboard.press("Escape")
    expect(editor).to_be_hidden()
    expect(network(playground)).to_be_focused()


def test_an_open_editor_stays_in_a_window_that_shrinks(playground: Playground) -> None:
    page = playground.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    playground.open({"network": {"hidden": [{"units": 3}]}})
    network(playground).focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    editor = page.get_by_role("dialog", name="output 1")
    expect(editor).to_be_visible()
    page.set_viewport_size({"width": 1190, "height": 700})

    def inside() -> bool:
        box, panel = editor.bounding_box(), playground.panel("Network").bounding_box()
        assert box is not None
        assert panel is not None
        return box["x"] + box["width"] <= panel["x"] + panel["width"]

    playground.wait_until(inside, "the editor to come along")
    playground.expect_no_sideways_scroll()


def test_a_larger_projector_shows_a_larger_page(playground: Playground) -> None:
    page = playground.page
    page.add_init_script("localStorage.setItem('mode', 'projector')")
    playground.open()
    seen = []
    for width, height in ((1440, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        heading = page.get_by_role("heading", name="Gradient lab")
        size = float(heading.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
        plane = figure(playground).locator("canvas").first
        playground.wait_until(lambda plane=plane: plane.bounding_box() is not None, "the plane")
        box, lab = plane.bounding_box(), playground.panel("Gradient lab").bounding_box()
        assert box is not None
        assert lab is not None
        assert lab["width"] == width, "the gradients have the whole width"
        seen.append((size / height, min(box["width"], box["height"]) / height))
    # The same share of the screen, by a tenth, for type and picture.
    assert seen[1] == pytest.approx(seen[0], rel=0.1)


def test_a_click_on_a_link_opens_its_weight_and_a_slider_drags_it(playground: Playground) -> None:
    playground.open({"network": {"hidden": []}})
    box = network(playground).bounding_box()
    assert box is not None
    # One link a row from each input to the one output: the upper one ends level with it.
    page, found = playground.page, playground.page.get_by_role("dialog", name="output 1")
    for share in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        page.mouse.click(box["x"] + box["width"] * 0.42, box["y"] + box["height"] * share)
        if found.is_visible():
            break
    expect(found).to_be_visible()
    weight = found.get_by_role("spinbutton", name="Weight from x1")
    before = weight_of(playground.wire.last, 0, 0)[0][0]
    found.get_by_role("slider", name="Weight from x1, slider").press("End")
    frame = playground.wait_for_frame(
        lambda frame: weight_of(frame, 0, 0)[0][0] != before, "another weight"
    )
    assert float(weight.input_value()) == weight_of(frame, 0, 0)[0][0] == 2.0


def test_links_show_weights_or_gradients(playground: Playground) -> None:
    playground.open()
    before = playground.picture("Network")
    playground.page.get_by_role("radio", name="Gradients").check(force=True)
    frame = playground.wait_for_frame(lambda frame: "gradients" in frame.arrays, "gradients")
    assert frame.arrays["gradients"].shape == frame.arrays["weights"].shape
    expect(playground.panel("Network")).to_contain_text("|dw|")
    playground.wait_until(lambda: playground.picture("Network") != before, "other links")
    playground.page.get_by_role("radio", name="Weights").check(force=True)
    playground.wait_for_frame(lambda frame: "gradients" not in frame.arrays, "no gradients")
    expect(playground.panel("Network")).to_contain_text("positive weight")


def test_a_neuron_under_the_keyboard_shows_its_map_large(playground: Playground) -> None:
    playground.open()
    before = playground.picture("Decision surface")
    network(playground).focus()
    playground.page.keyboard.press("ArrowRight")
    expect(figure(playground)).to_contain_text("layer 1, neuron 1")
    playground.wait_until(
        lambda: playground.picture("Decision surface") != before, "the neuron's map"
    )
    playground.page.keyboard.press("Escape")
    expect(figure(playground)).not_to_contain_text("layer 1, neuron 1")
