"""How large a data set may be. Each limit is raised by `PLAYGROUND_MAX_…` in the environment, which
every process of the server inherits."""

from __future__ import annotations

import os

from playground.base.errors import InputError


def limit(name: str, default: int) -> int:
    """The limit `name`: `PLAYGROUND_MAX_<NAME>` of the environment if it is there, else `default`.

    >>> limit("EARS_OF_A_RABBIT", 2)
    2
    """
    variable = f"PLAYGROUND_MAX_{name}"
    given = os.environ.get(variable, "").strip()
    if not given:
        return default
    if not given.isdecimal() or int(given) < 1:
        raise InputError(f"must be a whole number of at least 1, got {given!r}", variable)
    return int(given)


MAX_EXAMPLES = limit("EXAMPLES", 20_000)
MAX_FEATURES = limit("FEATURES", 1_000)
MAX_UPLOAD_BYTES = limit("UPLOAD_BYTES", 5 * 1024 * 1024)
MAX_SAVED_BYTES = limit("SAVED_BYTES", 64 * 1024 * 1024)
