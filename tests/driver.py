"""The page as a person uses it: by role and accessible name, waiting for states, never for times.

`Playground` holds the page; its `wire` keeps what the server sent, so that a test can say "no
weight was touched" of the numbers themselves.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, Page, WebSocket, expect

from playground.base.errors import InputError
from playground.wire.codec import decode

Role = Literal["button", "slider", "combobox", "radio", "checkbox", "spinbutton", "textbox"]

PATIENCE_MS = 30_000
"""For what takes as long as the machine makes it take: a loss to fall, a worker to start."""

KEEP_DIARY = """
  window.diary = [];
  const attributeFilter = ["data-run-state", "data-step"];
  new MutationObserver(() => {
    const now = {state: document.body.dataset.runState, step: Number(document.body.dataset.step)};
    const last = window.diary.at(-1);
    if (!last || last.state !== now.state || last.step !== now.step) window.diary.push(now);
  }).observe(document, {subtree: true, attributes: true, attributeFilter});
"""


@dataclass
class Frame:
    """A frame as the server packed it."""

    header: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]

    def layers(self) -> list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
        """(W, b) of every layer, the output layer last; W is (inputs, units)."""
        flat, at = self.arrays["weights"], 0
        inputs = len(self.header["network"]["inputs"])
        found = []
        for layer in self.header["network"]["layers"]:
            units = layer["units"]
            w = flat[at : at + inputs * units].reshape(inputs, units)
            at += inputs * units
            found.append((w, flat[at : at + units]))
            at += units
            inputs = units
        assert at == flat.size
        return found


@dataclass
class Wire:
    """What came over the page's WebSockets, decoded: the latest 400 frames and the points."""

    frames: list[Frame] = field(default_factory=list)
    points: Frame | None = None

    def attach(self, page: Page) -> None:
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            return
        try:
            received = Frame(*decode(payload))
        except InputError:
            return
        if "seq" in received.header:
            self.frames = [*self.frames[-400:], received]
        else:
            self.points = received

    @property
    def last(self) -> Frame:
        return self.frames[-1]


class Playground:
    """One page of the playground."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.wire = Wire()
        self.wire.attach(page)
        page.add_init_script(KEEP_DIARY)

    def open(self, experiment: dict[str, Any] | None = None) -> Playground:
        """Load the page, with `experiment` in its address; wait until it is ready."""
        link = f"#experiment={quote(json.dumps(experiment))}" if experiment else ""
        self.page.goto(f"{self.url}/{link}")
        self.wait_for_state("idle")
        self.wait_until(lambda: bool(self.wire.frames), "a first frame")
        return self

    def control(self, role: Role, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True)

    def click(self, name: str) -> None:
        self.control("button", name).click()

    def choose(self, name: str, option: str) -> None:
        """Take an option, by its value or its label, in the combobox called `name`."""
        self.control("combobox", name).select_option(option)

    def panel(self, name: str) -> Locator:
        """The region or figure called `name`."""
        return self.page.locator("section, figure, [role=region], [role=figure]").and_(
            self.page.get_by_label(name, exact=True)
        )

    def picture(self, name: str) -> str:
        """What the panel's canvases show."""
        pixels = "canvases => canvases.map(canvas => canvas.toDataURL()).join()"
        return str(self.panel(name).locator("canvas").evaluate_all(pixels))

    def settled_picture(self, name: str) -> str:
        """The panel's picture, once nothing is drawn there any more."""
        seen = [self.picture(name)]

        def rests() -> bool:
            self.page.wait_for_timeout(200)
            seen.append(self.picture(name))
            return len(set(seen[-3:])) == 1 and len(seen) > 2

        self.wait_until(rests, f"{name} to rest")
        return seen[-1]

    @property
    def state(self) -> str:
        return str(self.page.evaluate("document.body.dataset.runState"))

    @property
    def step(self) -> int:
        """The step last drawn; −1 where a page that has just loaded has drawn none."""
        return int(self.page.evaluate("document.body.dataset.step ?? -1"))

    def metric(self, name: str) -> float:
        """The full value of a streamed number; NaN where there is none."""
        value = self.page.locator(f'[data-metric="{name}"]').first.get_attribute("data-value")
        return float(value) if value not in (None, "", "null") else float("nan")

    def diary(self) -> list[dict[str, Any]]:
        """Every (state, step) the page has shown since it was loaded."""
        return list(self.page.evaluate("window.diary"))

    def wait_for_state(self, *states: str) -> None:
        expect(self.page.locator("body")).to_have_attribute(
            "data-run-state", re.compile(f"^({'|'.join(states)})$"), timeout=PATIENCE_MS
        )

    def wait_for_step(self, *, above: int) -> None:
        """Until a later step has been drawn."""
        self.wait_until(lambda: self.step > above, f"a step after {above}")

    def wait_for_metric(
        self, name: str, *, below: float = np.inf, above: float = -np.inf, ms: int = PATIENCE_MS
    ) -> None:
        """Until the number shown is strictly between."""
        self.wait_until(
            lambda: above < self.metric(name) < below, f"{name} between {above} and {below}", ms
        )

    def wait_until(self, holds: Callable[[], bool], what: str, ms: int = PATIENCE_MS) -> None:
        """Until `holds` does. Asked from out here: the page's own policy forbids `eval` in it."""
        deadline = time.monotonic() + ms / 1000
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {ms} ms in vain for {what}")
            self.page.wait_for_timeout(20)  # lets the page's events in; `holds` alone decides

    def wait_for_frame(self, holds: Callable[[Frame], bool], what: str) -> Frame:
        self.wait_until(lambda: bool(self.wire.frames) and holds(self.wire.last), what)
        return self.wire.last

    def play(self) -> None:
        """Until it runs; what breaks at once has run too."""
        self.click("Play")
        self.wait_for_state("running", "diverged", "finished")

    def play_fast(self) -> None:
        """As fast as it goes."""
        self.control("slider", "Speed").press("End")
        self.play()

    def play_until_diverged(self) -> Frame:
        """Play a run that has to blow up, perhaps in its first step; the frame that says so."""
        self.click("Play")
        self.wait_for_state("diverged")
        return self.wait_for_frame(
            lambda frame: frame.header["run_state"] == "diverged", "the frame that says so"
        )

    def pause(self) -> Frame:
        """Pause; the frame that shows it."""
        self.click("Pause")
        self.wait_for_state("paused")
        return self.wait_for_frame(
            lambda frame: frame.header["run_state"] == "paused", "the frame that shows the pause"
        )

    def train_until(self, **reached: float) -> Frame:
        """Play as fast as it goes until a metric is `below` (name=value), then pause."""
        self.play_fast()
        for name, below in reached.items():
            self.wait_for_metric(name, below=below)
        return self.pause()

    def expect_notice(self, words: str | re.Pattern[str]) -> None:
        """A message that says so is there."""
        expect(self.page.get_by_role("article").filter(has_text=words).first).to_be_visible()

    def expect_no_sideways_scroll(self) -> None:
        excess = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(excess) <= 0


expect.set_options(timeout=PATIENCE_MS)
