"""What can be asked of a run without changing it; each answer is a few words and perhaps a file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ValidationError

from playground.base.errors import InputError, UnknownNameError
from playground.base.validation import Section, input_error, shown

FILES = ("save", "data", "curves", "numpy", "pytorch", "command")
"""What can be downloaded."""


class LookAtTable(Section):
    """What columns a CSV table has, and whether a network can learn from it."""

    name: Literal["table"] = "table"
    target: list[str] | None = None
    header: bool | None = None


class MakeFile(Section):
    """One of the files of a run as it stands."""

    name: Literal["file"] = "file"
    what: str


Request = LookAtTable | MakeFile
_REQUESTS: dict[str, type[Request]] = {"table": LookAtTable, "file": MakeFile}


def parse_request(given: dict[str, Any]) -> Request:
    """A request; InputError where there is none such."""
    name = given.get("name")
    if not isinstance(name, str) or name not in _REQUESTS:
        raise InputError(f"must be the name of a request, got {shown(name)}", "name")
    try:
        found = _REQUESTS[name].model_validate(given)
    except ValidationError as error:
        raise input_error(error) from None
    if isinstance(found, MakeFile) and found.what not in FILES:
        raise UnknownNameError("file", found.what, FILES, "what")
    return found
