"""A stack of layers over one flat parameter vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.base.arrays import Array, DtypeName, random_stream
from playground.base.errors import InputError
from playground.engine.initializers import Initializer
from playground.engine.layers import Layer
from playground.engine.normalization import Normalization, Scale
from playground.engine.params import LayerViews, Shape, vector_size, views
from playground.engine.rules import Activation, Calls, play
from playground.engine.tape import Tape

_KEPT_TAPES = 4


@dataclass(frozen=True)
class LayerSpec:
    """What a layer is to be. `residual` is α in a = h + α·f(h), or None."""

    units: int
    activation: Activation
    initializer: Initializer
    dropout: float = 0.0
    normalization: Normalization | None = None
    residual: float | None = None


class Network:
    """Hidden layers in order, then the output layer; all weights in `parameters`, flat.

    Each layer draws its first weights from a stream of its own, named by its position and counted
    from the output for the last, so that changing one layer redraws no other.
    """

    def __init__(
        self,
        inputs: int,
        specs: Sequence[LayerSpec],
        *,
        seed: int = 0,
        dtype: DtypeName = "float64",
    ) -> None:
        self.inputs = inputs
        self.specs = list(specs)
        self.dtype = np.dtype(dtype)
        self.shapes = _shapes(inputs, self.specs)
        size = vector_size(self.shapes)
        self.parameters: Array = np.zeros(size, self.dtype)
        self.gradient: Array = np.zeros(size, self.dtype)
        units = np.array([spec.units for spec in self.specs])
        self._running: Array = np.zeros(2 * units.sum(), self.dtype)
        self._statistics = [
            own.reshape(2, -1) for own in np.split(self._running, np.cumsum(2 * units)[:-1])
        ]
        self.layers = [
            self._layer(k, own, grad)
            for k, (own, grad) in enumerate(
                zip(
                    views(self.parameters, self.shapes),
                    views(self.gradient, self.shapes),
                    strict=True,
                )
            )
        ]
        for k in range(len(self.specs)):
            self.initialize(k, seed)
        self._tapes: dict[int, tuple[Tape, Array, Calls]] = {}

    def _layer(self, k: int, own: LayerViews, gradient: LayerViews) -> Layer:
        spec, statistics = self.specs[k], self._statistics[k]
        scale = None
        if own.gamma is not None and own.beta is not None:
            assert gradient.gamma is not None
            assert gradient.beta is not None
            scale = Scale(
                own.gamma, own.beta, gradient.gamma, gradient.beta, statistics[0], statistics[1]
            )
        return Layer(
            inputs=self.shapes[k].inputs,
            units=spec.units,
            offset=vector_size(self.shapes[:k]),
            block=own.block,
            dblock=gradient.block,
            activation=spec.activation,
            dropout=spec.dropout,
            normalization=spec.normalization,
            scale=scale,
            residual=spec.residual,
        )

    def initialize(self, k: int, seed: int) -> None:
        """Draw layer k's weights and biases afresh; γ 1, β 0, running mean 0 and variance 1."""
        layer, last = self.layers[k], k == len(self.specs) - 1
        rng = random_stream(seed, "weights", "output" if last else k)
        layer.w[...], layer.b[...] = self.specs[k].initializer(rng, layer.inputs, layer.units)
        if layer.scale:
            layer.scale.gamma[...], layer.scale.beta[...] = 1.0, 0.0
            layer.scale.mean[...], layer.scale.variance[...] = 0.0, 1.0

    def set_number(self, k: int, source: int | None, unit: int, value: float) -> None:
        """Set the weight of layer k from its input `source` to `unit`, or, without, the bias of
        `unit`, in place. InputError where there is none, or `dtype` can't hold the value."""
        layer = self.layers[k]
        for place, most, field in ((source, layer.inputs, "input"), (unit, layer.units, "unit")):
            if place is not None and place >= most:
                raise InputError(f"must be at most {most - 1}, got {place}", field)
        if not abs(value) <= float(np.finfo(self.dtype).max):
            raise InputError(f"is beyond what {self.dtype} can hold", "value")
        layer.block[-1 if source is None else source, unit] = value

    @property
    def statistics(self) -> Array:
        """The running means and variances of all layers, flat (a copy)."""
        return self._running.copy()

    @statistics.setter
    def statistics(self, flat: Array) -> None:
        self._running[...] = flat

    def _evaluation(self, x: Array) -> Tape:
        """A tape in evaluation mode, played for x of shape (n, inputs)."""
        n = len(x)
        bound = self._tapes.pop(n, None) or self._bind(n)
        self._tapes[n] = bound  # last used, last dropped
        if len(self._tapes) > _KEPT_TAPES:
            del self._tapes[next(iter(self._tapes))]
        tape, inputs, calls = bound
        inputs[:-1] = x.T
        with np.errstate(all="ignore"):
            play(calls)
        return tape

    def _bind(self, n: int) -> tuple[Tape, Array, Calls]:
        tape = Tape(self.layers, n, self.gradient)
        inputs = np.ones((self.inputs + 1, n), self.dtype)
        return tape, inputs, tape.forward(inputs)

    def predict(self, x: Array) -> Array:
        """Outputs for x, (n, inputs) → (n, outputs): no dropout, running statistics; a copy."""
        return self._evaluation(x).output.T.copy()

    def activations(self, x: Array) -> list[Array]:
        """Each layer's a for x, (n, units) each; the next call overwrites these views."""
        return [layer.a.T for layer in self._evaluation(x).layers]

    def slopes(self, x: Array) -> list[Array]:
        """Each layer's φ′ for x, (n, units) each, as new arrays."""
        found = []
        for layer in self._evaluation(x).layers:
            slope = np.empty_like(layer.f)
            with np.errstate(all="ignore"):
                play(layer.layer.activation.derivative(layer.argument, layer.f, slope))
            found.append(slope.T)
        return found

    def pre_activations(self, x: Array) -> list[Array]:
        """Each layer's z for x, before any normalization, (n, units) each, as new arrays."""
        below = [x, *self.activations(x)[:-1]]
        with np.errstate(all="ignore"):
            return [h @ layer.w + layer.b for h, layer in zip(below, self.layers, strict=True)]


def _shapes(inputs: int, specs: Sequence[LayerSpec]) -> list[Shape]:
    widths = [inputs, *(spec.units for spec in specs)]
    return [
        Shape(below, spec.units, spec.normalization is not None)
        for below, spec in zip(widths, specs, strict=False)
    ]
