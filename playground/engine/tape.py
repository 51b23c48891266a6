"""The whole network's forward and backward pass for one batch size, as a tape of calls.

All activations lie in one flat buffer, so that the slopes φ′ of neighbouring layers with the same
activation are taken in one go, and equal thin layers get all their dw in one batched product.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby, pairwise

import numpy as np

from playground.base.arrays import Array
from playground.engine.layers import BoundLayer, Buffers, Layer
from playground.engine.rules import Call, Calls

_STACKED_WIDTH = 64  # from here on one product a layer is as fast as a batched one,
_STACKED_LAYERS = 5  # and as fast for fewer layers


class Tape:
    """`forward` fills `output` from x; `backward` turns `output_delta` into the gradient.

    In between, the caller fills `output_delta` with ∂loss/∂output. With `masks`, a random stream
    for dropout, the tape is in training mode; without, in evaluation mode and forward only.
    """

    def __init__(
        self,
        layers: list[Layer],
        n: int,
        gradient: Array,
        masks: np.random.Generator | None = None,
    ) -> None:
        self.n, self._gradient, self._training = n, gradient, masks is not None
        rows = sum(layer.units + 1 for layer in layers)
        self._a: Array = np.ones((rows, n), gradient.dtype)
        needs_z = any(not layer.activation.from_output for layer in layers)
        self._z = np.zeros_like(self._a) if needs_z else self._a
        self._slope = np.ones_like(self._a) if self._training else self._a
        units = sum(layer.units for layer in layers)
        self._delta: Array = np.zeros((units, n), gradient.dtype) if self._training else self._a
        self.layers = [
            BoundLayer(layer, buffers, masks)
            for layer, buffers in zip(layers, self._buffers(layers), strict=True)
        ]
        self._rest: Calls = []
        for below, above in zip(self.layers, self.layers[1:], strict=False):
            h = below.a_and_ones
            self._rest += [above.affine(h), *above.inner, *above.merge(h)]
        self._back: Calls = [*self._slopes(), *self._deltas(), *self._weight_gradients()]

    @property
    def output(self) -> Array:
        """(outputs, n)"""
        return self.layers[-1].a

    @property
    def output_delta(self) -> Array:
        """(outputs, n): ∂loss/∂output as the loss fills it; ∂loss/∂z once played backward."""
        return self.layers[-1].delta

    def forward(self, x: Array) -> Calls:
        """From inputs x, (inputs + 1, n) with a last row of ones, to `output`."""
        first = self.layers[0]
        return [first.affine(x), *first.inner, *first.merge(x), *self._rest]

    def backward(self, x: Array) -> Calls:
        """From `output_delta` to the gradient, for the inputs that were played forward."""
        return [*self._back, self.layers[0].weight_gradient(x)]

    def _buffers(self, layers: list[Layer]) -> list[Buffers]:
        found, row, unit = [], 0, 0
        for layer in layers:
            end = row + layer.units
            found.append(
                Buffers(
                    self._a[row : end + 1],
                    self._z[row:end],
                    self._slope[row:end],
                    self._delta[unit : unit + layer.units],
                )
            )
            row, unit = end + 1, unit + layer.units
        return found

    def _slopes(self) -> Calls:
        """φ′ of all plain layers, a run of equal activations at a time."""
        calls: Calls = []
        row = 0
        for (activation, plain), run in groupby(
            self.layers, lambda b: (b.layer.activation, b.layer.is_plain)
        ):
            rows = sum(b.layer.units + 1 for b in run)
            if plain and not activation.is_identity:
                # The last row of a run is a row of ones, which has no slope that matters.
                here = slice(row, row + rows - 1)
                calls += activation.derivative(self._z[here], self._a[here], self._slope[here])
            row += rows
        return calls

    def _deltas(self) -> Calls:
        """delta of every layer, from the output down."""
        calls = list(self.layers[-1].through)
        for above, below in zip(self.layers[:0:-1], self.layers[-2::-1], strict=True):
            calls += [*above.below(below.delta), *below.through]
        return calls

    def _weight_gradients(self) -> Calls:
        """dw and db of every layer but the first, whose h is the batch."""
        calls: Calls = []
        k = 1
        while k < len(self.layers):
            last = self._stack_end(k)
            if last >= k + _STACKED_LAYERS:
                calls.append(self._stacked_gradient(k, last))
            else:
                last = max(last, k + 1)
                for below, above in pairwise(self.layers[k - 1 : last]):
                    calls.append(above.weight_gradient(below.a_and_ones))
            k = last
        return calls

    def _stack_end(self, k: int) -> int:
        """The end of the run of layers from k on that are square, equally wide and unnormalized."""
        width = self.layers[k].layer.units
        end = k
        while (
            end < len(self.layers)
            and width <= _STACKED_WIDTH
            and self.layers[end].layer.inputs == width == self.layers[end].layer.units
            and self.layers[end].layer.normalization is None
        ):
            end += 1
        return end

    def _stacked_gradient(self, first: int, last: int) -> Call:
        """dw and db of layers first … last − 1 in one batched product."""
        run = self.layers[first:last]
        count, width, n = len(run), run[0].layer.units, self.n
        row = sum(b.layer.units + 1 for b in self.layers[: first - 1])
        unit = sum(b.layer.units for b in self.layers[:first])
        start = run[0].layer.offset
        h = self._a[row : row + count * (width + 1)].reshape(count, width + 1, n)
        delta = self._delta[unit : unit + count * width].reshape(count, width, n)
        size = (width + 1) * width
        dblocks = self._gradient[start : start + count * size].reshape(count, width + 1, width)
        return partial(np.matmul, h, delta.transpose(0, 2, 1), dblocks)
