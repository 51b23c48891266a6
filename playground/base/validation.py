"""pydantic's findings in our words: the first of them, as one `InputError` with its dotted field.

A fourth file on this floor, because data sets, experiments and commands all have to speak so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from playground.base.errors import InputError, nearest_hint

Context = dict[str, Any]

_WORDS: dict[str, Callable[[Context], str]] = {
    "greater_than": lambda c: f"must be above {_number(c['gt'])}",
    "greater_than_equal": lambda c: f"must be at least {_number(c['ge'])}",
    "less_than": lambda c: f"must be below {_number(c['lt'])}",
    "less_than_equal": lambda c: f"must be at most {_number(c['le'])}",
    "int_type": lambda c: "must be a whole number",
    "int_from_float": lambda c: "must be a whole number",
    "int_parsing_size": lambda c: "must be a whole number of a usable size",
    "float_type": lambda c: "must be a number",
    "finite_number": lambda c: "must be a finite number",
    "bool_type": lambda c: "must be true or false",
    "string_type": lambda c: "must be text",
    "string_too_long": lambda c: f"must have at most {c['max_length']} characters",
    "list_type": lambda c: "must be a list",
    "tuple_type": lambda c: "must be a list",
    "dict_type": lambda c: "must be an object",
    "model_type": lambda c: "must be an object",
    "literal_error": lambda c: f"must be {c['expected']}",
}


class Section(BaseModel):
    """A frozen, strict model that refuses unknown keys with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _keys_known(cls, given: object) -> object:
        if isinstance(given, dict):
            for key in given:
                if key not in cls.model_fields:
                    hint = nearest_hint(str(key), cls.model_fields)
                    raise finding(InputError(f"there is no such key{hint}", str(key)))
        elif not isinstance(given, BaseModel):
            raise finding(InputError(f"must be an object, got {shown(given)}"))
        return given


def input_error(error: ValidationError) -> InputError:
    """The first finding, such as `must be at most 1, got 2`, with the dotted path of its field."""
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    path = ".".join(map(str, first["loc"]))
    if first["type"] == "input":
        given = _again(context["error"])
        return given.under(path) if path else given
    return InputError(_in_words(first["type"], first["msg"], first["input"], context), path or None)


def _again(error: InputError) -> InputError:
    """A copy. Raised itself, it would have for context pydantic's error, which holds it: a circle
    that the garbage collector does not see, some kilobytes for every refusal."""
    copied = type(error).__new__(type(error), *error.args)
    copied.__dict__.update(error.__dict__)
    return copied


def finding(error: InputError) -> PydanticCustomError:
    """An `InputError` for a validator to raise: `input_error` gives it back, its path whole."""
    return PydanticCustomError("input", "{error}", {"error": error})


def json_object(text: str | bytes, what: str) -> Any:
    """`text` as JSON; InputError where it is none, has a key twice, or an infinite number."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise InputError(f"the key {twice!r} is there twice")
        return dict(pairs)

    def infinite(name: str) -> float:
        raise InputError(f"{name} is not a number that JSON knows")

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=once, parse_constant=infinite)
    except UnicodeDecodeError:
        raise InputError(f"{what} must be UTF-8 text") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{what} must be JSON: {error.msg} at {place}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{what} must be JSON of usable size and depth") from None


def shown(given: object) -> str:
    """What was given, as JSON would write it, cut to the length of a glance.

    >>> shown("a" * 100) == '"' + "a" * 38 + "…"
    True
    """
    try:
        text = json.dumps(given, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(given)
    return text if len(text) <= 40 else text[:39] + "…"


def _in_words(kind: str, message: str, given: object, context: Context) -> str:
    if kind in ("too_short", "too_long"):
        few = kind == "too_short"
        bound = context["min_length" if few else "max_length"]
        entries = "entry" if bound == 1 else "entries"
        return f"must have at {'least' if few else 'most'} {bound} {entries}, got {len(given)}"  # type: ignore[arg-type]
    if kind == "missing":
        return "is missing"
    words = _WORDS[kind](context) if kind in _WORDS else message
    hint = ""
    if kind == "literal_error" and isinstance(given, str):
        near = nearest_hint(given, [name.strip("'") for name in context["expected"].split(" or ")])
        hint = near if near.startswith("; did") else ""
    return f"{words}, got {shown(given)}{hint}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
