"""A database of each kind: SQLite in a file, and a real PostgreSQL where one can be started."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from playground.store.database import Database

NOBODY = "nobody"
"""PostgreSQL refuses to run as root."""


def _postgres_binaries() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL of the tests' own, on a socket in a directory of its own."""
    binaries = _postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL is installed here, so nothing is proved of it")
    is_root = os.geteuid() == 0
    # A socket's path must be short.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if is_root:
        shutil.chown(home, NOBODY)
    options = {"user": NOBODY} if is_root else {}

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        done = subprocess.run(
            command, cwd=home, env={"HOME": str(home), "LC_ALL": "C"}, timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start here: {done.stdout.decode()[-300:]}")

    data = str(home / "data")
    run("initdb", "-D", data, "-U", "school", "-A", "trust", "-E", "UTF8", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", settings, "start")
    yield URL.create(
        "postgresql+psycopg", username="school", database="postgres", query={"host": str(home)}
    )
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """Of an empty database."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "new" / "sessions.db"))
    url: URL = request.getfixturevalue("postgres")
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def database(database_url: URL) -> Iterator[Database]:
    """Open and up to date."""
    opened = Database(database_url)
    yield opened
    opened.close()
