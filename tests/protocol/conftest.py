"""A browser's place, taken by python-socketio's client."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import socketio
from server import ServerProcess

from playground.wire.codec import decode

PATIENCE_SECONDS = 20.0

Frame = tuple[dict[str, Any], dict[str, Any]]


class Client:
    """One viewer. Draws each frame at once, unless `draws` is False."""

    def __init__(self, url: str, *transports: str, draws: bool = True, **hello: Any) -> None:
        self.draws = draws
        self.frames: list[Frame] = []
        self.points: list[Frame] = []
        self.states: list[dict[str, Any]] = []
        self.order: list[str] = []
        self._news = threading.Condition()
        self.socket = socketio.Client(reconnection=False)
        for event in ("frame", "points", "state"):
            self.socket.on(event, getattr(self, f"_on_{event}"))
        self.socket.connect(url, transports=list(transports or ("websocket",)))
        self.opened = self.socket.call("open", hello, timeout=PATIENCE_SECONDS)

    def command(self, name: str, **settings: Any) -> dict[str, Any]:
        """A command's answer."""
        answer: dict[str, Any] = self.socket.call(
            "command", {"name": name, **settings}, timeout=PATIENCE_SECONDS
        )
        return answer

    def wait(self, holds: Callable[[], Any]) -> Any:
        """Until `holds()` is true; its value."""
        with self._news:
            assert self._news.wait_for(holds, PATIENCE_SECONDS), self.last
            return holds()

    def wait_frame(self, **expected: Any) -> dict[str, Any]:
        """The header of the first newest frame in which all of `expected` stands."""
        found: dict[str, Any] = self.wait(
            lambda: self.last if expected.items() <= self.last.items() else None
        )
        return found

    @property
    def last(self) -> dict[str, Any]:
        return self.frames[-1][0] if self.frames else {}

    @property
    def identity(self) -> dict[str, str]:
        return {"session": self.opened["session"], "token": self.opened["token"]}

    def draw(self, seq: int) -> None:
        self.socket.emit("credit", {"seq": seq})

    def close(self) -> None:
        self.socket.disconnect()

    def _on_frame(self, data: bytes) -> None:
        header, arrays = decode(data)
        if self.draws:
            self.draw(header["seq"])
        self._tell(self.frames, (header, arrays), "frame")

    def _on_points(self, data: bytes) -> None:
        self._tell(self.points, decode(data), "points")

    def _on_state(self, state: dict[str, Any]) -> None:
        self._tell(self.states, state, "state")

    def _tell(self, to: list[Any], what: Any, event: str) -> None:
        with self._news:
            to.append(what)
            self.order.append(event)
            self._news.notify_all()


@pytest.fixture
def connect(server: ServerProcess) -> Iterator[Callable[..., Client]]:
    """Connect a client to the shared server, or to the one at `url`."""
    clients: list[Client] = []

    def make(*transports: str, url: str | None = None, **options: Any) -> Client:
        clients.append(Client(url or server.url, *transports, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
