"""The form holds every setting: of a layer, of the run, of grouped data; a tour is offered."""

from __future__ import annotations

from driver import Playground
from playwright.sync_api import Route, expect


def test_one_layer_gets_what_the_others_do_not(playground: Playground) -> None:
    playground.open({"network": {"hidden": [{"units": 4}, {"units": 4}, {"units": 4}]}})
    before = playground.wire.last.layers()
    playground.click("Settings of layer 2")
    expect(playground.control("combobox", "Initializer of layer 2")).to_be_visible()
    playground.choose("Initializer of layer 2", "constant")
    playground.control("textbox", "Value of layer 2").fill("0.25")
    playground.control("textbox", "Value of layer 2").press("Enter")
    frame = playground.wait_for_frame(
        lambda f: bool((f.layers()[1][0] == 0.25).all()), "layer 2 drawn anew, all weights 0.25"
    )
    now = frame.layers()
    assert (now[0][0] == before[0][0]).all()
    assert (now[2][0] == before[2][0]).all()


def test_a_description_that_comes_after_the_first_frame_fills_every_list(
    playground: Playground,
) -> None:
    held: list[Route] = []
    playground.page.route("**/api/schema", lambda route: held.append(route))
    playground.open({"network": {"hidden": [{"units": 4, "activation": "relu"}] * 2}})
    head = playground.page.locator("#layer-strip").get_by_text("Layer 1", exact=True)
    expect(head).to_be_visible()
    for route in held:
        route.continue_()
    expect(playground.control("combobox", "Activation of layer 2")).to_have_value("relu")


def test_a_layer_s_settings_follow_the_layer_that_is_chosen(playground: Playground) -> None:
    hidden = [{"units": 3, "dropout": 0.5}, {"units": 3, "activation": "leaky_relu"}]
    playground.open({"network": {"hidden": hidden}})
    expect(playground.control("textbox", "Dropout of layer 1")).to_have_value("0.5")
    playground.choose("Layer", "Layer 2")
    expect(playground.control("textbox", "Dropout of layer 2")).to_have_value("0")
    slope = playground.control("textbox", "Negative slope of layer 2")
    expect(slope).to_have_value("0.01")
    slope.fill("2")
    slope.press("Enter")
    expect(playground.page.get_by_text("must be below 1").first).to_be_visible()


def test_a_residual_connection_has_its_scale_and_its_refusal(playground: Playground) -> None:
    playground.open({"network": {"hidden": [{"units": 4}, {"units": 4}]}})
    playground.choose("Layer", "Layer 2")
    box = playground.control("checkbox", "Residual of layer 2")
    scale = playground.page.get_by_role("textbox", name="Residual of layer 2: scale", exact=True)
    expect(scale).to_be_hidden()
    box.check()
    expect(scale).to_be_visible()
    expect(scale).to_have_value("1")
    scale.fill("0.5")
    scale.press("Enter")
    playground.choose("Layer", "Layer 1")
    # Refused at once: `check` would miss the tick that is taken back.
    playground.control("checkbox", "Residual of layer 1").click()
    expect(playground.page.get_by_text("equal widths").first).to_be_visible()


def test_data_sets_stand_under_their_kind_of_problem(playground: Playground) -> None:
    playground.open()
    group = playground.page.get_by_role("radiogroup", name="Data set")
    for kind in ("Classification", "Regression", "Real data", "Your own"):
        expect(group.get_by_text(kind, exact=True)).to_be_visible()
    playground.control("radio", "Sine").check(force=True)
    playground.wait_until(
        lambda: (
            playground.wire.points is not None
            and playground.wire.points.header["task"] == "regression"
        ),
        "points of a regression",
    )


def test_a_new_start_draws_other_weights_and_a_reset_the_same(playground: Playground) -> None:
    playground.open()
    first = playground.wire.last.arrays["weights"].copy()
    playground.click("New start")
    playground.wait_for_frame(
        lambda f: not (f.arrays["weights"] == first).all(), "weights of another seed"
    )
    second = playground.wire.last.arrays["weights"].copy()
    playground.play()
    playground.wait_for_step(above=3)
    playground.pause()
    playground.click("Reset")
    playground.wait_for_frame(lambda f: f.header["step"] == 0, "step 0")
    assert (playground.wire.last.arrays["weights"] == second).all()


def test_the_tour_is_offered_walked_by_keyboard_and_remembered(playground: Playground) -> None:
    playground.open()
    page = playground.page
    playground.click("Take the tour")
    tour = page.get_by_role("region", name="Press Play")
    expect(tour).to_be_focused()
    expect(tour).to_contain_text("1 of 6")
    playground.click("Play")  # it is in nobody's way
    playground.wait_for_state("running")
    page.get_by_role("button", name="Next", exact=True).focus()
    for title in ("Watch its answer", "Look inside", "Follow the gradient", "Change anything"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("region", name=title)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tour")).to_be_hidden()
    page.reload()
    playground.wait_for_state("running", "paused", "idle")
    expect(playground.control("button", "Tour")).to_be_attached()
    expect(playground.control("button", "Take the tour")).to_be_hidden()
