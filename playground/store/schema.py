"""The tables, as code reads and writes them; `migrations/` makes them. Times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Double, Index, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("owner_hash", String(64), nullable=False),
    Column("view_hash", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("saved_at", Double, nullable=False),
    Index("sessions_saved_at", "saved_at"),
)
EXPERIMENTS = Table(
    "experiments",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("experiment", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)


@dataclass(frozen=True)
class Kept:
    """A session as it is kept: `words` is JSON, `body` what a checkpoint holds beside it."""

    id: str
    owner_hash: str
    view_hash: str
    words: str
    body: bytes
