"""Messages between web process and worker: a JSON envelope and a body of bytes, over a socket.

A message on the wire: two little-endian uint32, the lengths of envelope and body, then both. The
body (a frame, a checkpoint) is passed on as it is; only the small envelope is ever read.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Iterator
from typing import Any, Protocol

from playground.base.errors import WorkerError

Envelope = dict[str, Any]
Message = tuple[Envelope, bytes]

RECEIVE_BYTES = 256 * 1024
CAP_BYTES = 1 << 30
_LENGTHS = struct.Struct("<II")


class Stream(Protocol):
    """What a channel needs of a socket; the standard library's and gevent's both have it."""

    def recv_into(self, buffer: bytearray, /) -> int: ...
    def sendall(self, data: bytes, /) -> None: ...
    def close(self) -> None: ...
    def fileno(self) -> int: ...


def packed(envelope: Envelope, body: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(envelope, separators=(",", ":")).encode()
    return b"".join((_LENGTHS.pack(len(text), len(body)), text, body))


class Unpacker:
    """Bytes in, in whatever pieces they come; whole messages out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> Iterator[Message]:
        """Every message that `data` completes. WorkerError where the other side speaks nonsense."""
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            text_size, body_size = _LENGTHS.unpack_from(self._buffer)
            end = _LENGTHS.size + text_size + body_size
            if end > CAP_BYTES:
                raise WorkerError(f"a message of {end} bytes is not one of ours")
            if len(self._buffer) < end:
                return
            middle = _LENGTHS.size + text_size
            with memoryview(self._buffer) as whole:
                envelope = json.loads(bytes(whole[_LENGTHS.size : middle]))
                body = bytes(whole[middle:end])
            del self._buffer[:end]
            yield envelope, body


class Channel:
    """One end of the conversation. Blocking, or cooperative where the socket is gevent's.

    What is sent waits for up to `together` seconds, so that what follows crosses with it: to wake
    the other side costs both more than a message does. `flush` ends the wait.
    """

    def __init__(self, stream: Stream, *, together: float = 0.0) -> None:
        self.stream = stream
        self._together = together
        self._waiting: list[bytes] = []
        self._waiting_since = 0.0
        self._unpacker = Unpacker()
        # Received into: memory asked for anew at each read would cost more than the read.
        self._space = bytearray(RECEIVE_BYTES)

    def send(self, envelope: Envelope, body: bytes = b"") -> None:
        """Write the whole message, now or with others; OSError where the other side is gone."""
        now = time.perf_counter()
        if not self._waiting:
            self._waiting_since = now
        self._waiting.append(packed(envelope, body))
        if now - self._waiting_since >= self._together:
            self.flush()

    def flush(self) -> None:
        """Write what waits; OSError where the other side is gone."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.stream.sendall(b"".join(waiting))

    def receive(self) -> list[Message]:
        """The messages that the next read completes, perhaps none; EOFError at the end."""
        try:
            count = self.stream.recv_into(self._space)
        except OSError as error:
            raise EOFError from error
        if not count:
            raise EOFError
        with memoryview(self._space) as space:
            return list(self._unpacker.feed(space[:count]))

    def close(self) -> None:
        self.stream.close()

    def fileno(self) -> int:
        return self.stream.fileno()
