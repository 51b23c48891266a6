"""A picture to many: framed once, and written straight to every connection that is free.

Through Socket.IO's and Engine.IO's queues each of 300 viewers costs a queue, a switch to its
writer, and a frame of its own: a third of the web process.
"""

from __future__ import annotations

from typing import Any

from socketio.packet import EVENT

from playground.web.websocket import WebSocket, framed

_MESSAGE = "4"
"""Engine.IO's mark of a message."""


class Broadcast:
    """For `server`, a `socketio.Server`, and its connections by Engine.IO's names."""

    def __init__(self, server: Any, lines: dict[str, WebSocket]) -> None:
        self._server, self._lines = server, lines

    def straight(
        self, event: str, payload: bytes, viewers: dict[str, str | None]
    ) -> dict[str, str | None]:
        """Hand a binary event to `viewers`, Engine.IO's names by Socket.IO's. Those for whom
        something waits already, so that this must queue behind it, are given back."""
        text, attachment = self._server.packet_class(EVENT, data=[event, payload]).encode()
        data = framed(_MESSAGE + text, attachment)
        return {sid: name for sid, name in viewers.items() if not self._offer(name, data)}

    def _offer(self, name: str | None, data: bytes) -> bool:
        line, socket = self._lines.get(name or ""), self._server.eio.sockets.get(name)
        return bool(line and socket and socket.queue.empty() and line.offer(data))
