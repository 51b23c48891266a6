"""How a database file begins, read without harm to whoever has it open.

A process that closes any descriptor of a file lets go of all its POSIX locks on it, SQLite's among
them. Another program that looked into the database would then take itself for the last one, and its
journal away with everything that is written there later. So the descriptor is kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

_MAGIC = b"SQLite format 3\0"


class Header:
    """The first bytes of one file, wherever the name leads by now."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def is_sound(self, path: Path) -> bool:
        """Does the file at `path` begin as SQLite's do?"""
        try:
            self._reopen(path)
            assert self._file
            self._file.seek(0)
            return self._file.read(len(_MAGIC)) == _MAGIC
        except OSError:
            return False

    def close(self) -> None:
        """Only when the database is closed too."""
        if self._file:
            self._file.close()
            self._file = None

    def _reopen(self, path: Path) -> None:
        """Open what is there now, unless it is what is open already."""
        if self._file and not os.path.samestat(os.fstat(self._file.fileno()), path.stat()):
            self.close()
        if self._file is None:
            self._file = path.open("rb", buffering=0)
