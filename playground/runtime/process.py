"""A worker as the web process sees it: started, spoken to, listened to, and put away.

Not `multiprocessing`: its pipes would block gevent's hub, and to fork after threads or greenlets
have begun is unsafe. A plain child over a socket pair that gevent reads is neither.
"""

from __future__ import annotations

import logging
import mmap
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gevent
from gevent import socket
from gevent.queue import Queue

import playground
from playground.base.errors import WorkerError
from playground.runtime.channel import Channel, Envelope, packed
from playground.runtime.policy import Policy

_log = logging.getLogger(__name__)

MARKER_BYTES = 8
START_SECONDS = 60.0
"""A worker that starts may be silent for so long: importing takes its time on a busy machine."""
_BLAS_THREADS = [
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
]


class WorkerProcess:
    """One child. `on_message` gets each of its messages, `on_lost` is told once when it is gone."""

    def __init__(
        self,
        policy: Policy,
        on_message: Callable[[Envelope, bytes], None],
        on_lost: Callable[[WorkerProcess], None],
    ) -> None:
        self._policy = policy
        self._on_message, self._on_lost = on_message, on_lost
        self.is_ready = False
        self.is_lost = False
        self.was_hung = False
        self.heard_at = self.started_at = time.monotonic()
        with tempfile.TemporaryFile() as page:
            page.truncate(MARKER_BYTES)
            self._marker = mmap.mmap(page.fileno(), MARKER_BYTES)
            own, its = socket.socketpair()
            with its:
                self._process = subprocess.Popen(
                    _command_line(its.fileno(), page.fileno(), policy),
                    pass_fds=(its.fileno(), page.fileno()),
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                )
        self._channel, self._socket = Channel(own), own
        self._outgoing: Queue[bytes] = Queue()
        self._is_speaking = False
        self._greenlets = [gevent.spawn(self._listen), gevent.spawn(self._speak)]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As `subprocess` has it; None while it lives."""
        return self._process.poll()

    @property
    def busy_with(self) -> int:
        """The slot of the session it is, or was, busy with; -1 for none."""
        return int.from_bytes(self._marker[:MARKER_BYTES], "little", signed=True)

    def send(self, envelope: Envelope, body: bytes = b"") -> None:
        """Write a message, or queue what the socket does not take at once; it is lost where the
        worker is."""
        if self.is_lost:
            return
        message = packed(envelope, body)
        if not self._is_speaking and self._outgoing.empty():
            try:
                message = message[self._socket.send(message, 0, timeout=0.0) :]
            except BlockingIOError:
                pass
            except OSError:
                return  # the listener notices
        if message:
            self._outgoing.put(message)

    def is_hung(self, now: float) -> bool:
        """Silent for longer than any work we allow should take?"""
        patience = self._policy.hang_seconds if self.is_ready else START_SECONDS
        return not self.is_lost and now - self.heard_at > patience

    def kill(self) -> None:
        """End it at once. `on_lost` follows."""
        self._process.kill()

    def stop(self, seconds: float = 2.0) -> None:
        """End it: first by hanging up, then by force. `on_lost` is not told."""
        self.is_lost = True
        gevent.killall(self._greenlets)
        self._channel.close()
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            gevent.sleep(0.01)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        try:
            while True:
                messages = self._channel.receive()
                self.heard_at = time.monotonic()
                self.is_ready = True
                for envelope, body in messages:
                    if envelope["kind"] not in ("ready", "alive"):
                        self._on_message(envelope, body)
        except EOFError:
            pass
        except WorkerError as error:
            _log.error("worker %d: %s", self.pid, error)
        self._lose()

    def _speak(self) -> None:
        while True:
            message = self._outgoing.get()
            self._is_speaking = True
            try:
                self._socket.sendall(message)
            except OSError:
                return  # the listener notices
            self._is_speaking = False

    def _lose(self) -> None:
        self.is_lost = True
        self._channel.close()
        # The socket closes a moment before the process ends.
        for _ in range(100):
            if self._process.poll() is not None:
                break
            gevent.sleep(0.005)
        else:
            self._process.kill()
            self._process.wait()
        self._greenlets[1].kill(block=False)
        self._on_lost(self)


def _command_line(channel: int, marker: int, policy: Policy) -> list[str]:
    numbers = [channel, marker, policy.memory_bytes, policy.nice]
    # -P: no file in the folder where the server was started is taken for a module.
    return [sys.executable, "-P", "-m", "playground.runtime.worker", *map(str, numbers)]


def _environment() -> dict[str, str]:
    home = str(Path(playground.__file__).parent.parent)
    path = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, **dict.fromkeys(_BLAS_THREADS, "1"), "PYTHONPATH": path}
