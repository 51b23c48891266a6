"""The worker processes: a fixed number, each replaced when it is lost or hangs.

One more waits: importing takes half a second, so a lost worker is replaced by one that has done it
already.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

from playground.runtime.channel import Envelope
from playground.runtime.policy import Policy
from playground.runtime.process import WorkerProcess

_log = logging.getLogger(__name__)

WATCH_SECONDS = 0.5
STANDBY_SECONDS = 1.0
"""The waiting worker starts so long after it is needed, so as not to slow down the one that is."""
SAVE_SECONDS = 3.0
"""Workers may take so long over their last checkpoints."""
MAX_PAUSE_SECONDS = 5.0
"""Workers that end as soon as they begin are started again at most this slowly."""

Hear = Callable[[Envelope, bytes], None]
Replaced = Callable[[WorkerProcess, WorkerProcess], None]


class Fleet:
    """`hear` gets every message of a session; `replaced` is told of a lost worker and the next."""

    def __init__(self, policy: Policy, hear: Hear, replaced: Replaced) -> None:
        self._policy, self._hear, self._replaced = policy, hear, replaced
        self.workers: list[WorkerProcess] = []
        self.lost = 0
        """How many had to be replaced, in all."""
        self._standby: WorkerProcess | None = None
        self._early_ends = 0
        self._unsaved = 0
        self._all_saved = Event()
        self._is_stopping = False
        self._watcher: Any = None

    def start(self) -> None:
        """Start the workers, and the watch over them."""
        self.workers = [self._worker() for _ in range(self._policy.workers)]
        gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
        self._watcher = gevent.spawn(self._watch)

    def save(self) -> None:
        """Have every worker make its last checkpoints; nobody is replaced any more."""
        self._is_stopping = True
        alive = [worker for worker in self.workers if worker.is_ready and not worker.is_lost]
        self._unsaved = len(alive)
        for worker in alive:
            worker.send({"kind": "save", "session": ""})
        if alive:
            self._all_saved.wait(SAVE_SECONDS)

    def stop(self) -> None:
        """End every worker; none is left when this returns."""
        self._is_stopping = True
        gevent.killall([self._watcher])
        processes = [*self.workers, *([self._standby] if self._standby else [])]
        gevent.joinall([gevent.spawn(process.stop) for process in processes])

    @property
    def pids(self) -> list[int]:
        """Of the workers that hold sessions."""
        return [worker.pid for worker in self.workers if not worker.is_lost]

    @property
    def is_healthy(self) -> bool:
        """Does every worker answer?"""
        now = time.monotonic()
        return all(w.is_ready and not w.is_hung(now) and not w.is_lost for w in self.workers)

    def _worker(self) -> WorkerProcess:
        return WorkerProcess(self._policy, self._heard, self._lose)

    def _heard(self, message: Envelope, body: bytes) -> None:
        if message["kind"] != "saved":
            self._hear(message, body)
            return
        self._unsaved -= 1
        if self._unsaved == 0:
            self._all_saved.set()

    def _prepare_standby(self) -> None:
        if self._standby is None and not self._is_stopping:
            self._standby = self._worker()

    def _lose(self, lost: WorkerProcess) -> None:
        """A worker has ended: put another in its place."""
        if self._is_stopping:
            return
        if lost is self._standby:
            self._standby = None
            gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
            return
        self.lost += 1
        _log.warning("worker %d ended (%s)", lost.pid, _how(lost))
        self._pause_after_early_end(lost)
        at = self.workers.index(lost)
        self.workers[at] = self._standby or self._worker()
        self._standby = None
        gevent.spawn_later(STANDBY_SECONDS, self._prepare_standby)
        self._replaced(lost, self.workers[at])

    def _pause_after_early_end(self, lost: WorkerProcess) -> None:
        """Where workers can't even start, do not start them in a loop."""
        self._early_ends = 0 if lost.is_ready else self._early_ends + 1
        if self._early_ends:
            gevent.sleep(min(MAX_PAUSE_SECONDS, 0.1 * 2**self._early_ends))

    def _watch(self) -> None:
        while True:
            gevent.sleep(WATCH_SECONDS)
            now = time.monotonic()
            for worker in [*self.workers, *([self._standby] if self._standby else [])]:
                if worker.is_hung(now) and not worker.was_hung:
                    _log.error("worker %d does not answer", worker.pid)
                    worker.was_hung = True
                    worker.kill()


def _how(lost: WorkerProcess) -> str:
    if lost.was_hung:
        return "it did not answer"
    code = lost.returncode
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
