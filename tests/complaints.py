"""What a person with the developer tools open would frown at; a test that meets any has failed."""

from __future__ import annotations

from urllib.parse import urlparse

from playwright.sync_api import ConsoleMessage, Page, Request


class Complaints:
    """Console errors and warnings, uncaught exceptions, requests to other hosts."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []

    def expect(self, part: str) -> None:
        """The test provokes this one: any complaint that holds `part` is no failure."""
        self.expected.append(part)

    def expect_lost_line(self) -> None:
        """The test cuts the line or ends the server: whatever the browser says of the network."""
        self.expect("WebSocket")
        self.expect("Failed to load resource")

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"uncaught: {error}"))
        page.on("request", self._request)

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.found
            if not any(part in complaint for part in self.expected)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.found.append(f"console {message.type}: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        address = urlparse(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            self.found.append(f"a request to another host: {request.url}")
