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
from typing import Any

from playground.base.errors import InputError, PlaygroundError
from playground.experiment.config import Experiment
from playground.runtime import checkpoint
from playground.runtime.channel import Channel, Envelope
from playground.runtime.run import Run
from playground.telemetry.cadence import Cadence
from playground.telemetry.probes import points
from playground.wire.codec import encode
from playground.wire.commands import parse_command

SLICE_SECONDS = 0.004
ROUND_SECONDS = 0.040
ALIVE_SECONDS = 0.5
CHECKPOINT_SECONDS = 2.0
RESTING_CHECKPOINT_SECONDS = 0.25
"""A run that rests is checkpointed so soon after a change."""
CHECKPOINT_SHARE = 0.025
"""Of the time between two checkpoints, what making one may cost."""
MARKER = struct.Struct("<q")


class Hosted:
    """One session's run, and what the web process is still to be told of it."""

    def __init__(self, opening: Envelope, body: bytes) -> None:
        self.session: str = opening["session"]
        self.slot: int = opening["slot"]
        self.generation: int = opening["generation"]
        self.seq: int = opening["seq"]
        self.command: int = opening["command"]
        self.is_pulled = False
        """Somebody who may draw one more frame is waiting for it."""
        self.pulled_at = -inf
        self.cadence = Cadence()
        self.corrected: dict[str, Any] | None = None
        """The experiment as it really is, where the web process holds another."""
        self.points_sent = -1
        self._told: tuple[object, ...] = ()
        self._checkpointed_at = time.perf_counter()
        self._checkpoint_seconds = 0.0
        self._checkpointed: tuple[object, ...] = ()
        self.run = self._begin(opening, body)
        self._checkpointed = self._standing()

    def _begin(self, opening: Envelope, body: bytes) -> Run:
        try:
            if opening["checkpoint"]:
                return checkpoint.unpack(opening["checkpoint"], body)
            return Run(Experiment.parse(opening["experiment"]))
        except InputError as error:
            run = Run(Experiment())
            run.tell("error", f"This experiment can't be run: {error.message}.", error.field)
            self.corrected = run.experiment.dump()
            return run

    def handle(self, number: int, command: object) -> None:
        """Do command `number`; what can't be done becomes a notice."""
        self.command = number
        try:
            self.run.handle(parse_command(command))
        except InputError as error:
            self.run.tell("error", f"Not changed: {error.message}.", error.field)
            self.corrected = self.run.experiment.dump()

    def wants_frame(self, now: float) -> bool:
        """Is a frame asked for, and is it time? Whether there is anything new, it does not say."""
        return self.is_pulled and now >= self.cadence.due

    def wake(self, now: float) -> float:
        """When this run next needs attention."""
        frame = self.cadence.due if self.is_pulled and self.run.is_dirty else inf
        return min(self.run.wake(now), frame, self._checkpoint_due())

    def tell(self, channel: Channel) -> None:
        """A `state` message where something of it has changed."""
        run = self.run
        now = (self.command, run.state, run.pace.speed)
        if now == self._told and not run.notices and self.corrected is None:
            return
        self._told = now
        message: Envelope = {
            "kind": "state",
            "session": self.session,
            "command": self.command,
            "run_state": run.state,
            "step": run.step,
            "epoch": run.epoch,
            "speed": run.pace.speed,
            "diverged": run.diverged,
            "notices": run.notices,
        }
        if self.corrected is not None:
            message["experiment"] = self.corrected
        run.notices, self.corrected = [], None
        channel.send(message)

    def draw(self, channel: Channel, watched: int) -> None:
        """A frame, and before it the points where they are others than before."""
        began, run = time.perf_counter(), self.run
        if self.points_sent != run.points_revision:
            self.points_sent = run.points_revision
            header, arrays = points(run.assembly.dataset, run.points_revision)
            named = {"kind": "points", "session": self.session, "revision": run.points_revision}
            channel.send(named, encode(header, arrays))
        self.seq += 1
        body = encode(*run.frame(self.seq, self.generation, self.command))
        sent = {"kind": "frame", "session": self.session, "seq": self.seq}
        channel.send({**sent, "step": run.step, "epoch": run.epoch}, body)
        self.is_pulled = False
        self.cadence.made(began - run.sampling_seconds, time.perf_counter(), watched)

    def save(self, channel: Channel, now: float) -> None:
        """A checkpoint, where there is something new to keep and it is time."""
        if now < self._checkpoint_due():
            return
        words, body = checkpoint.pack(self.run)
        words |= {"kind": "checkpoint", "session": self.session, "command": self.command}
        channel.send(words, body)
        self._checkpointed, self._checkpointed_at = self._standing(), time.perf_counter()
        self._checkpoint_seconds = self._checkpointed_at - now

    def stand_still(self, why: str) -> None:
        """Stop what can't go on, until the next command, without touching what may be broken."""
        self.run.state, self.run.remaining = "paused", None
        self.run.is_dirty = False
        self.run.tell("error", why)

    def _standing(self) -> tuple[object, ...]:
        return (self.command, self.run.step, self.run.state)

    def _checkpoint_due(self) -> float:
        if self._standing() == self._checkpointed:
            return inf
        running = self.run.state == "running"
        spacing = CHECKPOINT_SECONDS if running else RESTING_CHECKPOINT_SECONDS
        return self._checkpointed_at + max(spacing, self._checkpoint_seconds / CHECKPOINT_SHARE)


