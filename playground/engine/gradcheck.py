"""Backpropagation against central differences of the loss, layer by layer, with every part in play.

The check works on a twin of the trainer in float64 that sees the coming batch: same weights, same
dropout masks, batch statistics, penalties, but no clipping, which is no part of any loss's
gradient. Each sampled parameter is moved both ways by h, h/2 and h/4, and the central differences
are extrapolated to h = 0 (Romberg): their error falls as h⁶, and h need not be so small that
rounding counts. Where they do not settle, h shrinks. Where a unit or the loss crosses a kink
between −h and h a difference has no meaning: h shrinks too, and what still crosses is left out.
Crossed is what stands on another side than without the move: both ways may cross alike. Where the
loss bends so sharply that no h settles, as behind a layer normalization whose units hardly differ,
the differences are doubtful, and no layer is called wrong for less than their doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, sqrt

import numpy as np

from playground.base.arrays import Array, BoolArray, random_stream
from playground.base.errors import DivergedError
from playground.engine.network import Network
from playground.engine.params import vector_size, weight_mask
from playground.engine.rules import play
from playground.engine.tape import Tape
from playground.engine.trainer import Trainer

TOLERANCE = 1e-6
COORDINATES = 400
"""Parameters checked in each layer; a larger layer is sampled."""

_STEPS = (3e-3, 3e-4, 3e-5, 3e-6)
_SETTLED = 1e-9
_FAINT = 1e-5  # below this share of the loss a layer's gradient drowns in the rounding of the loss
_FAINT_TOLERANCE = 1e-10


@dataclass(frozen=True)
class LayerCheck:
    """One layer's verdict: g from backpropagation, ĝ from differences, over what was checked."""

    layer: int
    """From 1; the output layer is the last."""
    parameters: int
    checked: int
    left_out: int
    """Sampled, but within reach of a kink."""
    norm: float
    """‖g‖₂"""
    error: float
    """‖g − ĝ‖ / (‖g‖ + ‖ĝ‖)"""
    absolute_error: float
    """‖g − ĝ‖"""
    doubt: float
    """How far ĝ itself may be off: by how much the differences still changed, and rounding."""
    is_faint: bool
    """‖g‖ is below 1e-5 of the loss, so the absolute error counts as well."""

    def is_settled(self, tolerance: float) -> bool:
        """Whether the differences are good enough to tell."""
        return self.doubt <= 2 * tolerance * self.norm

    def is_right(self, tolerance: float) -> bool:
        """Within the tolerance or the differences' own doubt, or faint and within 1e-10."""
        close = self.error <= tolerance or self.absolute_error <= self.doubt
        return close or (self.is_faint and self.absolute_error <= _FAINT_TOLERANCE)


@dataclass(frozen=True)
class GradientCheck:
    """The verdict on a network, layer by layer from the input side."""

    layers: list[LayerCheck]
    objective: float
    """Loss and penalties on the batch that was looked at."""
    tolerance: float

    @property
    def is_right(self) -> bool:
        """Whether every layer is."""
        return all(layer.is_right(self.tolerance) for layer in self.layers)

    @property
    def worst(self) -> float:
        """The largest relative error of the layers that differences can tell of and that are not
        faint, or that are wrong; 0 where there is none."""
        told = (
            layer.error
            for layer in self.layers
            if not layer.is_right(self.tolerance)
            or (layer.is_settled(self.tolerance) and not layer.is_faint)
        )
        return max(told, default=0.0)


class _Twin:
    """The trainer's coming batch, again and again, at whatever parameters are put in."""

    def __init__(self, trainer: Trainer) -> None:
        own = trainer.network
        self.network = Network(own.inputs, own.specs, dtype="float64")
        self.network.parameters[...] = own.parameters
        x, self.y = (v.astype(np.float64) for v in trainer.batches.batch(trainer.position))
        self._trainer = Trainer(
            self.network,
            trainer.loss,
            trainer.optimizer,
            x[:-1].T,
            self.y.T,
            learning_rate=0.0,
            batch_size=x.shape[1],
            shuffle=False,
            l1=trainer.l1,
            l2=trainer.l2,
        )
        self._trainer.masks.bit_generator.state = trainer.masks.bit_generator.state
        self._masks = random_stream(0, "dropout")
        self._first_mask = trainer.masks.bit_generator.state
        self._tape = Tape(self.network.layers, x.shape[1], self.network.gradient, self._masks)
        self._forward = self._tape.forward(x)
        self._is_weight = weight_mask(self.network.shapes, self.network.dtype) > 0

    def gradient(self) -> Array:
        """∂objective/∂parameters, as a training step takes it."""
        self._trainer.peek()
        return self.network.gradient.copy()

    def objective(self) -> float:
        """Loss and penalties; `sides` then tells where they were taken."""
        self._masks.bit_generator.state = self._first_mask
        play(self._forward)
        value = self._trainer.loss.value(self._tape.output.T, self.y.T)
        if self._trainer.l1 or self._trainer.l2:
            w = self.network.parameters[self._is_weight]
            value += 0.5 * self._trainer.l2 * w.dot(w) + self._trainer.l1 * np.abs(w).sum()
        return float(value)

    def has_kink_within(self, p: int, h: float) -> bool:
        """Whether l1·|w| has its kink in reach; at w = 0 both ways give 0, so nothing is amiss."""
        w = abs(self.network.parameters[p])
        return bool(self._trainer.l1 and self._is_weight[p] and 0 < w <= h)

    def sides(self) -> BoolArray:
        """On which side of every kink each unit and each example stands, as one vector of bits."""
        found: list[BoolArray] = []
        for bound in self._tape.layers:
            phi = bound.layer.activation
            for kink in phi.value(np.array(phi.kinks)) if phi.kinks else ():
                found += [bound.f > kink, bound.f < kink]
        if margin := self._trainer.loss.margin:
            away = margin(self._tape.output.T, self.y.T)
            found += [away > 0, away < 0]
        return np.concatenate([side.ravel() for side in found]) if found else np.zeros(0, bool)


