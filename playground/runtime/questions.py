"""Questions to a worker whose answer somebody waits for: a file, a look at a table."""

from __future__ import annotations

import gevent
from gevent.event import AsyncResult

from playground.base.errors import InputError
from playground.runtime.channel import Envelope

PATIENCE_SECONDS = 30.0
MOST = 4
"""Under way at once, of one session."""

Answer = tuple[Envelope, bytes]


class Questions:
    """Those of one session, by number."""

    def __init__(self) -> None:
        self._number = 0
        self._waiting: dict[int, AsyncResult[Answer]] = {}

    def begin(self) -> tuple[int, AsyncResult[Answer]]:
        """A number for a new question. InputError where too many are under way."""
        if len(self._waiting) >= MOST:
            raise InputError("too much is asked at once; try again in a moment")
        self._number += 1
        waiting: AsyncResult[Answer] = AsyncResult()
        self._waiting[self._number] = waiting
        return self._number, waiting

    def wait(self, number: int, waiting: AsyncResult[Answer]) -> Answer:
        """The answer; InputError where it is a refusal, or none comes."""
        try:
            message, body = waiting.get(timeout=PATIENCE_SECONDS)
        except gevent.Timeout:
            raise InputError("the server is too busy to answer; try again") from None
        finally:
            self._waiting.pop(number, None)
        if not message["ok"]:
            raise InputError(message["error"]["message"], message["error"]["field"])
        return message, body

    def answered(self, message: Envelope, body: bytes) -> None:
        """The worker has answered."""
        waiting = self._waiting.get(message["number"])
        if waiting:
            waiting.set((message, body))

    def fail(self) -> None:
        """The worker is gone."""
        for waiting in self._waiting.values():
            waiting.set_exception(InputError("the training process was replaced; try again"))
