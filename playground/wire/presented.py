"""What a presenter's page shows, so that viewers' pages can show the same."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from playground.base.errors import InputError
from playground.base.validation import Section, input_error, shown

_Name = Field(None, max_length=64)


class Presented(Section):
    """Names that the page knows; the server only passes them on."""

    scenario: str | None = _Name
    scene: int | None = Field(None, ge=0, le=100)
    instrument: str | None = _Name
    focus: int | None = Field(None, ge=0, le=1000)
    quantity: str | None = _Name
    layer: int | None = Field(None, ge=0, le=1000)
    output: str | None = _Name


def parse_presented(given: object) -> dict[str, Any]:
    """As a plain dictionary of what is not None. InputError for anything else."""
    if not isinstance(given, dict):
        raise InputError(f"must be an object, got {shown(given)}", "present")
    try:
        return Presented.model_validate(given).model_dump(exclude_none=True)
    except ValidationError as error:
        raise input_error(error) from None
