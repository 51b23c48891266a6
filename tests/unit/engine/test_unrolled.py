"""The loop written out makes the calls that the loop would make."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

import pytest

from playground.engine.unrolled import unrolled


def test_each_function_makes_the_calls_of_its_list_in_order() -> None:
    made: list[str] = []
    first, last = (lambda: made.append("first")), (lambda: made.append("last"))
    own = [lambda i=i: made.append(f"own {i}") for i in range(3)]
    functions = unrolled([[first, call, call, last] for call in own])
    for function in reversed(functions):
        function()
    assert made == [said for i in (2, 1, 0) for said in ("first", f"own {i}", f"own {i}", "last")]


def test_no_lists_give_no_functions_and_an_empty_list_one_that_does_nothing() -> None:
    assert unrolled([]) == []
    (nothing,) = unrolled([[]])
    assert nothing() is None


def test_what_is_raised_passes_through_and_ends_the_step() -> None:
    made: list[int] = []

    def fail() -> None:
        raise FloatingPointError("overflow")

    (step,) = unrolled([[lambda: made.append(1), fail, lambda: made.append(2)]])
    with pytest.raises(FloatingPointError, match="overflow"):
        step()
    assert made == [1]


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        unrolled([[int, int], [int]])


def test_lists_are_looked_at_one_by_one_and_not_kept() -> None:
    kept: list[weakref.ref[Calls]] = []

    class Calls(list):  # type: ignore[type-arg]
        """A list that can be referred to weakly."""

    def lists() -> Iterator[Calls]:
        for i in range(5):
            assert sum(calls() is not None for calls in kept[1:]) <= 1
            made = Calls([int] * 100 + [lambda i=i: i])
            kept.append(weakref.ref(made))
            yield made
            del made

    assert len(unrolled(lists())) == 5
