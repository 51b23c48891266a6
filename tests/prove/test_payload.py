"""What the page weighs before it can be used, with all that comes later, and how soon it can."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from driver import Playground
from playwright.sync_api import Browser, CDPSession
from server import ServerProcess

FIRST_BYTES = 250_000
ALL_BYTES = 800_000
INTERACTIVE_SECONDS = 1.5
RUNS = 5


@dataclass
class Traffic:
    """Bytes as they crossed the network: compressed, headers included; frames left out."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._answered)

    def _asked(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        self.addresses[str(event["requestId"])] = str(request["url"])

    def _answered(self, event: dict[str, object]) -> None:
        size = event["encodedDataLength"]
        assert isinstance(size, int | float)
        self.sizes[str(event["requestId"])] = float(size)

    def total(self, *, but: str | None = None) -> float:
        return sum(
            size
            for request, size in self.sizes.items()
            if but is None or but not in self.addresses.get(request, "")
        )


def test_the_page_is_light(browser: Browser, start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    traffic = Traffic()
    traffic.listen(context.new_cdp_session(page))
    playground = Playground(page, server.url).open()
    first = traffic.total(but="plotly")
    playground.wait_until(
        lambda: any("plotly" in traffic.addresses.get(r, "") for r in traffic.sizes),
        "the deferred bundle",
    )
    page.locator("[data-term=epoch]").hover()
    page.get_by_role("tooltip").wait_for()
    everything = traffic.total()
    context.close()
    print(f"\nto the first interaction {first:,.0f} bytes; with everything {everything:,.0f}")
    assert first <= FIRST_BYTES
    assert everything <= ALL_BYTES


def test_the_page_can_be_used_at_once(
    browser: Browser, start_server: Callable[..., ServerProcess]
) -> None:
    """From the address to a Play button that answers, with nothing in the cache."""
    server = start_server()
    seconds = []
    for _ in range(RUNS):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        started = time.perf_counter()
        page.goto(server.url, wait_until="commit")
        page.locator("body[data-run-state=idle] #play:enabled").wait_for()
        seconds.append(time.perf_counter() - started)
        context.close()
    print(f"\ninteractive after {', '.join(f'{s:.2f}' for s in seconds)} s")
    assert statistics.median(seconds) <= INTERACTIVE_SECONDS
