"""What can be changed in a running experiment: a model for each, which gives the new experiment.

Places count from 0, from the input side, as in `network.hidden`. An array can't be merged without
losing whose weights are whose, so layers and neurons come and go by changes of their own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from playground.base.errors import InputError
from playground.base.validation import Section
from playground.experiment.config import Experiment, HiddenLayer

Place = Annotated[int, Field(ge=0)]


class Edit(Section):
    """Any settings, by a JSON merge patch on the experiment."""

    name: Literal["edit"] = "edit"
    patch: dict[str, Any]

    def apply(self, experiment: Experiment) -> Experiment:
        return Experiment.parse(merge_patch(experiment.dump(expanded=True), self.patch))


class SetLayer(Section):
    """Settings of one hidden layer, by a JSON merge patch on it."""

    name: Literal["set_layer"] = "set_layer"
    layer: Place
    patch: dict[str, Any]

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.layer, len(hidden) - 1, "layer")
        hidden[self.layer] = merge_patch(hidden[self.layer], self.patch)
        return _with_hidden(experiment, hidden)


class AddLayer(HiddenLayer):
    """A new hidden layer before the one now at `at`, or, at their number, before the output.

    Settings that are not given are those of the layer before it (at 0: of the first layer).
    """

    name: Literal["add_layer"] = "add_layer"
    at: Place

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.at, len(hidden), "at")
        like = hidden[max(self.at - 1, 0)] if hidden else {}
        given = self.model_fields_set & HiddenLayer.model_fields.keys()
        hidden.insert(self.at, {**like, **self.model_dump(mode="json", include=given)})
        return _with_hidden(experiment, hidden)


class RemoveLayer(Section):
    """The hidden layer at `at` goes."""

    name: Literal["remove_layer"] = "remove_layer"
    at: Place

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.at, len(hidden) - 1, "at")
        del hidden[self.at]
        return _with_hidden(experiment, hidden)


class AddUnit(Section):
    """One more neuron in the hidden layer `layer`, after its last."""

    name: Literal["add_unit"] = "add_unit"
    layer: Place

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.layer, len(hidden) - 1, "layer")
        hidden[self.layer]["units"] += 1
        return _with_hidden(experiment, hidden)


class RemoveUnit(Section):
    """The neuron `unit` of the hidden layer `layer` goes."""

    name: Literal["remove_unit"] = "remove_unit"
    layer: Place
    unit: Place

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.layer, len(hidden) - 1, "layer")
        units = hidden[self.layer]["units"]
        _check_place(self.unit, units - 1, "unit")
        if units == 1:
            raise InputError("is the only neuron of its layer: remove the layer instead", "unit")
        hidden[self.layer]["units"] -= 1
        return _with_hidden(experiment, hidden)


class Widen(Section):
    """The neuron `unit` of the hidden layer `layer` is split in two that answer alike and share its
    outgoing weights; the copy comes after the layer's last."""

    name: Literal["widen"] = "widen"
    layer: Place
    unit: Place

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.dump(expanded=True)["network"]["hidden"]
        _check_place(self.layer, len(hidden) - 1, "layer")
        _check_place(self.unit, hidden[self.layer]["units"] - 1, "unit")
        hidden[self.layer]["units"] += 1
        return _with_hidden(experiment, hidden)


class _OneNumber(Section):
    """One number of the network by hand; `layer` counts the hidden layers, then the output layer.

    The experiment stays as it is: weights are the network's own.
    """

    layer: Place
    unit: Place
    value: float

    def apply(self, experiment: Experiment) -> Experiment:
        hidden = experiment.network.hidden
        _check_place(self.layer, len(hidden), "layer")
        shape = experiment.shape
        if self.layer < len(hidden):
            _check_place(self.unit, hidden[self.layer].units - 1, "unit")
        elif shape:  # a table's width is known to whoever has read it
            _check_place(self.unit, shape.outputs - 1, "unit")
        return experiment


class SetWeight(_OneNumber):
    """The weight from `input` to the neuron `unit` of `layer`."""

    name: Literal["set_weight"] = "set_weight"
    input: Place

    def apply(self, experiment: Experiment) -> Experiment:
        experiment = super().apply(experiment)
        hidden, shape = experiment.network.hidden, experiment.shape
        if self.layer:
            _check_place(self.input, hidden[self.layer - 1].units - 1, "input")
        elif shape:
            _check_place(self.input, shape.inputs - 1, "input")
        return experiment


class SetBias(_OneNumber):
    """The bias of the neuron `unit` of `layer`."""

    name: Literal["set_bias"] = "set_bias"


StructureChange = AddLayer | RemoveLayer | AddUnit | RemoveUnit | Widen
"""A change after which weights must be moved, not only kept."""


def merge_patch(target: Any, patch: Any) -> Any:
    """`target` with a JSON merge patch applied (RFC 7396), except that a patch which changes a
    part's `name` replaces the whole part: the settings of one part mean nothing to another.

    >>> merge_patch({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}})
    {'a': {'c': 2, 'd': 3}}
    >>> merge_patch({"name": "adam", "beta1": 0.8}, {"name": "sgd", "momentum": 0.9})
    {'name': 'sgd', 'momentum': 0.9}
    """
    if not isinstance(patch, dict):
        return patch
    if not isinstance(target, dict) or (
        "name" in target and patch.get("name", target["name"]) != target["name"]
    ):
        target = {}
    merged = dict(target)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def _check_place(place: int, last: int, field: str) -> None:
    if place > last:
        known = f"must be at most {last}" if last >= 0 else "there is none to choose"
        raise InputError(f"{known}, got {place}", field)


def _with_hidden(experiment: Experiment, hidden: list[dict[str, Any]]) -> Experiment:
    described = experiment.dump(expanded=True)
    described["network"]["hidden"] = hidden
    return Experiment.parse(described)
