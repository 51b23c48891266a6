"""What breaks is said, and what can go on goes on."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import numpy as np
import pytest
from complaints import Complaints
from driver import Playground
from playwright.sync_api import Page, WebSocketRoute, expect
from server import ServerProcess, kept_step

EXPLODES = {
    # Weights cross the wire as float32: only in that precision do they show whether all are finite.
    "dtype": "float32",
    "data": {"name": "plane"},
    "network": {"hidden": [{"units": 8, "activation": "relu", "initializer": "he_normal"}] * 3},
    "training": {"learning_rate": 10.0},
}


class Line:
    """The page's connection, which a test can cut and mend."""

    def __init__(self, page: Page) -> None:
        self._open: list[WebSocketRoute] = []
        self._cut = False
        page.route_web_socket(lambda url: True, self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self._cut:
            route.close()
            return
        route.connect_to_server()
        self._open.append(route)

    def cut(self) -> None:
        self._cut = True
        for route in self._open:
            route.close()
        self._open.clear()

    def mend(self) -> None:
        self._cut = False


@pytest.fixture
def line(playground: Playground, complaints: Complaints) -> Line:
    """The one connection of the page, with no way round by polling."""
    complaints.expect_lost_line()
    playground.page.route("**/socket.io/**", lambda route: route.abort())
    return Line(playground.page)


def test_a_page_that_reconnects_finds_its_session(playground: Playground, line: Line) -> None:
    playground.open().train_until(test_loss=0.4)
    paused_at, loss = playground.step, playground.metric("training_loss")

    line.cut()
    playground.wait_for_state("disconnected")
    line.mend()
    playground.wait_for_state("paused")
    assert playground.step == paused_at
    assert playground.metric("training_loss") == loss
    playground.play()
    playground.wait_for_metric("step", above=paused_at)


def test_no_cure_is_offered_while_the_server_is_out_of_reach(
    playground: Playground, line: Line
) -> None:
    playground.open(EXPLODES).play_until_diverged()
    cure = playground.page.get_by_role("group", name="Cures").get_by_role("button").first
    expect(cure).to_be_enabled()
    line.cut()
    playground.wait_for_state("disconnected")
    expect(cure).to_be_disabled()
    line.mend()
    playground.wait_for_state("diverged")
    expect(cure).to_be_enabled()


def test_training_goes_on_while_nobody_is_connected(playground: Playground, line: Line) -> None:
    playground.open().play()
    playground.wait_for_metric("step", above=50)
    line.cut()
    playground.wait_for_state("disconnected")
    lost_at = playground.step
    line.mend()
    playground.wait_for_state("running", "paused")
    playground.wait_for_metric("step", above=lost_at - 1)


def test_a_frame_drawn_after_the_line_broke_does_not_hide_it(
    playground: Playground, line: Line
) -> None:
    page = playground.page
    page.add_init_script("""
        const draw = window.requestAnimationFrame.bind(window);
        let waiting = null;
        window.requestAnimationFrame = (tick) => (waiting ? waiting.push(tick) : draw(tick));
        window.holdDrawing = () => { waiting = []; };
        window.held = () => waiting.length;
        window.letDraw = () => { waiting.splice(0).forEach(draw); waiting = null; };
    """)
    playground.open().play()
    playground.wait_for_metric("step", above=50)
    page.evaluate("holdDrawing()")
    drawn = playground.step
    playground.wait_for_frame(lambda frame: frame.header["step"] > drawn, "a frame after it")
    playground.wait_until(lambda: page.evaluate("held()") > 0, "a picture to be asked for")
    line.cut()
    expect(page.locator("body")).to_have_attribute("data-connection", "lost")
    page.evaluate("letDraw()")
    playground.wait_for_step(above=drawn)
    assert playground.state == "disconnected"


def test_a_reload_finds_the_session(playground: Playground) -> None:
    playground.open().train_until(test_loss=0.4)
    paused_at, loss = playground.step, playground.metric("training_loss")
    playground.page.reload()
    playground.wait_for_state("paused")
    assert playground.step == paused_at
    assert playground.metric("training_loss") == loss


def test_two_people_do_not_meet(
    playground: Playground, server: ServerProcess, complaints: Complaints
) -> None:
    playground.open().play_fast()
    context = playground.page.context.browser
    assert context is not None
    page = context.new_page()
    complaints.watch(page)
    other = Playground(page, server.url).open()
    playground.wait_for_metric("step", above=1000)
    assert other.state == "idle"
    assert other.step == 0
    page.close()


def test_a_killed_worker_is_replaced_and_the_run_goes_on(
    start_server: Callable[..., ServerProcess], page: Page
) -> None:
    own = start_server()
    playground = Playground(page, own.url).open()
    playground.play_fast()
    playground.wait_for_metric("training_loss", below=0.3)
    learned = playground.step
    playground.wait_until(
        lambda: kept_step(own.database) > learned, "a checkpoint of a network that has learned"
    )
    before = playground.wire.last.header
    for worker in own.workers():
        worker.send_signal(signal.SIGKILL)
    playground.wait_for_frame(
        lambda frame: frame.header["generation"] > before["generation"], "the new worker's frame"
    )
    came_back = playground.wire.last.header
    assert came_back["step"] > learned, "the run began anew instead of at its checkpoint"
    assert came_back["training_loss"] < 0.5
    playground.wait_for_metric("step", above=max(before["step"], came_back["step"]))
    assert playground.state == "running"


def test_a_restarted_server_is_found_again(
    page: Page, start_server: Callable[..., ServerProcess], complaints: Complaints
) -> None:
    complaints.expect_lost_line()
    first = start_server()
    playground = Playground(page, first.url).open({"data": {"name": "xor"}})
    first.stop()
    playground.wait_for_state("disconnected")
    start_server("--port", str(first.port))
    playground.wait_for_state("idle")
    assert playground.control("radio", "XOR").is_checked()
    playground.play()
    playground.wait_for_metric("step", above=10)


def test_a_run_that_diverges_says_where_and_what_to_do(playground: Playground) -> None:
    diverged = playground.open(EXPLODES).play_until_diverged()
    where = diverged.header["diverged"]
    assert where["step"] >= 1
    assert 1 <= where["layer"] <= 4
    banner = playground.page.get_by_role("alert").filter(has_text="diverged")
    expect(banner.first).to_contain_text(str(where["step"]))
    expect(banner.first).to_contain_text(str(where["layer"]))
    assert np.isfinite(diverged.arrays["weights"]).all(), "the last finite weights are gone"
    banner.get_by_role("button", name="Put away").click()
    expect(banner).to_be_hidden()
    expect(playground.page.get_by_role("button", name="Training has diverged")).to_be_visible()


def test_what_ended_a_run_is_said_until_it_goes_on(playground: Playground) -> None:
    playground.open({"training": {"stop": {"max_epochs": 2}}})
    playground.control("slider", "Speed").press("End")
    playground.click("Play")
    playground.wait_for_state("finished")
    banner = playground.page.get_by_role("alert")
    expect(banner).to_contain_text("Finished at step 50")
    expect(banner).to_contain_text("2 epochs are done")
    # A run that ended before it was seen running is no reason to offer a pause.
    expect(playground.control("button", "Play")).to_be_visible()
    banner.get_by_role("button", name="Put away").click()
    expect(banner).to_be_hidden()
    playground.click("Reset")
    playground.wait_for_state("idle")
    playground.click("Play")
    playground.wait_for_state("finished")
    expect(banner).to_be_visible()


def test_no_remedy_is_itself_an_illness(playground: Playground) -> None:
    playground.open({"data": "plane", "training": {"learning_rate": 1e6}}).play_until_diverged()
    banner = playground.page.get_by_role("alert").filter(has_text="diverged")
    banner.get_by_role("button", name=re.compile("learning rate")).first.click()
    playground.wait_for_state("running")
    rate = playground.control("slider", "Learning rate").get_attribute("aria-valuetext") or ""
    assert float(rate) <= 0.1
    playground.wait_for_metric("training_loss", below=1.0)


@pytest.mark.parametrize("remedy", ["rate", "clip", "start over"])
def test_a_remedy_for_divergence_lets_the_run_go_on(playground: Playground, remedy: str) -> None:
    playground.open(EXPLODES).play_until_diverged()
    banner = playground.page.get_by_role("alert").filter(has_text="diverged")
    banner.get_by_role("button", name=re.compile(remedy, re.IGNORECASE)).first.click()
    playground.wait_for_state("idle", "running", "paused")


def test_a_link_with_nonsense_in_it_is_refused_in_words(playground: Playground) -> None:
    playground.page.goto(
        f"{playground.url}/#experiment=%7B%22training%22%3A%7B%22optimizer%22%3A%22adm%22%7D%7D"
    )
    body = playground.page.locator("body")
    expect(body).to_contain_text("can't be used: training.optimizer: no optimizer is called 'adm'")
    expect(body).to_contain_text("did you mean 'adam'?")


def test_a_bad_command_is_refused_and_the_run_goes_on(playground: Playground) -> None:
    """Sent over the page's own connection, as a broken or a hostile page would."""
    server_side: list[WebSocketRoute] = []
    answers: list[str] = []

    def connect(route: WebSocketRoute) -> None:
        upstream = route.connect_to_server()
        server_side.append(upstream)
        route.on_message(upstream.send)

        def downstream(message: str | bytes) -> None:
            if isinstance(message, str) and message.startswith("439"):
                answers.append(message)
            else:
                route.send(message)

        upstream.on_message(downstream)

    playground.page.route_web_socket(lambda url: True, connect)
    playground.open().play_fast()
    playground.wait_for_metric("step", above=100)
    for number, command in enumerate(
        [
            '{"name":"fly"}',
            '{"name":"edit","patch":{"training":{"learning_rate":-1}}}',
            '{"name":"edit","patch":{"network":{"hidden":[{"units":1e9}]}}}',
            '{"name":"step","count":"many"}',
            '{"name":"add_layer","at":99}',
            "[]",
            '"play"',
        ]
    ):
        server_side[-1].send(f'429{number}["command",{command}]')
    playground.wait_until(lambda: len(answers) == 7, "seven refusals")
    assert all('"ok":false' in answer and '"message":' in answer for answer in answers), answers
    assert any("learning_rate" in answer for answer in answers)
    playground.wait_for_metric("step", above=playground.step)
    assert playground.state == "running"
