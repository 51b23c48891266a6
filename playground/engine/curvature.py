"""How steep the loss is: the largest eigenvalue of its Hessian, and the rate it allows.

Gradient descent on a quadratic diverges beyond a rate of 2/λ_max; with momentum β the limit is
(2 + 2β)/λ_max, with Nesterov's, which also looks ahead, that over 1 + 2β. For a network this holds
near where it stands, and moves as it trains.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from playground.base.arrays import Array, random_stream
from playground.engine.losses import Loss
from playground.engine.network import Network
from playground.engine.params import weight_mask
from playground.engine.rules import play
from playground.engine.tape import Tape

_DIFFERENCE = 1e-5
_TOLERANCE = 1e-2


def largest_curvature(
    network: Network, loss: Loss, x: Array, y: Array, l2: float = 0.0
) -> float | None:
    """λ_max of the Hessian of the mean loss over x (n, inputs) and y (n, outputs), to one percent;
    with (l2/2)·Σw² where it is asked for.

    From differences of gradients in float64, on a copy of the network; None where no eigenvalue was
    found, as at a point that is not finite. Dropout is left out.
    """
    specs = [replace(spec, dropout=0.0) for spec in network.specs]
    twin = Network(network.inputs, specs, dtype="float64")
    centre = network.parameters.astype(np.float64)
    inputs = np.concatenate([x, np.ones((len(x), 1))], axis=1).T
    tape = Tape(twin.layers, len(x), twin.gradient, random_stream(0, "curvature"))
    calls = [
        *tape.forward(inputs),
        *loss.gradient(tape.output, np.ascontiguousarray(y.T), tape.output_delta),
        *tape.backward(inputs),
    ]

    pull = l2 * weight_mask(twin.shapes, twin.dtype)

    def gradient(at: Array) -> Array:
        twin.parameters[...] = at
        play(calls)
        return np.asarray(twin.gradient + pull * at)

    def product(v: Array) -> Array:
        """H·v by central differences."""
        v = v.ravel()
        h = _DIFFERENCE / max(float(np.abs(v).max()), 1e-300)
        return np.asarray((gradient(centre + h * v) - gradient(centre - h * v)) / (2 * h))

    size = len(centre)
    start = random_stream(0, "curvature").standard_normal(size)
    with np.errstate(all="ignore"):
        if size < 3 or not np.isfinite(gradient(centre)).all():
            return None
        try:
            operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
            found = eigsh(
                operator, k=1, which="LA", v0=start, tol=_TOLERANCE, return_eigenvectors=False
            )
        except ArpackError:  # none converged, or the loss is flat: all curvature is 0
            return None
    return float(found[0])


def largest_stable_rate(
    curvature: float, momentum: float = 0.0, *, nesterov: bool = False, weight_decay: float = 0.0
) -> float:
    """(2 + 2β)/λ_max, over 1 + 2β for Nesterov's momentum; infinite where nothing pulls inwards.

    The update of `sgd` on a quadratic is linear; at the limit an eigenvalue of it is −1. Decoupled
    weight decay d, which no momentum takes up, counts as (1 + β)·d on top of what λ does.
    """
    pull = curvature * (1 + 2 * momentum * nesterov) + (1 + momentum) * weight_decay
    return (2 + 2 * momentum) / pull if pull > 0 else np.inf
