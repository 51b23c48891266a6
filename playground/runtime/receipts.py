"""What a live edit did to the network, in words for the person who made it."""

from __future__ import annotations

from math import isfinite

from playground.engine.surgery import Receipt
from playground.experiment.changes import (
    AddLayer,
    AddUnit,
    RemoveLayer,
    RemoveUnit,
    StructureChange,
)
from playground.telemetry.frames import Notice

_UNCHANGED = 1e-6
"""An output that moves by less has not moved for anyone who watches."""


def receipt_notices(
    receipt: Receipt, change: StructureChange | None, learning_rate: float
) -> list[Notice]:
    """How far the output moved; and a warning where the learning rate has become too large.

    >>> receipt_notices(Receipt(0.07, 0.01), AddUnit(layer=0), 0.03)[0]["text"]
    'Added a neuron to layer 1: the output changed by at most 0.07.'
    """
    told = [_notice("info", f"{_what(change)}: the output {_moved(receipt.max_change)}.")]
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


def _what(change: StructureChange | None) -> str:
    """People count layers and neurons from one."""
    match change:
        case AddUnit():
            return f"Added a neuron to layer {change.layer + 1}"
        case RemoveUnit():
            return f"Removed neuron {change.unit + 1} of layer {change.layer + 1}"
        case AddLayer():
            return f"Added layer {change.at + 1}"
        case RemoveLayer():
            return f"Removed layer {change.at + 1}"
        case None:
            return "Changed the network"


def _moved(largest: float) -> str:
    if not isfinite(largest):
        return "changed beyond all bounds"
    if largest < _UNCHANGED:
        return f"is unchanged (largest change {largest:.0e})" if largest else "is unchanged"
    return f"changed by at most {largest:.2g}"


def _notice(level: str, text: str) -> Notice:
    return {"level": level, "text": text, "field": None}  # type: ignore[typeddict-item]
