"""A viewer without a browser: opens a session, trains, draws nothing but gives its credits.

`python viewer.py URL COUNT` lets COUNT of them train at full speed until its input ends.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import socketio

from playground.wire.codec import decode


class Viewer:
    """One session, and when each of its commands was answered and shown."""

    def __init__(self, url: str) -> None:
        self.shown_at: dict[int, float] = {}
        self.frames = self.step = 0
        self._frames = threading.Condition()
        self._client = socketio.Client(reconnection=False)
        self._client.on("frame", self._frame)
        self._client.connect(url, transports=["websocket"])
        self._client.call("open", {})

    def command(self, **command: Any) -> dict[str, Any]:
        """Send it; the server's answer."""
        answer: dict[str, Any] = self._client.call("command", command)
        return answer

    def wait_until_shown(self, number: int, seconds: float = 5) -> float:
        """When the first frame came in which command `number` had its effect."""
        with self._frames:
            self._frames.wait_for(lambda: self._first(number) is not None, seconds)
        shown = self._first(number)
        assert shown is not None, f"command {number} was not shown within {seconds} s"
        return shown

    def close(self) -> None:
        self._client.disconnect()

    def _first(self, number: int) -> float | None:
        return min((at for command, at in self.shown_at.items() if command >= number), default=None)

    def _frame(self, data: bytes) -> None:
        header, _ = decode(data)
        with self._frames:
            self.shown_at.setdefault(header["command"], time.perf_counter())
            self.frames, self.step = self.frames + 1, header["step"]
            self._frames.notify_all()
        self._client.emit("credit", {"seq": header["seq"]})


if __name__ == "__main__":
    viewers = [Viewer(sys.argv[1]) for _ in range(int(sys.argv[2]))]
    for viewer in viewers:
        viewer.command(name="speed", steps_per_second=None)
        viewer.command(name="play")
    print("training", flush=True)
    sys.stdin.read()