class Worker:
    """Gives each of its runs a slice in turn, and reads the channel between slices."""

    def __init__(self, channel: Channel, marker: mmap.mmap) -> None:
        self._channel = channel
        self._marker = marker
        self._hosted: dict[str, Hosted] = {}
        self._spoke_at = time.perf_counter()

    def serve(self) -> None:
        """Until the channel closes (EOFError)."""
        self._channel.send({"kind": "ready", "pid": os.getpid()})
        while True:
            now = time.perf_counter()
            self._receive(min(self._wake(now), self._spoke_at + ALIVE_SECONDS) - now)
            self._round()
            self._say_alive()

    def _wake(self, now: float) -> float:
        return min((hosted.wake(now) for hosted in self._hosted.values()), default=inf)

    def _round(self) -> None:
        now = time.perf_counter()
        ready = [h for h in self._hosted.values() if h.wake(now) <= now]
        watched = sum(h.is_pulled or now - h.pulled_at < 1.0 for h in self._hosted.values())
        seconds = min(SLICE_SECONDS, ROUND_SECONDS / max(len(ready), 1))
        for hosted in ready:
            if self._hosted.get(hosted.session) is hosted:
                self._attend(hosted, seconds, watched)
                self._receive(0.0)

    def _attend(self, hosted: Hosted, seconds: float, watched: int) -> None:
        """One slice of one run, and all that is to be said of it."""
        with self._answerable(hosted):
            now = time.perf_counter()
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
                self._take(envelope, body)
            timeout = 0.0

    def _take(self, message: Envelope, body: bytes) -> None:
        kind, session = message["kind"], message["session"]
        if kind == "open":
            self._open(message, body)
            return
        hosted = self._hosted.get(session)
        if hosted is None:
            return
        if kind == "command":
            with self._answerable(hosted):
                hosted.handle(message["number"], message["command"])
                hosted.tell(self._channel)
        elif kind == "pull":
            hosted.is_pulled, hosted.pulled_at = True, time.perf_counter()
            hosted.run.is_dirty |= message["fresh"]
        elif kind == "close":
            del self._hosted[session]
        else:
            raise PlaygroundError(f"no message is of kind {kind!r}")

    def _open(self, message: Envelope, body: bytes) -> None:
        self._mark(message["slot"])
        hosted = self._hosted[message["session"]] = Hosted(message, body)
        for number, command in message["journal"]:
            with self._answerable(hosted):
                hosted.handle(number, command)
        with self._answerable(hosted):
            hosted.tell(self._channel)

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
        Worker(Channel(stream), marker).serve()


def _die_with_parent() -> None:
    """On Linux, even a worker that is stuck or stopped ends when the web process is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
