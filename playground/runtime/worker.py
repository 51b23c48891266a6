"""A worker: the process in which networks train. Commands in, bytes out, fair slices in between.

Started as `python -m playground.runtime.worker CHANNEL MARKER MEMORY NICE`: two inherited file
descriptors, the socket to the web process and a shared page where it notes which session it is busy
with, so that a death can be laid at the right door; its address space in bytes, and how nice it is.
It ends when the socket closes, so that none is left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Iterator
from math import inf

from playground.base.errors import PlaygroundError
from playground.runtime.channel import Channel, Envelope
from playground.runtime.hosted import Hosted
from playground.telemetry.cadence import FRAME_SECONDS

SLICE_SECONDS = 0.004
ROUND_SECONDS = 0.040
UNWATCHED_SHARE = 0.25
"""Of a slice, for a run that nobody sees while somebody sees another."""
ALIVE_SECONDS = 0.5
TOGETHER_SECONDS = 0.005
"""What a crowd's runs have to say crosses in pieces of so long."""
MARKER = struct.Struct("<q")


class Worker:
    """Gives each of its runs a slice in turn, and reads the channel between slices."""

    def __init__(self, channel: Channel, marker: mmap.mmap) -> None:
        self._channel = channel
        self._marker = marker
        self._hosted: dict[str, Hosted] = {}
        self._due: dict[str, float] = {}
        """When each next needs attention, of those who were told nothing since that was found."""
        self._spoke_at = time.perf_counter()

    def serve(self) -> None:
        """Until the channel closes (EOFError)."""
        self._channel.send({"kind": "ready", "pid": os.getpid()})
        while True:
            self._channel.flush()
            now = time.perf_counter()
            self._receive(min(self._wake(now), self._spoke_at + ALIVE_SECONDS) - now)
            self._round()
            self._say_alive()

    def _wake(self, now: float) -> float:
        return min((self._due_at(hosted, now) for hosted in self._hosted.values()), default=inf)

    def _due_at(self, hosted: Hosted, now: float) -> float:
        due = self._due.get(hosted.session)
        if due is None:
            due = self._due[hosted.session] = hosted.wake(now)
        return due

    def _round(self) -> None:
        """A slice to everybody who is ready when it is their turn: who becomes it while others have
        theirs does not wait for another round."""
        now = time.perf_counter()
        ready = sum(self._due_at(hosted, now) <= now for hosted in self._hosted.values())
        if not ready:
            return
        watched = sum(hosted.is_drawn(now) for hosted in self._hosted.values())
        seconds = min(SLICE_SECONDS, ROUND_SECONDS / ready)
        for hosted in list(self._hosted.values()):
            now = time.perf_counter()
            if self._hosted.get(hosted.session) is hosted and self._due_at(hosted, now) <= now:
                is_waiting = watched and not hosted.is_drawn(now)
                share = UNWATCHED_SHARE if is_waiting else 1.0
                self._attend(hosted, share * seconds, watched)
                self._due.pop(hosted.session, None)
                self._receive(0.0)

    def _attend(self, hosted: Hosted, seconds: float, watched: int) -> None:
        """One slice of one run, and all that is to be said of it."""
        with self._answerable(hosted):
            now = time.perf_counter()
            hosted.run.share_with(len(self._hosted))
            # A slice ends with a measured step where a frame will be due by then: every frame shows
            # the gradients of its own step.
            hosted.run.advance(seconds, measured=hosted.wants_frame(now + seconds))
            hosted.tell(self._channel)
            if hosted.run.is_dirty and hosted.wants_frame(time.perf_counter()):
                hosted.draw(self._channel, watched)
            hosted.save(self._channel, time.perf_counter())

    @contextlib.contextmanager
    def _answerable(self, hosted: Hosted) -> Iterator[None]:
        """Whatever goes wrong inside is this run's own misfortune: it pauses, the others go on."""
        self._mark(hosted.slot)
        try:
            yield
        except (EOFError, OSError):
            raise
        except MemoryError:
            hosted.stand_still("There is not enough memory for this network and its pictures.")
        except Exception:
            traceback.print_exc()
            hosted.stand_still("Something went wrong in the server; training is paused.")
        self._mark(-1)

    def _receive(self, timeout: float) -> None:
        while True:
            readable, _, _ = select.select([self._channel], [], [], max(0.0, timeout))
            if not readable:
                return
            for envelope, body in self._channel.receive():
                if envelope["kind"] in ("pull", "rest", "close"):
                    self._take(envelope, body)
                    continue
                # What else is asked may take its time, and who asks waits for the answer.
                self._channel.flush()
                self._take(envelope, body)
                self._channel.flush()
            timeout = 0.0

    def _take(self, message: Envelope, body: bytes) -> None:
        kind, session = message["kind"], message["session"]
        if kind == "open":
            self._open(message, body)
            return
        if kind == "save":
            self._save_all()
            return
        hosted = self._hosted.get(session)
        if hosted is None:
            return
        self._due.pop(session, None)
        if kind == "command":
            with self._answerable(hosted):
                hosted.handle(message["number"], message["command"], body)
                hosted.tell(self._channel)
        elif kind == "request":
            with self._answerable(hosted):
                hosted.answer(self._channel, message, body)
        elif kind == "pull":
            hosted.is_pulled, hosted.pulled_at = True, time.perf_counter()
            hosted.cadence.spacing = max(FRAME_SECONDS, message["spacing"])
            hosted.run.is_dirty |= message["fresh"]
        elif kind == "rest":
            hosted.is_pulled, hosted.pulled_at = False, -inf
        elif kind == "close":
            del self._hosted[session]
        else:
            raise PlaygroundError(f"no message is of kind {kind!r}")

    def _open(self, message: Envelope, body: bytes) -> None:
        self._mark(message["slot"])
        at = message["checkpoint_bytes"]
        self._due.pop(message["session"], None)
        hosted = self._hosted[message["session"]] = Hosted(message, body[:at])
        for number, command, size in message["journal"]:
            with self._answerable(hosted):
                hosted.handle(number, command, body[at : at + size])
            at += size
        with self._answerable(hosted):
            hosted.tell(self._channel)

    def _save_all(self) -> None:
        """The server is about to end: what is new is worth a checkpoint now."""
        for hosted in self._hosted.values():
            with self._answerable(hosted):
                hosted.save(self._channel, time.perf_counter(), at_once=True)
        self._channel.send({"kind": "saved", "session": ""})

    def _say_alive(self) -> None:
        now = time.perf_counter()
        if now - self._spoke_at >= ALIVE_SECONDS:
            self._spoke_at = now
            self._channel.send({"kind": "alive"})

    def _mark(self, slot: int) -> None:
        MARKER.pack_into(self._marker, 0, slot)


def main(channel_fd: int, marker_fd: int, memory_bytes: int, niceness: int) -> None:
    """Serve the web process at the other end of `channel_fd` until it goes away."""
    _die_with_parent()
    # Ctrl-C in a terminal reaches the whole group; the web process decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    # macOS knows the limit and refuses to set it.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    stream = socket.socket(fileno=channel_fd)
    stream.setblocking(True)
    marker = mmap.mmap(marker_fd, MARKER.size)
    MARKER.pack_into(marker, 0, -1)
    with contextlib.suppress(EOFError, OSError):
        Worker(Channel(stream, together=TOGETHER_SECONDS), marker).serve()


def _die_with_parent() -> None:
    """On Linux, even a worker that is stuck or stopped ends when the web process is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
