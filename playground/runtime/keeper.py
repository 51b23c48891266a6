"""Keeps sessions in the database without ever waiting for it: a thread of gevent's pool does.

What is to be written is noted by name only; when its turn comes, a session's newest checkpoint
goes, however many came before. So nothing grows, however slow the disk. While the database fails,
names stay noted and sessions go on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import gevent
from gevent.event import Event
from gevent.threadpool import ThreadPool

from playground.base.errors import StoreError
from playground.store.database import Database
from playground.store.schema import Kept

_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Level = Literal["info", "warning", "error"]

BATCH = 64
GATHER_SECONDS = 0.1
"""Between two writes: what comes meanwhile goes in one transaction."""
RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
_READERS = 2


class Keeper:
    """`row` gives what is to be kept of a session, None where it is gone; `tell` is told in a
    sentence when the database begins to fail, and when it works again. Without a database
    everything here does nothing."""

    def __init__(
        self,
        database: Database | None,
        row: Callable[[str], Kept | None],
        tell: Callable[[Level, str], None],
    ) -> None:
        self.database = database
        self.trouble = ""
        """Why nothing can be kept at the moment; empty where all is well."""
        self.written = self.failures = 0
        self.newest_at = time.monotonic()
        self._row, self._tell = row, tell
        self._noted: dict[str, None] = {}
        self._under_way: set[str] = set()
        self._news = Event()
        self._idle = Event()
        self._idle.set()
        self._writer: Any = None
        # Threads of its own: a disk that hangs takes nobody else's.
        self._writing, self._reading = ThreadPool(1), ThreadPool(_READERS)

    def start(self) -> None:
        """Begin to write."""
        if self.database:
            self._writer = gevent.spawn(self._write_for_ever)

    def stop(self, seconds: float = 5.0) -> None:
        """Write what is noted, as far as that is possible in time; then let go."""
        if not self.database:
            return
        if not self.flush(seconds):
            _log.error("%d sessions could not be saved at the end", len(self._noted))
        self._writer.kill()
        self.database.close()

    def note(self, session_id: str) -> None:
        """There is something new to keep of this session."""
        if self.database:
            self._noted[session_id] = None
            self._idle.clear()
            self._news.set()

    def is_kept(self, session_id: str) -> bool:
        """Does the database hold the newest of this session?"""
        waiting = session_id in self._noted or session_id in self._under_way
        return self.database is not None and not waiting

    @property
    def waiting(self) -> int:
        """Sessions with something that is not written yet."""
        return len(self._noted.keys() | self._under_way)

    def flush(self, seconds: float) -> bool:
        """Wait until everything noted is written; whether that came to be."""
        return bool(self._idle.wait(seconds))

    def read(self, session_id: str) -> Kept | None:
        """A session as it was kept last. StoreError where it can't be looked up."""
        return self.ask(lambda database: database.read(session_id))

    def ask(self, question: Callable[[Database], Answer | None]) -> Answer | None:
        """The database's answer, in a thread; None where there is no database."""
        database = self.database
        if database is None:
            return None
        answer: Answer | None = self._reading.apply(lambda: question(database))
        return answer

    def _write_for_ever(self) -> None:
        failed = 0
        while True:
            self._news.wait()
            self._news.clear()
            try:
                while self._noted:
                    self._write_some()
                    failed = 0
                    gevent.sleep(GATHER_SECONDS)
            except StoreError as error:
                self._fail(error)
                gevent.sleep(RETRY_SECONDS[min(failed, len(RETRY_SECONDS) - 1)])
                failed += 1
                self._news.set()
            else:
                if not self._noted:
                    self._idle.set()

    def _write_some(self) -> None:
        names = list(self._noted)[:BATCH]
        rows = [row for row in map(self._row, names) if row]
        for name in names:
            del self._noted[name]
        self._under_way = set(names)
        database = self.database
        assert database
        try:
            self._writing.apply(database.write, (rows,))
        except StoreError:
            self._noted = dict.fromkeys(names) | self._noted
            raise
        finally:
            self._under_way = set()
        self.written += len(rows)
        self.newest_at = time.monotonic()
        if self.trouble:
            self.trouble = ""
            _log.warning("the database works again")
            self._tell("info", "Sessions are saved again.")

    def _fail(self, error: StoreError) -> None:
        self.failures += 1
        words = str(error)
        if error.is_damaged:
            words = self._begin_anew(words)
        if words and words != self.trouble:
            self.trouble = words
            _log.error("sessions can't be saved: %s", words)
            self._tell(
                "warning",
                f"Sessions can't be saved at the moment: {words}. Training goes on, but would not "
                "outlive the server; to be safe, save a file.",
            )

    def _begin_anew(self, words: str) -> str:
        """In the place of a damaged file; what is still wrong."""
        assert self.database
        try:
            aside = self._writing.apply(self.database.put_aside)
        except StoreError as error:
            return str(error)
        _log.error("the database was damaged; it is now %s, and a new one was begun", aside)
        self._tell(
            "warning", "The database was damaged; a new one was begun with all open sessions."
        )
        return ""
