"""What our WebSocket driver sends: whole, in order, and in as few writes as it can."""

from __future__ import annotations

import struct
from typing import Any

import gevent
import pytest
from gevent import socket as gevent_socket

from playground.web.websocket import WebSocket, framed


class _Engine:
    ping_interval = ping_timeout = 5
    max_http_buffer_size = 1 << 16


def _connected(engine: Any = _Engine) -> tuple[WebSocket, Any]:
    """A driver that has shaken hands, and the other end of its line."""
    ours, theirs = gevent_socket.socketpair()
    driver = WebSocket(lambda _: None, engine)
    driver._socket, driver._open = ours, True
    return driver, theirs


def test_a_binary_event_leaves_in_one_write() -> None:
    driver, _ = _connected()
    written: list[bytes] = []
    line = {"send": lambda _, data, *__, **___: written.append(data) or len(data)}
    driver._socket = type("Line", (), line)()
    driver.send('451-["frame",{"_placeholder":true,"num":0}]')
    assert written == []
    driver.send(b"attachment")
    assert len(written) == 1
    assert b"placeholder" in written[0]
    assert written[0].endswith(b"attachment")
    driver.send("2")
    assert len(written) == 2


def test_a_broadcast_neither_overtakes_nor_is_cut() -> None:
    """More than the line holds: what follows waits for the rest of what was begun."""
    driver, theirs = _connected()
    picture = bytes(range(256)) * 16_000
    assert driver.offer(framed('451-["frame",{"_placeholder":true,"num":0}]', picture))
    assert not driver.offer(framed("2")), "something is before it"
    behind = gevent.spawn(driver.send, "3")
    received = b""
    with gevent.Timeout(20):
        while not received.endswith(b"\x81\x013"):
            received += theirs.recv(37_000)
    behind.get()
    text = b'451-["frame",{"_placeholder":true,"num":0}]'
    assert received[: len(text) + 2] == bytes([0x81, len(text)]) + text
    assert received[len(text) + 2 :][10:-3] == picture
    assert driver.offer(framed("2")), "the line is free again"


def test_a_slow_reader_gets_every_byte_in_order() -> None:
    """The line holds a few hundred kB: these sends are partial writes, from several greenlets."""
    driver, theirs = _connected()
    bodies = [bytes([k]) * 400_000 for k in range(6)]
    sending = [gevent.spawn(driver.send, body) for body in bodies]
    received = b""
    with gevent.Timeout(20):
        while len(received) < sum(len(body) + 10 for body in bodies):
            gevent.sleep(0.002)
            received += theirs.recv(37_000)
        gevent.joinall(sending, raise_error=True)
    at, seen = 0, []
    while at < len(received):
        assert received[at : at + 2] == bytes([0x82, 127])
        (size,) = struct.unpack_from(">Q", received, at + 2)
        body = received[at + 10 : at + 10 + size]
        assert len(set(body)) == 1, "two messages were mixed up"
        seen.append(body)
        at += 10 + size
    assert sorted(seen) == bodies


def test_a_reader_that_never_reads_is_given_up() -> None:
    class Impatient(_Engine):
        ping_interval = ping_timeout = 0.1

    driver, _theirs = _connected(Impatient)
    with gevent.Timeout(10), pytest.raises(OSError, match=r".*"):  # noqa: PT012
        for _ in range(100):
            driver.send(bytes(1 << 20))
    with pytest.raises(OSError, match="closed"):
        driver.send("more")
