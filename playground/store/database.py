"""The database, for threads: sessions in and out, experiments with a short link, nothing else.

Every call blocks until it is done, and raises StoreError, in words for people, where it can't be.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, create_engine, delete, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from playground.base.errors import InputError, StoreError
from playground.store.claim import claim
from playground.store.header import Header
from playground.store.schema import EXPERIMENTS, SESSIONS, Kept

BUSY_SECONDS = 2.0
VERIFY_SECONDS = 5.0
_LINK_CHARACTERS = 12
_DAMAGED = ("malformed", "not a database", "disk image", "file is encrypted")
_POSTGRESQL = {"connect_timeout": 5, "client_encoding": "utf8"}
_SIDE_FILES = ("", "-wal", "-shm")


class Database:
    """One database, made or brought up to date when it is opened."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._is_file = url.drivername == "sqlite"
        self._verified_at = 0.0
        self._header = Header()
        self.held: IO[bytes] | None = None
        """The claim to the file, let go when the database is closed."""
        try:
            self._engine = _engine(url)
        except (ImportError, NoSuchModuleError):
            missing = "PostgreSQL needs the extra: pip install 'backprop-playground[postgresql]'"
            raise InputError(missing, "database") from None
        try:
            self._migrate()
        except BaseException:
            self._engine.dispose()
            raise

    def write(self, rows: Iterable[Kept]) -> None:
        """Keep these sessions as they are now, all or none."""
        now = time.time()
        values = [{**asdict(row), "saved_at": now} for row in rows]
        if not values:
            return
        insert = (sqlite.insert if self._is_file else postgresql.insert)(SESSIONS)
        changed = {name: insert.excluded[name] for name in ("words", "body", "saved_at")}
        upsert = insert.on_conflict_do_update(index_elements=["id"], set_=changed)
        with self._begun() as connection:
            connection.execute(upsert, values)
        if self._is_file and now - self._verified_at > VERIFY_SECONDS:
            self._verify(values[-1]["id"])

    def read(self, session_id: str) -> Kept | None:
        """The session as it was kept last."""
        columns = [SESSIONS.c[name] for name in Kept.__dataclass_fields__]
        with self._begun() as connection:
            row = connection.execute(select(*columns).where(SESSIONS.c.id == session_id)).first()
        return Kept(**row._mapping) if row else None

    def expire(self, before: float) -> int:
        """Forget the sessions that were kept last before that time; how many."""
        with self._begun() as connection:
            return connection.execute(delete(SESSIONS).where(SESSIONS.c.saved_at < before)).rowcount

    def count(self) -> int:
        """How many sessions are kept."""
        with self._begun() as connection:
            return connection.execute(select(func.count()).select_from(SESSIONS)).scalar_one()

    def publish(self, experiment: str) -> str:
        """A short name for this experiment, for good; the same text has the same name."""
        digest = hashlib.sha256(experiment.encode()).digest()
        name = base64.urlsafe_b64encode(digest).decode()[:_LINK_CHARACTERS]
        insert = (sqlite.insert if self._is_file else postgresql.insert)(EXPERIMENTS)
        row = {"id": name, "experiment": experiment, "created_at": time.time()}
        with self._begun() as connection:
            connection.execute(insert.on_conflict_do_nothing(), row)
        return name

    def published(self, name: str) -> str | None:
        """The experiment of that name."""
        with self._begun() as connection:
            found = select(EXPERIMENTS.c.experiment).where(EXPERIMENTS.c.id == name)
            return connection.execute(found).scalar()

    def close(self) -> None:
        """Let go of every connection, and of the file."""
        self._let_go()
        if self.held:
            self.held.close()
            self.held = None

    def put_aside(self) -> Path:
        """Of a damaged file: rename it, and begin a new one in its place; where it lies now."""
        assert self._url.database
        self._let_go()
        aside = put_aside(Path(self._url.database))
        self._engine = _engine(self._url)
        self._verified_at = 0.0
        self._migrate()
        return aside

    def _let_go(self) -> None:
        with contextlib.suppress(SQLAlchemyError):
            self._engine.dispose()
        self._header.close()

    def _verify(self, session_id: str) -> None:
        """Read what was written as another program would: an open SQLite trusts its memory, and
        would go on for days over a file that is overwritten, truncated or gone."""
        self._verified_at = time.time()
        assert self._url.database
        found = None
        if self._header.is_sound(Path(self._url.database)):
            fresh = create_engine(self._url, poolclass=NullPool)
            chosen = select(SESSIONS.c.id).where(SESSIONS.c.id == session_id)
            with self._begun(fresh) as connection:
                found = connection.execute(chosen).scalar()
        if found is None:
            raise StoreError("the file is damaged", is_damaged=True)

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", "playground.store:migrations")
        try:
            with self._begun() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError:
            raise InputError(
                "was made by a newer version of this program; update it, or name another database",
                "database",
            ) from None

    @contextlib.contextmanager
    def _begun(self, engine: Engine | None = None) -> Iterator[Connection]:
        """A transaction; what goes wrong in it, in words."""
        try:
            with (engine or self._engine).begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise _trouble(error, self._is_file) from error


def opened(url: URL) -> tuple[Database, Path | None]:
    """The database, a file for this server alone; and, where a damaged file was in its place, what
    that is called now."""
    if url.drivername != "sqlite":
        return Database(url), None
    assert url.database
    path, aside = Path(url.database), None
    held = claim(path)
    try:
        try:
            database = Database(url)
        except StoreError as error:
            if not error.is_damaged:
                raise
            aside = put_aside(path)
            database = Database(url)
    except BaseException:
        held.close()
        raise
    database.held = held
    return database, aside


def put_aside(path: Path) -> Path:
    """Rename a damaged file and what lies beside it."""
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        for side in _SIDE_FILES:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + side).rename(aside.with_name(aside.name + side))
    except OSError as error:
        raise StoreError(f"the damaged file can't be renamed ({error.strerror})") from None
    return aside


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args=_POSTGRESQL)
    assert url.database
    try:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"its directory can't be made ({error.strerror})") from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # A transaction survives the program's end; only the machine's may cost the last one.
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    return engine


def _trouble(error: SQLAlchemyError | OSError, is_file: bool) -> StoreError:
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    if any(word in said for word in _DAMAGED):
        return StoreError("the file is damaged", is_damaged=True)
    if "full" in said or "no space" in said:
        return StoreError("the disk is full")
    if "locked" in said or "busy" in said:
        return StoreError("another program holds it locked")
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return StoreError("it can't be written to")
    if not is_file and isinstance(error, DBAPIError):
        return StoreError("the database server can't be reached, or refuses")
    return StoreError(f"it reports: {said.splitlines()[0][:120]}")
