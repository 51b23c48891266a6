"""What a live edit did to the network, in words for the person who made it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from playground.engine.surgery import Receipt
from playground.experiment.config import Experiment, HiddenLayer
from playground.telemetry.frames import Notice
from playground.wire.commands import (
    AddLayer,
    AddUnit,
    Command,
    Compare,
    Edit,
    Keep,
    Load,
    RemoveLayer,
    RemoveUnit,
    Reset,
    SetBias,
    SetLayer,
    SetWeight,
    UseTable,
    Widen,
)

_UNCHANGED = 1e-6
"""An output that moves by less has not moved for anyone who watches."""
_MOST_NAMES = 2
_PEOPLE_SAY = {"hidden": "hidden layers", "l1": "L1", "l2": "L2", "dtype": "precision"}


def receipt_notices(receipt: Receipt, what: str, learning_rate: float) -> list[Notice]:
    """How far the output moved by `what` was done, in words; and a warning where the learning rate
    has become too large.

    >>> receipt_notices(Receipt(0.07, 0.01), "Added a neuron to layer 1", 0.03)[0]["text"]
    'Added a neuron to layer 1: output changed by at most 0.07 (RMS 0.01).'
    """
    told = [_notice("info", f"{what}: output {_moved(receipt)}.")]
    before, after = receipt.stable_rate_before, receipt.stable_rate_after
    if receipt.stable_rate_fell and after is not None and learning_rate > after:
        told.append(
            _notice(
                "warning",
                f"The largest stable learning rate fell from {before:.2g} to {after:.2g}; "
                f"yours is {learning_rate:.2g}.",
            )
        )
    return told


def what_was_done(command: Command) -> str:
    """In words; people count layers and neurons from one.

    >>> what_was_done(Edit(patch={"training": {"learning_rate": 0.1}}))
    'Changed the learning rate'
    """
    match command:
        case AddUnit():
            return f"Added a neuron to layer {command.layer + 1}"
        case RemoveUnit():
            return f"Removed neuron {command.unit + 1} of layer {command.layer + 1}"
        case Widen():
            return f"Split neuron {command.unit + 1} of layer {command.layer + 1}"
        case AddLayer():
            return f"Added layer {command.at + 1}"
        case RemoveLayer():
            return f"Removed layer {command.at + 1}"
        case SetWeight():
            return f"Set a weight of layer {command.layer + 1}"
        case SetBias():
            return f"Set a bias of layer {command.layer + 1}"
        case SetLayer():
            return f"Changed the {_names(command.patch)} of layer {command.layer + 1}"
        case Edit():
            return f"Changed the {_names(command.patch)}"
        case Reset():
            return "Reset" if command.keep_seed else "Reset with the next seed"
        case Compare():
            return "Compared side by side" if command.variants else "Ended the comparison"
        case Keep():
            return f"Kept run {command.variant + 1}"
        case UseTable():
            return "Took a table as data"
        case Load():
            return "Opened another experiment"
        case _:
            return "Changed the experiment"


def what_was_changed(command: Command, before: Experiment, after: Experiment) -> str:
    """As `what_was_done`; of a change to many layers at once, which of their settings it was."""
    old, new = before.network.hidden, after.network.hidden
    if isinstance(command, Edit) and _names(command.patch) == "hidden layers":
        names = [
            name
            for name in HiddenLayer.model_fields
            if any(getattr(a, name) != getattr(b, name) for a, b in zip(old, new, strict=False))
        ]
        if len(old) == len(new) and 0 < len(names) <= _MOST_NAMES:
            said = " and ".join(_PEOPLE_SAY.get(name, name.replace("_", " ")) for name in names)
            return f"Changed the {said} of the hidden layers"
    return what_was_done(command)


def subject_of(command: Command) -> object:
    """What a change is about: of one that is made again and again, as by a slider, the same."""
    match command:
        case Edit():
            return ("edit", *_leaves(command.patch))
        case SetLayer():
            return ("layer", command.layer, *_leaves(command.patch))
        case SetWeight():
            return ("weight", command.layer, command.input, command.unit)
        case SetBias():
            return ("bias", command.layer, command.unit)
        case _:
            return None


def _names(patch: dict[str, Any]) -> str:
    """What a patch is about.

    >>> _names({"network": {"hidden": [{"units": 3}]}}), _names({"data": {"name": "xor"}})
    ('hidden layers', 'data')
    """
    if set(patch) == {"network"} and "hidden" in (patch["network"] or {}):
        return "hidden layers"
    if set(patch) == {"data"} and isinstance(patch["data"], dict) and "name" in patch["data"]:
        return "data"
    names = list(_leaves(patch))
    return " and ".join(names) if 0 < len(names) <= _MOST_NAMES else "settings"


def _leaves(patch: dict[str, Any]) -> Iterator[str]:
    for key, value in patch.items():
        if isinstance(value, dict) and value and "name" not in value:
            yield from _leaves(value)
        else:
            yield _PEOPLE_SAY.get(key, key.replace("_", " "))


def _moved(receipt: Receipt) -> str:
    largest, rms = receipt.max_change, receipt.rms_change
    if not isfinite(largest):
        return "changed beyond all bounds"
    if not largest:
        return "unchanged to the last bit"
    if largest < _UNCHANGED:
        return f"unchanged to {largest:.0e} (RMS {rms:.0e})"
    return f"changed by at most {largest:.2g} (RMS {rms:.2g})"


def _notice(level: str, text: str) -> Notice:
    return {"level": level, "text": text, "field": None}  # type: ignore[typeddict-item]
