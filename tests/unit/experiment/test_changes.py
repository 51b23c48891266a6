"""Changes of a running experiment: merge patches, layers and neurons."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.base.errors import InputError
from playground.experiment.changes import (
    AddLayer,
    AddUnit,
    Edit,
    RemoveLayer,
    RemoveUnit,
    SetLayer,
    merge_patch,
)
from playground.experiment.config import Experiment

# Appendix A of RFC 7396: original, patch, result.
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC)
def test_merge_patch_does_what_rfc_7396_shows(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


JSON = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=12,
)


def difference(source: Any, target: Any) -> Any:
    """The patch that turns one into the other."""
    if not (isinstance(source, dict) and isinstance(target, dict)):
        return target
    gone: dict[str, Any] = dict.fromkeys(source.keys() - target.keys())
    return gone | {k: difference(source.get(k), v) for k, v in target.items() if source.get(k) != v}


@given(JSON, JSON)
def test_a_difference_as_a_patch_gives_the_target(source: Any, target: Any) -> None:
    assert merge_patch(source, difference(source, target)) == target


@given(JSON, JSON)
def test_a_patch_changes_nothing_in_place(source: Any, patch: Any) -> None:
    before = repr(source), repr(patch)
    merge_patch(source, patch)
    assert (repr(source), repr(patch)) == before


def edited(patch: dict[str, Any], experiment: Experiment | None = None) -> Experiment:
    return Edit(patch=patch).apply(experiment or Experiment())


def optimizer(experiment: Experiment) -> dict[str, Any]:
    return experiment.training.optimizer.model_dump()


def test_a_setting_of_a_part_can_be_patched_though_the_part_is_written_as_its_name() -> None:
    assert optimizer(edited({"training": {"optimizer": {"momentum": 0.9}}}))["momentum"] == 0.9


def test_a_new_name_replaces_the_whole_part() -> None:
    with_momentum = edited({"training": {"optimizer": {"momentum": 0.9}}})
    to_adam = {"training": {"optimizer": {"name": "adam", "beta1": 0.8}}}
    adam = edited(to_adam, with_momentum)
    assert (optimizer(adam)["name"], optimizer(adam)["beta1"]) == ("adam", 0.8)
    for patch in ("sgd", {"name": "sgd"}):
        back = edited({"training": {"optimizer": patch}}, adam)
        assert optimizer(back) == optimizer(Experiment())


def test_the_same_name_keeps_the_parts_other_settings() -> None:
    with_momentum = edited({"training": {"optimizer": {"momentum": 0.9}}})
    both = edited({"training": {"optimizer": {"name": "sgd", "nesterov": True}}}, with_momentum)
    assert (optimizer(both)["momentum"], optimizer(both)["nesterov"]) == (0.9, True)


def test_another_data_set_comes_with_its_own_settings() -> None:
    noisy = edited({"data": {"noise": 0.3, "train_fraction": 0.8}})
    assert edited({"data": {"noise": 0.1}}, noisy).data.train_fraction == 0.8
    iris = edited({"data": {"name": "iris"}}, noisy)
    assert iris.data.model_dump() == Experiment.parse({"data": "iris"}).data.model_dump()


def test_null_brings_the_default_back() -> None:
    clipped = edited({"training": {"clip_norm": 1.0, "learning_rate": 0.5}})
    assert clipped.training.clip_norm == 1.0
    back = edited({"training": {"clip_norm": None, "learning_rate": None}}, clipped)
    assert back == Experiment()


def test_an_edit_that_can_not_be_trained_is_refused_and_changes_nothing() -> None:
    experiment = Experiment()
    with pytest.raises(InputError, match=r"^training\.learning_rate: must be above 0, got -1$"):
        edited({"training": {"learning_rate": -1}}, experiment)
    with pytest.raises(InputError, match="did you mean 'learning_rate'"):
        edited({"training": {"learning_rat": 1}}, experiment)
    assert experiment == Experiment()


def widths(experiment: Experiment) -> list[int]:
    return [layer.units for layer in experiment.network.hidden]


def functions(experiment: Experiment) -> list[str]:
    return [layer.activation.model_dump()["name"] for layer in experiment.network.hidden]


def test_one_layer_is_patched_alone() -> None:
    changed = SetLayer(layer=1, patch={"activation": "relu", "units": 5}).apply(Experiment())
    assert (widths(changed), functions(changed)) == ([4, 5], ["tanh", "relu"])
    with pytest.raises(InputError, match=r"^network\.hidden\.1\.dropout: must be below 1, got 3$"):
        SetLayer(layer=1, patch={"dropout": 3}).apply(Experiment())
    with pytest.raises(InputError, match=r"^layer: must be at most 1, got 2$"):
        SetLayer(layer=2, patch={}).apply(Experiment())


@pytest.mark.parametrize(("at", "expected"), [(0, [3, 4, 2]), (1, [4, 3, 2]), (2, [4, 2, 3])])
def test_a_layer_is_added_where_it_is_asked_for(at: int, expected: list[int]) -> None:
    assert widths(AddLayer(at=at, units=3).apply(Experiment())) == expected


def test_a_new_layer_is_like_the_one_before_it_unless_told_otherwise() -> None:
    base = SetLayer(layer=1, patch={"activation": "relu", "dropout": 0.2}).apply(Experiment())
    assert functions(AddLayer(at=2).apply(base)) == ["tanh", "relu", "relu"]
    assert widths(AddLayer(at=2).apply(base)) == [4, 2, 2]
    assert functions(AddLayer(at=1).apply(base)) == ["tanh", "tanh", "relu"]
    assert functions(AddLayer(at=0).apply(base)) == ["tanh", "tanh", "relu"]
    own = AddLayer.model_validate({"at": 2, "activation": "elu", "dropout": 0.0}).apply(base)
    assert functions(own)[2] == "elu"
    assert own.network.hidden[2].dropout == 0


def test_a_network_without_hidden_layers_can_get_one() -> None:
    bare = RemoveLayer(at=0).apply(RemoveLayer(at=0).apply(Experiment()))
    assert widths(bare) == []
    assert widths(AddLayer(at=0).apply(bare)) == [4]
    with pytest.raises(InputError, match=r"^at: there is none to choose, got 0$"):
        RemoveLayer(at=0).apply(bare)


def test_neurons_come_and_go() -> None:
    assert widths(AddUnit(layer=1).apply(Experiment())) == [4, 3]
    assert widths(RemoveUnit(layer=0, unit=3).apply(Experiment())) == [3, 2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (AddLayer(at=3), "at: must be at most 2, got 3"),
        (RemoveLayer(at=2), "at: must be at most 1, got 2"),
        (AddUnit(layer=2), "layer: must be at most 1, got 2"),
        (RemoveUnit(layer=0, unit=4), "unit: must be at most 3, got 4"),
        (RemoveUnit(layer=5, unit=0), "layer: must be at most 1, got 5"),
    ],
)
def test_a_place_that_is_not_there_is_refused(change: Any, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        change.apply(Experiment())
    assert str(refusal.value) == sentence


def test_the_last_neuron_of_a_layer_stays() -> None:
    thin = Experiment.parse({"network": {"hidden": [{"units": 1}]}})
    with pytest.raises(InputError, match="the only neuron of its layer"):
        RemoveUnit(layer=0, unit=0).apply(thin)


def test_the_limits_hold_for_changes_too() -> None:
    deep = Experiment.parse({"network": {"hidden": [{"units": 512}] * 5 + [{}] * 59}})
    with pytest.raises(InputError, match="must have at most 64 entries, got 65"):
        AddLayer(at=0).apply(deep)
    with pytest.raises(InputError, match=r"network\.hidden\.0\.units: must be at most 512"):
        AddUnit(layer=0).apply(deep)


def test_a_neuron_more_may_not_break_a_residual_layer() -> None:
    described = {"network": {"hidden": [{"units": 4}, {"units": 4, "residual": {}}]}}
    with pytest.raises(InputError, match=r"network\.hidden\.1\.residual: needs equal widths"):
        AddUnit(layer=0).apply(Experiment.parse(described))
