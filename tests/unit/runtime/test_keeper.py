"""The keeper: the newest wins, nothing grows, nobody waits, and trouble is said once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest

from playground.base.errors import StoreError
from playground.runtime.keeper import Keeper
from playground.store.schema import Kept


class Disk:
    """Takes the place of a database: slow or failing as it is told."""

    def __init__(self) -> None:
        self.writes: list[list[Kept]] = []
        self.seconds = 0.0
        self.error: StoreError | None = None
        self.was_put_aside = False

    def write(self, rows: list[Kept]) -> None:
        time.sleep(self.seconds)
        if self.error:
            raise self.error
        self.writes.append(rows)

    def put_aside(self) -> str:
        self.was_put_aside, self.error = True, None
        return "elsewhere"

    def close(self) -> None:
        pass


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def versions() -> dict[str, int]:
    return {}


@pytest.fixture
def keeper(disk: Any, told: list[Any], versions: dict[str, int]) -> Iterator[Keeper]:
    def row(name: str) -> Kept | None:
        return Kept(name, "", "", str(versions[name]), b"") if name in versions else None

    made = Keeper(disk, row, lambda level, text: told.append((level, text)))
    made.start()
    yield made
    disk.error, disk.seconds = None, 0.0
    made.stop()


def until(holds: Callable[[], object]) -> None:
    with gevent.Timeout(10):
        while not holds():
            gevent.sleep(0.01)


def test_the_newest_wins_however_slow_the_disk(
    keeper: Keeper, disk: Disk, versions: dict[str, int]
) -> None:
    disk.seconds = 0.2
    for version in range(100):
        versions["a"] = version
        keeper.note("a")
        gevent.sleep(0.004)
    assert keeper.flush(5)
    assert len(disk.writes) < 10
    assert disk.writes[-1][0].words == "99"


def test_nobody_waits_for_the_disk(keeper: Keeper, disk: Disk, versions: dict[str, int]) -> None:
    disk.seconds, versions["a"] = 1.5, 1
    keeper.note("a")
    until(lambda: keeper._under_way)
    longest, before = 0.0, time.monotonic()
    while not disk.writes:
        gevent.sleep(0.005)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
    assert longest < 1.0


def test_what_is_not_written_yet_is_not_kept(
    keeper: Keeper, disk: Disk, versions: dict[str, int]
) -> None:
    disk.seconds, versions["a"] = 0.1, 1
    keeper.note("a")
    assert not keeper.is_kept("a")
    until(lambda: keeper._under_way)
    assert not keeper.is_kept("a")
    assert keeper.flush(5)
    assert keeper.is_kept("a")


def test_trouble_is_said_once_and_its_end_too(
    keeper: Keeper, disk: Disk, versions: dict[str, int], told: list[Any]
) -> None:
    disk.error, versions["a"] = StoreError("the disk is full"), 1
    keeper.note("a")
    until(lambda: keeper.failures >= 2)
    assert [level for level, _ in told] == ["warning"]
    assert "the disk is full" in told[0][1]
    assert "Training goes on" in told[0][1]
    versions["a"], disk.error = 2, None
    until(lambda: disk.writes)
    assert disk.writes[-1][0].words == "2"
    until(lambda: len(told) == 2)
    assert told[1] == ("info", "Sessions are saved again.")


def test_in_the_place_of_a_damaged_file_a_new_one_is_begun(
    keeper: Keeper, disk: Disk, versions: dict[str, int], told: list[Any]
) -> None:
    disk.error, versions["a"] = StoreError("the file is damaged", is_damaged=True), 7
    keeper.note("a")
    until(lambda: disk.writes)
    assert disk.was_put_aside
    assert disk.writes[-1][0].words == "7"
    assert "damaged" in told[0][1]


def test_a_session_that_is_gone_is_not_written(keeper: Keeper, disk: Disk) -> None:
    keeper.note("gone")
    assert keeper.flush(5)
    assert [row for rows in disk.writes for row in rows] == []


def test_without_a_database_it_does_nothing(told: list[Any]) -> None:
    keeper = Keeper(None, lambda name: None, lambda level, text: told.append(text))
    keeper.start()
    keeper.note("a")
    assert keeper.read("a") is None
    assert not keeper.is_kept("a")
    keeper.stop()
    assert told == []