def gradcheck(
    trainer: Trainer,
    *,
    tolerance: float = TOLERANCE,
    coordinates: int = COORDINATES,
    seed: int = 0,
) -> GradientCheck:
    """Check the gradient on the coming batch; the trainer is left as it was.

    At most `coordinates` parameters a layer are looked at, drawn anew for each `seed`.
    DivergedError where the loss itself is not finite.
    """
    with np.errstate(all="ignore"):
        twin = _Twin(trainer)
        backward = twin.gradient()
        objective, here = twin.objective(), twin.sides()
        if not isfinite(objective):
            raise DivergedError(trainer.step + 1, len(trainer.network.layers), "the loss")
        shapes, layers = trainer.network.shapes, []
        ends = [vector_size(shapes[:k]) for k in range(len(shapes) + 1)]
        for k, (start, end) in enumerate(pairwise(ends), start=1):
            sample = np.arange(start, end)
            if len(sample) > coordinates:
                rng = random_stream(seed, "gradcheck", k)
                sample = np.sort(rng.choice(sample, coordinates, replace=False))
            differences = np.array([_difference(twin, int(p), objective, here) for p in sample])
            layers.append(_verdict(k, end - start, backward[sample], differences, objective))
    return GradientCheck(layers, objective, tolerance)


def _verdict(
    layer: int, parameters: int, backward: Array, differences: Array, objective: float
) -> LayerCheck:
    """`differences` are ĝ and its doubt, (coordinates, 2)."""
    kept = ~np.isnan(differences[:, 0])
    g, (ghat, doubt) = backward[kept], differences[kept].T
    norm, apart = sqrt(g.dot(g)), sqrt((g - ghat).dot(g - ghat))
    together = norm + sqrt(ghat.dot(ghat))
    return LayerCheck(
        layer=layer,
        parameters=parameters,
        checked=int(kept.sum()),
        left_out=int((~kept).sum()),
        norm=norm,
        error=apart / together if together else 0.0,
        absolute_error=apart,
        doubt=sqrt(doubt.dot(doubt)),
        is_faint=norm <= _FAINT * abs(objective),
    )


def _difference(twin: _Twin, p: int, objective: float, here: BoolArray) -> tuple[float, float]:
    """∂objective/∂parameter p from differences, NaN where a kink is within the smallest step; and
    how far it may be off.

    `objective` and `here`, the twin's sides, are those at the parameters as they are.
    """
    parameters = twin.network.parameters
    kept = float(parameters[p])
    best, least_doubt = np.nan, np.inf
    for step in _STEPS:
        h = step * max(1.0, abs(kept))
        if twin.has_kink_within(p, h):
            continue
        central: list[float] = []
        for part in (h, h / 2, h / 4):
            parameters[p] = kept + part
            above, stays = twin.objective(), np.array_equal(here, twin.sides())
            parameters[p] = kept - part
            below = twin.objective()
            if not (stays and np.array_equal(here, twin.sides())):
                break
            central.append((above - below) / (2 * part))
        else:
            coarse = central[1] + (central[1] - central[0]) / 3
            fine = central[2] + (central[2] - central[1]) / 3
            noise = float(np.finfo(np.float64).eps) * abs(objective) / h
            doubt = abs(fine - coarse) + noise
            if doubt < least_doubt:
                best, least_doubt = fine + (fine - coarse) / 15, doubt
            if abs(fine - coarse) <= max(_SETTLED * abs(fine), 8 * noise):
                break
    parameters[p] = kept
    return best, least_doubt
