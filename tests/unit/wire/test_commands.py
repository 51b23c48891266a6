"""Commands: decoded once, refused with their field, and applied alike everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.wire.commands import (
    COMMANDS,
    AddLayer,
    AddUnit,
    RemoveLayer,
    RemoveUnit,
    apply,
    parse_command,
)


def test_every_command_of_the_protocol_is_known() -> None:
    assert set(COMMANDS) == {
        "play",
        "pause",
        "step",
        "speed",
        "watch",
        "look_at",
        "band",
        "compare",
        "keep",
        "reset",
        "edit",
        "add_layer",
        "remove_layer",
        "add_unit",
        "remove_unit",
        "set_layer",
        "set_weight",
        "set_bias",
        "widen",
        "undo",
        "redo",
        "load",
        "use_table",
    }


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"name": "step"}, {"name": "step", "count": 1}),
        ({"name": "step", "count": 25}, {"name": "step", "count": 25}),
        (
            {"name": "speed", "steps_per_second": None},
            {"name": "speed", "steps_per_second": None},
        ),
        (
            {"name": "speed", "steps_per_second": 0.5},
            {"name": "speed", "steps_per_second": 0.5},
        ),
        ({"name": "reset"}, {"name": "reset", "keep_seed": True}),
        (
            {"name": "remove_unit", "layer": 0, "unit": 2},
            {"name": "remove_unit", "layer": 0, "unit": 2},
        ),
    ],
)
def test_a_message_becomes_a_command(message: dict[str, Any], expected: dict[str, Any]) -> None:
    assert parse_command(message).model_dump() == expected


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (None, "a command must be an object with a 'name', got null"),
        ("play", "a command must be an object with a 'name', got \"play\""),
        ({}, "name: must be the name of a command, got null"),
        ({"name": 3}, "name: must be the name of a command, got 3"),
        ({"name": "plya"}, "name: no command is called 'plya'; did you mean 'play'?"),
        ({"name": "play", "now": True}, "now: there is no such key; known: name"),
        ({"name": "step", "count": 0}, "count: must be at least 1, got 0"),
        ({"name": "step", "count": 1e3}, "count: must be a whole number, got 1000.0"),
        ({"name": "step", "count": 10**7}, "count: must be at most 1,000,000, got 10000000"),
        ({"name": "speed"}, "steps_per_second: is missing"),
        ({"name": "speed", "steps_per_second": 0}, "steps_per_second: must be above 0, got 0"),
        ({"name": "reset", "keep_seed": "no"}, 'keep_seed: must be true or false, got "no"'),
        ({"name": "edit"}, "patch: is missing"),
        ({"name": "edit", "patch": [1]}, "patch: must be an object, got [1]"),
        ({"name": "add_layer"}, "at: is missing"),
        ({"name": "add_layer", "at": -1}, "at: must be at least 0, got -1"),
        ({"name": "add_layer", "at": 0, "units": 0}, "units: must be at least 1, got 0"),
        (
            {"name": "add_layer", "at": 0, "activation": "rlu"},
            "activation: no activation is called 'rlu'; did you mean 'relu'?",
        ),
        ({"name": "remove_unit", "layer": 1}, "unit: is missing"),
    ],
)
def test_a_bad_message_is_refused_with_its_field(message: object, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_command(message)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("name", ["play", "pause", "step"])
def test_transport_leaves_the_experiment_alone(name: str) -> None:
    experiment = Experiment()
    assert apply(parse_command({"name": name}), experiment) == (experiment, None)


def test_an_edit_changes_no_structure() -> None:
    patch = {"training": {"learning_rate": 0.5}, "network": {"hidden": [{"units": 7}]}}
    changed, structure = apply(parse_command({"name": "edit", "patch": patch}), Experiment())
    assert changed.training.learning_rate == 0.5
    assert structure is None


@pytest.mark.parametrize(
    ("message", "kind", "units"),
    [
        ({"name": "add_layer", "at": 1, "units": 3}, AddLayer, [4, 3, 2]),
        ({"name": "remove_layer", "at": 0}, RemoveLayer, [2]),
        ({"name": "add_unit", "layer": 0}, AddUnit, [5, 2]),
        ({"name": "remove_unit", "layer": 1, "unit": 0}, RemoveUnit, [4, 1]),
    ],
)
def test_what_moves_weights_is_told(message: Any, kind: type, units: list[int]) -> None:
    changed, structure = apply(parse_command(message), Experiment())
    assert isinstance(structure, kind)
    assert [layer.units for layer in changed.network.hidden] == units


def test_reset_keeps_the_seed_or_takes_the_next() -> None:
    experiment = Experiment.parse({"seed": 41, "data": "spiral"})
    assert apply(parse_command({"name": "reset"}), experiment) == (experiment, None)
    again = parse_command({"name": "reset", "keep_seed": False})
    changed, _ = apply(again, experiment)
    assert (changed.seed, changed.data) == (42, experiment.data)
    last = Experiment.parse({"seed": 2**53 - 1})
    assert apply(again, last)[0].seed == 0


MESSAGES = st.dictionaries(
    st.sampled_from(["name", "at", "layer", "unit", "patch", "count", "units", "network", "data"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*COMMANDS]),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["hidden", "network", "data", "name"]), inner)
        ),
        max_leaves=6,
    ),
)


@given(MESSAGES, st.sampled_from([*COMMANDS]))
def test_no_message_brings_anything_but_an_experiment_or_a_refusal(
    message: dict[str, Any], name: str
) -> None:
    experiment = Experiment()
    try:
        changed, _ = apply(parse_command({**message, "name": name}), experiment)
    except InputError:
        changed = experiment
    assert isinstance(changed, Experiment)
    assert experiment == Experiment()


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"name": "set_weight", "layer": 3, "input": 0, "unit": 0, "value": 1}, "layer"),
        ({"name": "set_weight", "layer": 0, "input": 2, "unit": 0, "value": 1}, "input"),
        ({"name": "set_weight", "layer": 1, "input": 4, "unit": 0, "value": 1}, "input"),
        ({"name": "set_weight", "layer": 1, "input": 0, "unit": 2, "value": 1}, "unit"),
        ({"name": "set_weight", "layer": 2, "input": 0, "unit": 1, "value": 1}, "unit"),
        ({"name": "set_weight", "layer": 0, "input": 0, "unit": 0, "value": "x"}, "value"),
        ({"name": "set_weight", "layer": 0, "input": 0, "unit": 0, "value": 1e999}, "value"),
        ({"name": "set_bias", "layer": -1, "unit": 0, "value": 1}, "layer"),
        ({"name": "set_bias", "layer": 0, "input": 0, "unit": 0, "value": 1}, "input"),
        ({"name": "widen", "layer": 2, "unit": 0}, "layer"),
        ({"name": "widen", "layer": 0, "unit": 4}, "unit"),
    ],
)
def test_a_number_that_is_not_there_is_refused(message: dict[str, Any], field: str) -> None:
    """The default net is 2-4-2-1; layer 2 is its output."""
    with pytest.raises(InputError) as refusal:
        apply(parse_command(message), Experiment())
    assert refusal.value.field == field


def test_numbers_of_the_network_leave_the_experiment_alone() -> None:
    for message in (
        {"name": "set_weight", "layer": 2, "input": 1, "unit": 0, "value": -1},
        {"name": "set_bias", "layer": 2, "unit": 0, "value": 0.5},
        {"name": "undo"},
        {"name": "redo"},
    ):
        assert apply(parse_command(message), Experiment()) == (Experiment(), None)


def test_widen_adds_one_neuron() -> None:
    changed, structure = apply(
        parse_command({"name": "widen", "layer": 1, "unit": 0}), Experiment()
    )
    assert [layer.units for layer in changed.network.hidden] == [4, 3]
    assert structure is not None
