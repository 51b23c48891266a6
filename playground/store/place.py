"""Where the database is: the URL that was given, else a file in the user's data directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from playground.base.errors import InputError

NOWHERE = "none"
"""Instead of a URL: keep nothing."""
_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def data_directory() -> Path:
    """Where programs keep a user's data on this system."""
    home = Path.home()
    if sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "backprop-playground"


def database_url(given: str | None) -> URL:
    """The URL to use. InputError for one that is no database of ours.

    >>> database_url("postgresql://school@db/playground").drivername
    'postgresql+psycopg'
    >>> database_url("/srv/lab.db").database
    '/srv/lab.db'
    """
    if not given:
        return URL.create("sqlite", database=str(data_directory() / "sessions.db"))
    if "://" not in given:
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise InputError("is no URL of a database", "database") from None
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        known = "sqlite:///FILE and postgresql://USER@HOST/NAME"
        raise InputError(f"can't be of kind {url.drivername!r}; known: {known}", "database")
    if driver == "sqlite" and url.database in (None, "", ":memory:"):
        raise InputError(f"needs a file; to keep nothing, say {NOWHERE!r}", "database")
    return url.set(drivername=driver)
