"""One server to a database file: another would take a damaged file's renaming for new damage."""

from __future__ import annotations

import time
from pathlib import Path
from typing import IO

from playground.base.errors import StoreError

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE_SECONDS = 3.0
"""A server that was killed a moment ago may still be going."""


def claim(path: Path) -> IO[bytes]:
    """The file beside `path` that stands for the right to it, held until it is closed or the
    process ends. StoreError where another server holds it."""
    held = path.with_name(f"{path.name}.lock")
    try:
        held.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = held.open("ab")
    except OSError as error:
        raise StoreError(f"{held} can't be written ({error.strerror})") from None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if time.monotonic() > deadline:
                file.close()
                raise StoreError("another server is using it; give each one its own") from None
            time.sleep(0.1)
    return file
