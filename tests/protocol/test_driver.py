"""Our WebSocket driver is the one in use, and avoids the four traps; raw sockets, byte by byte."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent.pywsgi import WSGIServer
from server import ServerProcess

from playground.web.app import create_playground
from playground.web.handler import Handler
from playground.web.settings import Settings
from playground.web.websocket import WebSocket

Raw = Callable[..., tuple[socket.socket, bytes]]


@pytest.fixture
def shake(server: ServerProcess) -> Iterator[Raw]:
    """Shake hands by hand; the socket, and the head of the answer."""
    opened: list[socket.socket] = []

    def make(
        *headers: str, port: int | None = None, path: str = "/socket.io/?EIO=4&transport=websocket"
    ) -> tuple[socket.socket, bytes]:
        line = socket.create_connection(("127.0.0.1", port or server.port), timeout=10)
        opened.append(line)
        given = {name.split(":")[0].lower() for name in headers}
        lines = [f"GET {path} HTTP/1.1", *headers]
        if "host" not in given:
            lines.append(f"Host: 127.0.0.1:{port or server.port}")
        key = base64.b64encode(os.urandom(16)).decode()
        lines += ["Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}"]
        lines += ["Sec-WebSocket-Version: 13", "", ""]
        line.sendall("\r\n".join(lines).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            piece = line.recv(1)
            if not piece:
                break
            head += piece
        return line, head

    yield make
    for line in opened:
        line.close()


def message(payload: bytes, opcode: int = 1, claimed: int | None = None) -> bytes:
    """A masked frame of a client; `claimed` is the length its header tells."""
    size = len(payload) if claimed is None else claimed
    head = bytes([0x80 | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 1 << 16:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    return head + b"\0\0\0\0" + payload


def read(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = line.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def receive(line: socket.socket) -> tuple[int, bytes]:
    """The next frame from the server: its opcode and payload."""
    first, second = read(line, 2)
    assert first & 0x70 == 0, "a reserved bit is set: the message is compressed"
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack(">H", read(line, 2))
    elif size == 127:
        (size,) = struct.unpack(">Q", read(line, 8))
    return first & 0x0F, read(line, size)


def closing_code(line: socket.socket) -> int:
    while True:
        opcode, payload = receive(line)
        if opcode == 8:
            return int(struct.unpack(">H", payload[:2])[0])


def ended_with(line: socket.socket) -> int | None:
    """The code with which the server ends the connection; None where its goodbye was lost with the
    bytes that we were still sending. TimeoutError where it does not end it."""
    try:
        return closing_code(line)
    except (EOFError, ConnectionError):
        return None


def test_python_engineio_takes_our_driver() -> None:
    """If this fails, an update has moved the place where python-engineio looks for its driver."""
    playground = create_playground(Settings())
    engine = playground.flask.extensions["socketio"].server.eio
    assert issubclass(engine._async["websocket"], WebSocket)
    before = WebSocket.accepted
    listener = WSGIServer(("127.0.0.1", 0), playground.application, log=None, handler_class=Handler)
    listener.start()
    try:
        line = gevent_socket.create_connection(("127.0.0.1", listener.server_port))
        line.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        with gevent.Timeout(5):
            head = line.recv(4096)
        # The answer to the key in RFC 6455, section 1.3.
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        assert WebSocket.accepted == before + 1, "another driver has taken the connection"
        line.close()
    finally:
        listener.stop(timeout=0)


def test_nothing_is_compressed_even_when_the_browser_offers_it(shake: Raw) -> None:
    line, head = shake("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    assert head.startswith(b"HTTP/1.1 101")
    assert b"sec-websocket-extensions" not in head.lower()
    assert receive(line)[1].startswith(b"0{")


def test_half_a_handshake_is_refused_in_words(server: ServerProcess) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
            b"Upgrade: websocket\r\nConnection: keep-alive\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_nagle_is_off() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        client = socket.create_connection(listening.getsockname())
        accepted, address = listening.accept()
        Handler(accepted, address, None)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        accepted.close()
        client.close()


def test_an_oversize_message_is_refused_at_its_header(shake: Raw) -> None:
    line, _ = shake()
    began = time.perf_counter()
    # Ten gigabytes are announced and not one byte of them is sent.
    line.sendall(message(b"", claimed=10 << 30))
    assert closing_code(line) == 1009
    assert time.perf_counter() - began < 2


def test_a_message_that_grows_too_large_in_pieces_is_refused(shake: Raw) -> None:
    line, _ = shake()
    with contextlib.suppress(ConnectionError):  # hung up on while still talking
        line.sendall(bytes([0x01]) + message(bytes(65_536))[1:])
        for _ in range(64):
            line.sendall(bytes([0x00]) + message(bytes(65_536))[1:])
    assert ended_with(line) in (1009, None)


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff" * 64,
        message(b"\xff\xfe\xfd", opcode=1),  # text that is not UTF-8
        message(b"x" * 200, opcode=9),  # a ping that is too long
        b"\x81\x05hello",  # unmasked
    ],
)
def test_garbage_closes_its_own_connection_and_no_other(
    shake: Raw, garbage: bytes, server: ServerProcess
) -> None:
    line, _ = shake()
    line.sendall(garbage)
    assert closing_code(line) in (1002, 1007)
    _, head = shake()
    assert head.startswith(b"HTTP/1.1 101")


@pytest.mark.parametrize(
    "packet", ["", "9", "4", "4x", "42", '42"x"', "42[]", "451-", "42[1]", '42["command"', "40/x,"]
)
def test_broken_packets_do_no_harm(shake: Raw, packet: str) -> None:
    line, _ = shake()
    line.sendall(message(b"40") + message(packet.encode()))
    _, head = shake()
    assert head.startswith(b"HTTP/1.1 101")


def test_a_flood_of_messages_is_cut_off(shake: Raw) -> None:
    line, _ = shake()
    with contextlib.suppress(ConnectionError):
        for _ in range(40):
            line.sendall(message(b"3") * 100)
    assert ended_with(line) in (1008, None)


@pytest.mark.parametrize(
    "header",
    [
        "Host: evil.example",
        "Host: 127.0.0.1.evil.example",
        "Origin: http://evil.example",
        "Origin: null",
    ],
)
def test_foreign_hosts_and_origins_get_no_websocket(shake: Raw, header: str) -> None:
    _, head = shake(header)
    assert head.startswith(b"HTTP/1.1 403")


def test_a_connection_that_opens_no_session_is_closed(
    start_server: Callable[..., ServerProcess], shake: Raw
) -> None:
    server = start_server(PLAYGROUND_OPEN_SECONDS="0.5")
    line, _ = shake(port=server.port)
    assert receive(line)[1].startswith(b"0{")
    began = time.perf_counter()
    with pytest.raises(EOFError):  # noqa: PT012
        while True:
            receive(line)
    assert 0.3 < time.perf_counter() - began < 5
