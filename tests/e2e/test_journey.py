"""The way a newcomer goes, from the first click to the reset."""

from __future__ import annotations

from driver import Playground
from playwright.sync_api import Route, expect


def test_a_newcomer_watches_it_learn_and_changes_it_while_it_does(playground: Playground) -> None:
    playground.open()
    assert playground.step == 0
    untrained = playground.metric("test_loss")
    first_surface = playground.picture("Decision surface")

    playground.play_fast()
    playground.wait_for_metric("test_loss", below=untrained / 2)
    assert playground.picture("Decision surface") != first_surface

    before = playground.wire.last.header
    playground.control("slider", "Learning rate").press("ArrowRight")
    playground.wait_for_frame(
        lambda frame: frame.header["learning_rate"] > before["learning_rate"], "the new rate"
    )
    playground.wait_for_metric("step", above=before["step"] + 100)
    assert playground.metric("test_loss") < 0.75 * untrained

    layers = len(playground.wire.last.header["network"]["layers"])
    playground.click("Add hidden layer")
    playground.wait_for_frame(
        lambda frame: len(frame.header["network"]["layers"]) == layers + 1, "the new layer"
    )
    playground.wait_for_metric("step", above=playground.wire.last.header["step"])

    playground.pause()
    steps = [frame.header["step"] for frame in playground.wire.frames]
    assert steps == sorted(steps), "the step counter fell while it trained"
    paused_at = playground.step
    playground.click("Step")
    playground.wait_for_step(above=paused_at)
    assert playground.step == paused_at + 1
    assert playground.state == "paused"

    playground.click("Reset")
    playground.wait_for_state("idle")
    assert playground.step == 0
    playground.wait_for_frame(lambda frame: frame.header["step"] == 0, "the network as it began")


def test_no_later_step_is_drawn_after_a_pause(playground: Playground) -> None:
    playground.open().play_fast()
    playground.wait_for_metric("step", above=1000)
    paused = playground.pause().header
    paused_at = playground.step
    # A frame that answers a later command: whatever was still under way has arrived before it.
    playground.control("slider", "Noise").press("ArrowRight")
    playground.wait_for_frame(
        lambda frame: frame.header["command"] > paused["command"], "the answer to a later command"
    )
    diary = playground.diary()
    since = [entry["state"] for entry in diary].index("paused")
    assert {entry["step"] for entry in diary[since:]} == {paused_at}


def test_play_and_pause_are_one_button(playground: Playground) -> None:
    playground.open()
    expect(playground.control("button", "Pause")).to_have_count(0)
    playground.play()
    expect(playground.control("button", "Pause")).to_be_visible()
    expect(playground.control("button", "Play")).to_have_count(0)
    playground.pause()
    expect(playground.control("button", "Play")).to_be_visible()


def test_the_default_speed_lets_one_watch(playground: Playground) -> None:
    """100 to 300 steps a second: the default experiment learns over some seconds."""
    playground.open().play()
    playground.wait_for_metric("step", above=300)
    frames = playground.wire.frames
    assert 100 <= frames[-1].header["speed"] <= 300
    assert frames[-1].header["steps_per_second"] <= 330


def test_the_default_experiment_is_learned(playground: Playground) -> None:
    playground.open().play_fast()
    playground.wait_for_metric("test_loss", below=0.05)
    playground.pause()
    assert playground.metric("training_loss") < 0.1
    assert playground.metric("epoch") == playground.step // 25


def test_reset_brings_the_same_network_back(playground: Playground) -> None:
    first = playground.open().wire.last.arrays["weights"].tobytes()
    playground.play_fast()
    playground.wait_for_metric("step", above=500)
    playground.click("Reset")
    playground.wait_for_state("idle")
    back = playground.wait_for_frame(lambda frame: frame.header["step"] == 0, "step 0")
    assert back.arrays["weights"].tobytes() == first


def test_the_metrics_shown_are_those_of_the_frame(playground: Playground) -> None:
    playground.open().play_fast()
    playground.wait_for_metric("step", above=200)
    frame = playground.pause()
    for name in ("step", "epoch", "training_loss", "test_loss"):
        assert playground.metric(name) == frame.header[name]


def test_the_session_begins_while_pictures_and_controls_are_still_on_their_way(
    playground: Playground,
) -> None:
    held: list[Route] = []
    page = playground.page
    page.route("**/js/main.js", lambda route: held.append(route))
    page.goto(playground.url, wait_until="commit")
    playground.wait_until(lambda: bool(held), "the page to ask for its main script")
    playground.wait_until(lambda: bool(playground.wire.frames), "the first frame")
    assert playground.state == "disconnected", "nothing is drawn yet"
    held.pop().continue_()
    playground.wait_for_state("idle")
    assert playground.step == 0
    playground.click("Step")
    playground.wait_for_step(above=0)
