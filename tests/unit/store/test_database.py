"""Sessions in and out of SQLite and PostgreSQL, migrations, and what goes wrong, in words."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL

from playground.base.errors import InputError, StoreError
from playground.store.database import Database, opened
from playground.store.place import database_url as url_of
from playground.store.schema import METADATA, Kept

BODY = os.urandom(100_000)


def kept(name: str = "one", words: Any = "{}", body: bytes = BODY) -> Kept:
    return Kept(name, "owner's", "viewers'", words, body)


def test_a_session_is_found_as_it_was_kept_last(database: Database) -> None:
    database.write([kept("one"), kept("two", words='{"ε": "\\u0000"}')])
    database.write([kept("one", body=b"newer", words="{2}")])
    assert database.read("one") == kept("one", body=b"newer", words="{2}")
    assert database.read("two") == kept("two", words='{"ε": "\\u0000"}')
    assert database.read("three") is None
    assert database.count() == 2


def test_it_outlives_the_connection(database: Database, database_url: URL) -> None:
    database.write([kept()])
    database.close()
    assert Database(database_url).read("one") == kept()


def test_old_sessions_expire_and_others_stay(database: Database) -> None:
    database.write([kept("old")])
    time.sleep(0.02)
    between = time.time()
    time.sleep(0.02)
    database.write([kept("new")])
    assert database.expire(between) == 1
    assert database.read("old") is None
    assert database.read("new") == kept("new")


def test_an_experiment_has_one_short_name_for_good(database: Database) -> None:
    name = database.publish('{"seed": 1}')
    assert database.publish('{"seed": 1}') == name != database.publish('{"seed": 2}')
    assert len(name) == 12
    assert database.published(name) == '{"seed": 1}'
    assert database.published("nothing") is None


def test_the_migrations_make_what_the_code_reads(database: Database, database_url: URL) -> None:
    engine = create_engine(database_url)
    found = inspect(engine)
    for table in METADATA.tables.values():
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == set(table.columns.keys())
        assert all(columns[c.name]["nullable"] == c.nullable for c in table.columns)
    engine.dispose()


def test_a_newer_database_is_refused_in_words(database: Database, database_url: URL) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(InputError, match="newer version"):
        Database(database_url)


def test_nothing_is_half_written(database: Database) -> None:
    with pytest.raises(StoreError):
        database.write([kept("one"), kept("two", words=None)])
    assert database.count() == 0


def sqlite_at(path: Path) -> Database:
    return Database(URL.create("sqlite", database=str(path)))


def test_a_locked_database_says_so_soon(tmp_path: Path) -> None:
    database = sqlite_at(tmp_path / "s.db")
    other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(StoreError, match="locked"):
        database.write([kept()])
    assert time.monotonic() - began < 4
    other.execute("ROLLBACK")
    database.write([kept()])
    assert database.count() == 1


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    database = sqlite_at(tmp_path / "s.db")
    with database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 12")
    with pytest.raises(StoreError, match="full"):
        database.write([kept(str(k)) for k in range(20)])
    assert database.count() == 0


def test_a_damaged_file_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"this is no database, but somebody's thesis " * 100)
    database, aside = opened(URL.create("sqlite", database=str(path)))
    assert aside is not None
    assert aside.read_bytes().startswith(b"this is no database")
    database.write([kept()])
    assert database.count() == 1


def test_damage_under_an_open_database_is_noticed_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.database.VERIFY_SECONDS", -1.0)
    database = sqlite_at(tmp_path / "s.db")
    database.write([kept("one")])
    for file in tmp_path.glob("s.db*"):
        if not file.name.endswith("-shm"):
            file.write_bytes(os.urandom(file.stat().st_size))
    with pytest.raises(StoreError) as caught:
        database.write([kept("two")])
    assert caught.value.is_damaged
    aside = database.put_aside()
    assert aside.exists()
    database.write([kept("two")])
    assert database.read("two") == kept("two")


def test_a_file_that_was_deleted_under_an_open_database_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.database.VERIFY_SECONDS", -1.0)
    database = sqlite_at(tmp_path / "s.db")
    for file in tmp_path.glob("s.db*"):
        file.unlink()
    with pytest.raises(StoreError) as caught:
        database.write([kept("two")])
    assert caught.value.is_damaged
    database.put_aside()
    database.write([kept("two")])
    assert database.read("two") == kept("two")


LOOK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(*[name for (name,) in database.execute("select id from sessions order by id")])
database.close()
"""


def test_another_program_that_looks_into_it_takes_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    database = sqlite_at(path)

    def seen() -> str:
        looked = [sys.executable, "-c", LOOK, str(path)]
        return subprocess.run(looked, capture_output=True, text=True, check=True).stdout.strip()

    database.write([kept("one")])
    assert seen() == "one"
    database.write([kept("two")])
    assert seen() == "one two", "it took the journal away"


def test_the_directory_is_made_and_is_nobody_elses(tmp_path: Path) -> None:
    sqlite_at(tmp_path / "deep" / "down" / "s.db")
    assert stat.S_IMODE((tmp_path / "deep" / "down").stat().st_mode) == 0o700


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(StoreError, match="can't be reached"):
        Database(url_of("postgresql://nobody@127.0.0.1:1/none"))


@pytest.mark.parametrize(
    ("given", "says"),
    [("mysql://x/y", "known: sqlite"), ("://", "is no URL"), ("sqlite://", "needs a file")],
)
def test_another_kind_of_database_is_refused(given: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        url_of(given)


def test_a_file_belongs_to_one_server_until_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.store.claim.PATIENCE_SECONDS", 0.2)
    url = url_of(str(tmp_path / "new" / "sessions.db"))
    first, _ = opened(url)
    first.write([kept()])
    with pytest.raises(StoreError, match="another server is using it"):
        opened(url)
    first.put_aside()  # a damaged file is put aside under the same claim
    with pytest.raises(StoreError, match="another server"):
        opened(url)
    first.close()
    second, _ = opened(url)
    assert second.count() == 0
    second.close()


def test_a_claim_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    code = (
        "import sys, time; from pathlib import Path; from playground.store.claim import claim;"
        "held = claim(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        other.kill()
    database, _ = opened(url_of(str(path)))
    database.close()
