"""pydantic's findings in our words, and JSON text read strictly."""

from __future__ import annotations

import gc
import weakref
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, field_validator

from playground.base.errors import InputError, LimitError
from playground.base.validation import Section, finding, input_error, json_object, shown
from playground.experiment.config import Experiment


class Inner(Section):
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    kind: Literal["plain", "fancy"] = "plain"
    names: Annotated[tuple[str, ...], Field(max_length=2, strict=False)] = ()

    @field_validator("names")
    @classmethod
    def _no_x(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if "x" in names:
            raise finding(LimitError("there is an {x} in it", str(names.index("x"))))
        return names


class Outer(Section):
    count: Annotated[int, Field(ge=1, le=5000)] = 1
    on: bool = True
    inner: Inner = Inner()
    rows: tuple[Inner, ...] = Field((), strict=False)
    needed: str = ""


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"count": 0}, "count: must be at least 1, got 0"),
        ({"count": 5001}, "count: must be at most 5,000, got 5001"),
        ({"count": 1.0}, "count: must be a whole number, got 1.0"),
        ({"count": None}, "count: must be a whole number, got null"),
        ({"on": "yes"}, 'on: must be true or false, got "yes"'),
        ({"needed": 3}, "needed: must be text, got 3"),
        ({"inner": {"share": 0}}, "inner.share: must be above 0, got 0"),
        ({"inner": {"share": 1}}, "inner.share: must be below 1, got 1"),
        ({"inner": {"share": float("inf")}}, "inner.share: must be a finite number, got Infinity"),
        ({"inner": {"share": [1]}}, "inner.share: must be a number, got [1]"),
        ({"inner": 3}, "inner: must be an object, got 3"),
        ({"inner": {"shar": 1}}, "inner.shar: there is no such key; did you mean 'share'?"),
        (
            {"inner": {"kind": "fancey"}},
            "inner.kind: must be 'plain' or 'fancy', got \"fancey\"; did you mean 'fancy'?",
        ),
        ({"inner": {"names": "ab"}}, 'inner.names: must be a list, got "ab"'),
        (
            {"inner": {"names": ["a", "b", "c"]}},
            "inner.names: must have at most 2 entries, got 3",
        ),
        ({"rows": [{}, {"share": 2}]}, "rows.1.share: must be below 1, got 2"),
        ([1], "must be an object, got [1]"),
    ],
)
def test_a_finding_says_what_would_do_and_what_was_given(given: Any, refusal: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(given)
    assert str(input_error(caught.value)) == refusal


def test_an_error_of_ours_comes_back_with_its_kind_and_its_whole_path() -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"rows": [{"names": ["a", "x"]}]})
    error = input_error(caught.value)
    assert isinstance(error, LimitError)
    assert str(error) == "rows.0.names.1: there is an {x} in it"


def test_what_was_given_is_shown_at_a_glance() -> None:
    assert shown({"a": [1, None, True]}) == '{"a": [1, null, true]}'
    assert shown("é") == '"é"'
    assert len(shown(list(range(1000)))) == 40
    assert shown(object()).startswith("<object object")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "a file must be JSON: Expecting property name"),
        ('{"a": 1,\n "b": }', "at line 2, column 7"),
        ("", "a file must be JSON"),
        (b"\xff{}", "a file must be UTF-8 text"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' is there twice"),
        ('{"a": NaN}', "NaN is not a number that JSON knows"),
        ("-Infinity", "-Infinity is not a number"),
        ("[" * 100_000, "usable size and depth"),
        ("1" * 5_000, "usable size and depth"),
    ],
)
def test_json_is_read_strictly(text: str | bytes, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        json_object(text, "a file")
    assert words in refusal.value.message


def test_a_byte_order_mark_does_no_harm() -> None:
    assert json_object("\ufeff{}".encode(), "a file") == {}


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_no_text_brings_anything_but_a_refusal(text: bytes | str) -> None:
    try:
        json_object(text, "a file")
    except InputError:
        return


def test_what_is_refused_leaves_nothing_behind() -> None:
    try:
        Experiment.parse({"network": {"output": {"activation": "nonsense"}}})
    except InputError as error:
        refused = weakref.ref(error)
    gc.collect()
    assert refused() is None
