"""A worker's rounds: fair slices, and the watched before the unwatched."""

from __future__ import annotations

import mmap
from types import SimpleNamespace
from typing import Any

from playground.runtime.worker import ROUND_SECONDS, SLICE_SECONDS, Worker


class Recording(Worker):
    """Trains nothing; notes who would get how long."""

    def __init__(self, **watched: bool) -> None:
        channel: Any = None
        super().__init__(channel, mmap.mmap(-1, 8))
        self.slices: dict[str, float] = {}
        for name, is_watched in watched.items():
            self._hosted[name] = self._run(name, is_watched)

    @staticmethod
    def _run(name: str, is_watched: bool) -> Any:
        return SimpleNamespace(session=name, wake=lambda now: now, is_drawn=lambda now: is_watched)

    def _attend(self, hosted: Any, seconds: float, watched: int) -> None:
        self.slices[hosted.session] = seconds

    def _receive(self, timeout: float) -> None:
        pass


def test_all_get_the_same_and_a_round_never_takes_long() -> None:
    worker = Recording(**{f"run{k}": True for k in range(100)})
    worker._round()
    assert set(worker.slices.values()) == {ROUND_SECONDS / 100}


def test_who_is_not_seen_leaves_time_to_those_who_are() -> None:
    worker = Recording(seen=True, unseen=False)
    worker._round()
    assert worker.slices == {"seen": SLICE_SECONDS, "unseen": SLICE_SECONDS / 4}


def test_where_nobody_looks_nobody_waits() -> None:
    worker = Recording(a=False, b=False)
    worker._round()
    assert set(worker.slices.values()) == {SLICE_SECONDS}
