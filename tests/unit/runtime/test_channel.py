"""Messages arrive whole, however the bytes were cut."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.base.errors import WorkerError
from playground.runtime.channel import Channel, Message, Unpacker, packed

MESSAGES: list[Message] = [
    ({"kind": "alive"}, b""),
    ({"kind": "frame", "text": "δ"}, bytes(range(256)) * 10),
    ({}, b"\0"),
]


@given(st.lists(st.integers(1, 400), min_size=1))
def test_messages_survive_any_cutting(cuts: list[int]) -> None:
    stream = b"".join(packed(*message) for message in MESSAGES)
    unpacker, found, at = Unpacker(), [], 0
    for size in [*cuts, len(stream)]:
        found += unpacker.feed(stream[at : at + size])
        at += size
    assert found == MESSAGES


def test_nonsense_on_the_line_is_an_error_and_not_a_wait_for_gigabytes() -> None:
    with pytest.raises(WorkerError):
        list(Unpacker().feed(b"\xff" * 16))


def test_the_end_of_the_line_is_the_end_of_the_file() -> None:
    ours, theirs = socket.socketpair()
    Channel(theirs).send({"kind": "ready"}, b"x")
    theirs.close()
    channel = Channel(ours)
    assert channel.receive() == [({"kind": "ready"}, b"x")]
    with pytest.raises(EOFError):
        channel.receive()
    channel.close()


class Line:
    """A stream that keeps what is written to it, piece by piece."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def sendall(self, data: bytes, /) -> None:
        self.written.append(data)


def test_what_is_sent_in_a_row_crosses_as_one_piece_in_order() -> None:
    line = Line()
    channel = Channel(line, together=60.0)  # type: ignore[arg-type]
    for message in MESSAGES:
        channel.send(*message)
    assert line.written == []
    channel.flush()
    channel.flush()
    assert line.written == [b"".join(packed(*message) for message in MESSAGES)]


def test_what_is_sent_later_takes_along_what_has_waited_long_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line, now = Line(), [10.0]
    monkeypatch.setattr("playground.runtime.channel.time.perf_counter", lambda: now[0])
    channel = Channel(line, together=0.005)  # type: ignore[arg-type]
    for now[0] in (10.0, 10.004, 10.006, 10.007):
        channel.send({"kind": "alive"})
    assert [len(piece) // len(packed({"kind": "alive"})) for piece in line.written] == [3]


def test_a_channel_that_is_not_told_to_wait_writes_at_once() -> None:
    line = Line()
    channel = Channel(line)  # type: ignore[arg-type]
    channel.send({"kind": "alive"})
    assert len(line.written) == 1
