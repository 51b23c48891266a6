"""Many light viewers in one process: Socket.IO spoken by hand over raw sockets, one greenlet each.

A viewer acknowledges each frame as it has come, as a page does after drawing, and notes when it
came. Loopback only; everything ends by itself.
"""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import time
from typing import Any
from urllib.parse import urlsplit

import gevent
from gevent import socket
from gevent.event import Event

SEQ = re.compile(rb'"seq":(\d+)')
PATIENCE_SECONDS = 30.0


class Viewer:
    """One connection; `bytes_per_second` makes it a slow one, `draws` False a stalled one."""

    def __init__(self, url: str, *, draws: bool = True, bytes_per_second: float = 0.0) -> None:
        place = urlsplit(url)
        assert place.hostname in ("127.0.0.1", "localhost"), "loopback only"
        self._place = (place.hostname, place.port)
        self._host = place.netloc
        self.draws, self._rate = draws, bytes_per_second
        self.opened: dict[str, Any] = {}
        self.frames = 0
        self.frame_bytes = 0
        self.came_at: dict[int, float] = {}
        """When each frame came, by `seq`."""
        self.newest = b""
        self.is_broken = False
        self.error = ""
        self._answers: dict[int, Any] = {}
        self._answered = Event()
        self._number = 0
        self._buffer = bytearray()
        self._event = ""
        self._socket: Any = None
        self._listener: Any = None

    def connect(self, hello: dict[str, Any]) -> Viewer:
        """Come in and open a session."""
        self._socket = socket.create_connection(self._place, timeout=PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._rate:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._read()
        status, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        assert b" 101 " in status.splitlines()[0], status.splitlines()[0]
        self._buffer = bytearray(rest)
        self._send("40")
        self._listener = gevent.spawn(self._listen)
        self.opened = self.ask("open", hello)
        return self

    def ask(self, event: str, given: Any) -> dict[str, Any]:
        """The answer to an event."""
        self._number += 1
        number = self._number
        self._send(f"42{number}" + json.dumps([event, given]))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while number not in self._answers:
            self._answered.clear()
            if self.is_broken or not self._answered.wait(deadline - time.monotonic()):
                raise TimeoutError(f"no answer to {event}: {self.error}")
        answer: dict[str, Any] = self._answers.pop(number)
        return answer

    def command(self, name: str, **settings: Any) -> dict[str, Any]:
        """A command's answer."""
        return self.ask("command", {"name": name, **settings})

    @property
    def hello(self) -> dict[str, Any]:
        """To be found again."""
        return {"session": self.opened["session"], "token": self.opened["token"]}

    @property
    def as_viewer(self) -> dict[str, Any]:
        """For those who only watch."""
        return {"session": self.opened["session"], "token": self.opened["view"]}

    def forget(self) -> None:
        """Measure from here."""
        self.frames, self.frame_bytes, self.came_at = 0, 0, {}

    def send_raw(self, data: bytes) -> None:
        """Whatever a hostile client may send."""
        self._socket.sendall(data)

    def close(self) -> None:
        """Hang up without a word."""
        self.is_broken = True
        if self._listener:
            self._listener.kill(block=False)
        if self._socket:
            self._socket.close()

    def _send(self, text: str, opcode: int = 1) -> None:
        data = text.encode()
        size = len(data)
        head = bytes([0x80 | opcode, 0x80 | (size if size < 126 else 126)])
        if size >= 126:
            assert size < 65536
            head += struct.pack(">H", size)
        # A mask of zeros is a mask: what is sent stays as it is.
        self._socket.sendall(head + b"\0\0\0\0" + data)

    def _read(self) -> None:
        data = self._socket.recv(65536 if not self._rate else 8192)
        if not data:
            raise EOFError("the server hung up")
        self._buffer += data
        if self._rate:
            gevent.sleep(len(data) / self._rate)

    def _listen(self) -> None:
        try:
            while True:
                self._take(*self._message())
        except (OSError, EOFError) as error:
            self.error = str(error)
            self.is_broken = True
            self._answered.set()

    def _message(self) -> tuple[int, bytes]:
        buffer = self._buffer
        while len(buffer) < 2:
            self._read()
        size, at = buffer[1] & 127, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            while len(buffer) < at:
                self._read()
            size = int.from_bytes(buffer[2:at], "big")
        while len(buffer) < at + size:
            self._read()
        opcode = buffer[0] & 15
        payload = bytes(memoryview(buffer)[at : at + size])
        del buffer[: at + size]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 8:
            raise EOFError("the server said goodbye")
        if opcode == 2:
            if self._event == "frame":
                self._draw(payload)
            return
        text = payload.decode()
        if text == "2":
            self._send("3")
        elif text.startswith("451-"):
            self._event = json.loads(text[4:])[0]
        elif text.startswith("43"):
            digits = len(text) - len(text[2:].lstrip("0123456789")) - 2
            self._answers[int(text[2 : 2 + digits])] = json.loads(text[2 + digits :])[0]
            self._answered.set()

    def _draw(self, frame: bytes) -> None:
        found = SEQ.search(frame, 4, 200)
        assert found
        seq = int(found[1])
        self.frames += 1
        self.frame_bytes += len(frame)
        self.came_at[seq] = time.perf_counter()
        self.newest = frame
        if self.draws:
            self._send(f'42["credit",{{"seq":{seq}}}]')

    @property
    def header(self) -> dict[str, Any]:
        """Of the newest frame."""
        (size,) = struct.unpack_from("<I", self.newest)
        header: dict[str, Any] = json.loads(self.newest[4 : 4 + size])
        return header
