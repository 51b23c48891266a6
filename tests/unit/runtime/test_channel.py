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
