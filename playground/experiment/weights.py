"""A network's weights by the names that weight files use: W1, b1, …, and gamma1, beta1, mean1,
variance1 where layer 1 is normalized. W is (inputs, units), all others (units,)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from playground.base.arrays import Array
from playground.base.errors import InputError, UnknownNameError
from playground.engine.network import Network


def _named(network: Network) -> Iterator[tuple[str, Array]]:
    for k, layer in enumerate(network.layers, start=1):
        yield f"W{k}", layer.w
        yield f"b{k}", layer.b
        if layer.scale:
            yield f"gamma{k}", layer.scale.gamma
            yield f"beta{k}", layer.scale.beta
            yield f"mean{k}", layer.scale.mean
            yield f"variance{k}", layer.scale.variance


def named_weights(network: Network) -> dict[str, Array]:
    """Copies in float64."""
    return {name: view.astype(np.float64) for name, view in _named(network)}


def set_weights(network: Network, weights: Mapping[str, Array]) -> None:
    """Fill the network, in place; InputError for a missing, unknown or misshapen array."""
    own = dict(_named(network))
    for name in weights:
        if name not in own:
            raise UnknownNameError("array of this network", name, own, "weights")
    for name, view in own.items():
        field = f"weights.{name}"
        if name not in weights:
            raise InputError(f"missing; this network needs {', '.join(own)}", field)
        given = np.asarray(weights[name])
        if given.shape != view.shape:
            raise InputError(f"must have shape {view.shape}, got {given.shape}", field)
        if given.dtype.kind not in "fiu" or not np.isfinite(given).all():
            raise InputError("must hold finite numbers", field)
    for name, view in own.items():
        view[...] = weights[name]
