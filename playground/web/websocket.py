"""Our WebSocket driver for python-engineio, over wsproto: it avoids four traps of the stock one.

Measured under gevent, the driver that python-engineio brings sends once and so cuts a slow client's
stream in the middle of a message; compresses every message anew for every browser; leaves Nagle's
algorithm on, which holds the second half of a binary event back for 40 ms; and lets one client
queue any size. Here a send writes everything or closes; nothing is compressed; TCP_NODELAY is set,
and the two messages of a binary event leave in one write; a message beyond the limit is refused at
its header.
"""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from gevent.lock import RLock
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Message, Ping, Pong, TextMessage
from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits
from wsproto.utilities import LocalProtocolError, generate_accept_token

from playground.web.handler import Handler
from playground.web.metrics import Metrics
from playground.web.security import TokenBucket

RECEIVE_BYTES = 64 * 1024
MESSAGES_PER_SECOND = 300.0
MESSAGE_BURST = 1500.0
COST_BYTES = 4096
"""A message costs one token, and one more for each so many bytes."""

# An engine.io message (4) with a binary event of Socket.IO (5): its attachment always follows.
_BINARY_EVENT = "45"
_PACKETS = frozenset("0123456")
"""What a text of Engine.IO begins with."""


class WebSocket:
    """One connection, as python-engineio wants it: called once, then `send`, `wait` and `close`."""

    metrics: Metrics | None = None
    """Where refusals are counted; `install` sets it for a server's own class."""
    accepted = 0
    """How many connections this driver has taken, in all."""
    lines: dict[str, WebSocket] | None = None
    """The open connections by Engine.IO's names; `install` sets it too."""

    def __init__(self, handle: Callable[[WebSocket], Any], server: Any) -> None:
        self._handle = handle
        self._patience = float(server.ping_interval + server.ping_timeout)
        self._connection = Connection(
            ConnectionType.SERVER, [_SizeLimit(server.max_http_buffer_size)]
        )
        self._bucket = TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST)
        self._messages: deque[str | bytes] = deque()
        self._parts: list[str | bytes] = []
        self._held = b""
        self._sending = RLock()
        self._open = False

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Shake hands and stay until the connection ends."""
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not key:
            start_response(
                "426 Upgrade Required",
                [("Sec-WebSocket-Version", "13"), ("Content-Type", "text/plain")],
            )
            return [b"WebSocket version 13, please.\n"]
        handler: Handler = environ["playground.handler"]
        handler.close_connection = True
        self._socket = handler.socket
        # Who answers no ping is hung up on by Engine.IO: a timer for each message is not needed.
        self._socket.settimeout(None)
        self._write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + generate_accept_token(key.encode("latin-1")) + b"\r\n\r\n"
        )
        self._open = True
        WebSocket.accepted += 1
        lines = {} if self.lines is None else self.lines
        name = getattr(getattr(self._handle, "__self__", None), "sid", "")
        lines[name] = self
        try:
            self._handle(self)
        finally:
            lines.pop(name, None)
            self.close()
        return []

    def send(self, message: str | bytes) -> None:
        """Write the whole message; OSError where the connection is, or comes to be, closed."""
        with self._sending:
            if not self._open:
                raise OSError("the connection is closed")
            try:
                data = self._held + self._connection.send(Message(data=message))  # type: ignore[type-var]
            except LocalProtocolError as error:
                raise OSError(str(error)) from None
            if isinstance(message, str) and message.startswith(_BINARY_EVENT):
                self._held = data
                return
            self._held = b""
            self._write(data)

    def offer(self, framed: bytes) -> bool:
        """Begin to write what `framed` made, without waiting; False where something is before it,
        which it must not overtake. What the socket does not take at once follows by itself."""
        if not self._open or self._held or not self._sending.acquire(blocking=False):
            return False
        try:
            self._held = framed[self._write_some(framed) :]
        except OSError:
            self.close()
            return True
        finally:
            self._sending.release()
        if self._held:
            gevent.spawn(self._write_held)
        return True

    def wait(self) -> str | bytes | None:
        """The next message; None when the connection has ended."""
        while not self._messages:
            try:
                data = self._socket.recv(RECEIVE_BYTES) if self._open else b""
            except OSError:
                data = b""
            if not data:
                self.close()
                return None
            self._connection.receive_data(data)
            for event in self._connection.events():
                self._take(event)
        return self._messages.popleft()

    def close(self) -> None:
        """Say goodbye where that is possible at once, and hang up."""
        if not self._open:
            return
        self._open = False
        # A sender that is stuck on a full socket holds the lock; hanging up frees it.
        if self._sending.acquire(blocking=False):
            try:
                if self._connection.state is ConnectionState.OPEN:
                    goodbye = self._connection.send(CloseConnection(CloseReason.NORMAL_CLOSURE))
                    with contextlib.suppress(OSError), gevent.Timeout(0.5, False):
                        self._socket.sendall(goodbye)
            finally:
                self._sending.release()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            self._parts.append(event.data if isinstance(event, TextMessage) else bytes(event.data))
            if event.message_finished:
                self._finish()
        elif isinstance(event, Ping):
            self._reply(event.response())
        elif isinstance(event, CloseConnection):
            if event.code == CloseReason.MESSAGE_TOO_BIG:
                self._refuse("size")
            if self._connection.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
                self._reply(event.response())
            self.close()
        else:
            assert isinstance(event, Pong)

    def _finish(self) -> None:
        parts, self._parts = self._parts, []
        message = parts[0] if len(parts) == 1 else type(parts[0])().join(parts)  # type: ignore[arg-type]
        if isinstance(message, str) and message[:1] not in _PACKETS:
            # python-engineio would fall over it, and leave its writer waiting for ever.
            self._reply(CloseConnection(CloseReason.PROTOCOL_ERROR, "not an Engine.IO packet"))
            self.close()
        elif self._bucket.take(1 + len(message) // COST_BYTES):
            self._messages.append(message)
        else:
            self._refuse("flood")
            self._reply(CloseConnection(CloseReason.POLICY_VIOLATION, "too many messages"))
            self.close()

    def _refuse(self, why: str) -> None:
        if self.metrics:
            self.metrics.refuse(why)

    def _reply(self, event: Event) -> None:
        with self._sending:
            if self._open:
                try:
                    self._write(self._connection.send(event))
                except (OSError, LocalProtocolError):
                    self.close()

    def _write(self, data: bytes) -> None:
        try:
            sent = self._write_some(data)
            if sent < len(data):
                with gevent.Timeout(self._patience, TimeoutError):
                    self._socket.sendall(memoryview(data)[sent:])
        except OSError:
            # Whatever was sent of it, the stream is of no more use.
            self.close()
            raise

    def _write_some(self, data: bytes) -> int:
        """How much of it the socket took at once."""
        try:
            return int(self._socket.send(data, 0, timeout=0.0))
        except BlockingIOError:
            return 0

    def _write_held(self) -> None:
        with self._sending, contextlib.suppress(OSError):
            if self._open and self._held:
                data, self._held = self._held, b""
                self._write(data)


class _SizeLimit(Extension):
    """Refuses a message as soon as a header shows that it is, or becomes, too large."""

    name = "size-limit"

    def __init__(self, cap_bytes: int) -> None:
        self._cap_bytes = cap_bytes
        self._so_far = 0
        self._is_data = False

    def enabled(self) -> bool:
        return True

    def offer(self) -> bool | str:
        return False

    def frame_inbound_header(
        self,
        proto: FrameDecoder | FrameProtocol,
        opcode: Opcode,
        rsv: RsvBits,
        payload_length: int,
    ) -> CloseReason | RsvBits:
        self._is_data = not opcode.iscontrol()
        if opcode in (Opcode.TEXT, Opcode.BINARY):
            self._so_far = 0
        if self._is_data and self._so_far + payload_length > self._cap_bytes:
            return CloseReason.MESSAGE_TOO_BIG
        return RsvBits(False, False, False)

    def frame_inbound_payload_data(
        self, proto: FrameDecoder | FrameProtocol, data: bytes
    ) -> bytes | CloseReason:
        if self._is_data:
            self._so_far += len(data)
        return data


_framing = Connection(ConnectionType.SERVER)


def framed(*messages: str | bytes) -> bytes:
    """As they go over the wire, to whomever: what a server sends is not masked."""
    return b"".join(_framing.send(Message(data=message)) for message in messages)  # type: ignore[type-var]


def install(server: Any, metrics: Metrics | None = None) -> dict[str, WebSocket]:
    """Make `server`, a `socketio.Server`, use this driver; its open connections by Engine.IO's
    names. RuntimeError where it can't."""
    engine = server.eio
    if engine.async_mode != "gevent" or "websocket" not in engine._async:
        raise RuntimeError(
            "python-engineio no longer takes its WebSocket driver from where we put it"
        )
    lines: dict[str, WebSocket] = {}
    own = type("WebSocket", (WebSocket,), {"metrics": metrics, "lines": lines})
    engine._async = {**engine._async, "websocket": own}
    return lines
