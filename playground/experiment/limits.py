"""How large an experiment may be. Each limit is raised by `PLAYGROUND_MAX_…` in the environment."""

from __future__ import annotations

from collections.abc import Iterable

from playground.data.limits import (
    MAX_EXAMPLES,
    MAX_FEATURES,
    MAX_SAVED_BYTES,
    MAX_UPLOAD_BYTES,
    limit,
)

__all__ = [
    "MAX_EXAMPLES",
    "MAX_FEATURES",
    "MAX_HIDDEN_LAYERS",
    "MAX_PARAMETERS",
    "MAX_SAVED_BYTES",
    "MAX_UNITS",
    "MAX_UPLOAD_BYTES",
    "limits",
    "parameter_count",
]

MAX_HIDDEN_LAYERS = limit("HIDDEN_LAYERS", 64)
MAX_UNITS = limit("UNITS", 512)
MAX_PARAMETERS = limit("PARAMETERS", 5_000_000)


def limits() -> dict[str, int]:
    """Every limit by name, as the page states them."""
    return {
        "hidden_layers": MAX_HIDDEN_LAYERS,
        "units": MAX_UNITS,
        "parameters": MAX_PARAMETERS,
        "examples": MAX_EXAMPLES,
        "features": MAX_FEATURES,
        "upload_bytes": MAX_UPLOAD_BYTES,
        "saved_bytes": MAX_SAVED_BYTES,
    }


def parameter_count(inputs: int, hidden: Iterable[tuple[int, bool]], outputs: int) -> int:
    """Trainable numbers of a dense network; `hidden` is (units, normalized) per layer.

    The default net, 2-4-2-1, has 12 + 10 + 3:

    >>> parameter_count(2, [(4, False), (2, False)], 1)
    25
    """
    total, width = 0, inputs
    for units, normalized in hidden:
        # A normalized layer has a scale and a shift per unit beside its bias.
        total += (width + 1) * units + (2 * units if normalized else 0)
        width = units
    return total + (width + 1) * outputs
