"""Forward and backward pass of many networks of one shape, for one batch size, as calls."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

import numpy as np

from playground.base.arrays import Array
from playground.engine.layers import Layer
from playground.engine.rules import Calls

_JOINED = 80
"""Most numbers per network that one product gives for the gradients of several layers."""
_TURNED = 16
"""Largest batch whose deltas are turned before the gradients' products: BLAS sums over the last
axis of both factors at half its speed, and up to here that costs more than a copy does."""


class Stack:
    """Networks of these `layers`, whose own weights are not used: those of network s are row s of
    `parameters`, and its gradient goes to row s of `gradient`."""

    def __init__(self, layers: list[Layer], parameters: Array, gradient: Array, n: int) -> None:
        self._layers, self._n, seeds = layers, n, len(parameters)
        inputs, units = layers[0].block.shape[0] - 1, sum(layer.units for layer in layers)
        shape = (inputs + 1 + units + len(layers), seeds, n)
        self._a: Array = np.ones(shape, parameters.dtype)
        needs_z = any(not layer.activation.from_output for layer in layers)
        self._z = np.zeros_like(self._a) if needs_z else self._a
        self._slope = np.ones_like(self._a)
        self._delta: Array = np.zeros((units, seeds, n), parameters.dtype)
        self._by_example = self._delta.transpose(1, 2, 0)
        self._turned: Array = self._by_example.copy() if n <= _TURNED else self._by_example
        self._inputs = self._a[:inputs]
        self._at, row, unit = [], inputs + 1, 0
        for layer in layers:
            self._at.append((row, unit))
            row, unit = row + layer.units + 1, unit + layer.units
        self._blocks = [_blocks(parameters, layer) for layer in layers]
        self._gradient = gradient

    @property
    def output(self) -> Array:
        """(outputs, seeds, n)"""
        return self._rows(self._a, len(self._layers) - 1)

    @property
    def flat_output(self) -> Array:
        """(outputs, seeds·n)"""
        return self.output.reshape(self._layers[-1].units, -1)

    @property
    def flat_output_delta(self) -> Array:
        """(outputs, seeds·n): ∂loss/∂output, to be filled before `backward` is played."""
        return self._deltas(len(self._layers) - 1).reshape(self._layers[-1].units, -1)

    def delta_norm(self) -> Array:
        """(seeds, layers): root mean square over the batch of ‖delta‖, as last played."""
        found = []
        for k in range(len(self._layers)):
            delta = self._deltas(k).astype(np.float64)
            largest = np.maximum(np.abs(delta).max(axis=(0, 2)), 1e-300)
            scaled = delta / largest[:, None]
            found.append(largest * np.sqrt((scaled**2).sum(axis=(0, 2)) * self._n))
        return np.array(found).T

    def forward(self, x: Array) -> Calls:
        """From inputs x (inputs, seeds, n)."""
        calls: Calls = [partial(np.copyto, self._inputs, x)]
        for k, layer in enumerate(self._layers):
            a = self._rows(self._a, k)
            z = a if self._z is self._a else self._rows(self._z, k)
            weights = self._blocks[k].transpose(0, 2, 1)
            calls.append(partial(np.matmul, weights, self._seen(k, k), z.transpose(1, 0, 2)))
            calls += layer.activation.forward(z, a)
        return calls

    def backward(self) -> Calls:
        """From the output's delta to the gradient."""
        calls = self._slopes()
        for k in reversed(range(len(self._layers))):
            layer, delta = self._layers[k], self._deltas(k)
            if not layer.activation.is_identity:
                calls.append(partial(np.multiply, delta, self._rows(self._slope, k), delta))
            if k:
                below, w = self._deltas(k - 1), self._blocks[k][:, :-1]
                if layer.units == 1:  # an outer product, which multiplying does in half the time
                    calls.append(partial(np.multiply, w.transpose(1, 0, 2), delta, below))
                else:
                    seen, out = delta.transpose(1, 0, 2), below.transpose(1, 0, 2)
                    calls.append(partial(np.matmul, w, seen, out))
        if self._turned is not self._by_example:
            calls.append(partial(np.copyto, self._turned, self._by_example))
        for first, last in _joined(self._layers):
            calls += self._gradients(first, last)
        return calls

    def _gradients(self, first: int, last: int) -> Calls:
        """∂loss/∂W of layers `first` to `last`. Of several it takes one product of all that went in
        with all their deltas, and picks the blocks on its diagonal: small products cost their
        beginning."""
        here = self._layers[first : last + 1]
        h = self._seen(first, last)
        delta = self._turned[:, :, self._units(first, last)]
        if first == last:
            return [partial(np.matmul, h, delta, _blocks(self._gradient, *here))]
        crossed: Array = np.empty((len(h), h.shape[1], delta.shape[2]), h.dtype)
        at = np.arange(crossed[0].size).reshape(crossed[0].shape)
        places, row, unit = [], 0, 0
        for layer in here:
            rows, units = layer.block.shape
            places.append(at[row : row + rows, unit : unit + units].reshape(-1))
            row, unit = row + rows, unit + units
        picked, flat = np.concatenate(places), crossed.reshape(len(h), -1)
        out = self._gradient[:, here[0].offset : here[0].offset + len(picked)]
        return [
            partial(np.matmul, h, delta, crossed),
            partial(flat.take, picked, 1, out, "clip"),
        ]

    def _slopes(self) -> Calls:
        """φ′ of each run of layers with one activation, in one go."""
        calls: Calls = []
        row = self._at[0][0]
        for activation, run in groupby(self._layers, lambda layer: layer.activation):
            rows = sum(layer.units + 1 for layer in run)
            if not activation.is_identity:
                here = slice(row, row + rows - 1)
                calls += activation.derivative(self._z[here], self._a[here], self._slope[here])
            row += rows
        return calls

    def _rows(self, buffer: Array, k: int) -> Array:
        row = self._at[k][0]
        return buffer[row : row + self._layers[k].units]

    def _seen(self, first: int, last: int) -> Array:
        """(seeds, rows, n): what goes into the layers `first` to `last`, ones included."""
        end, before = self._at[last][0], self._at[first][0]
        return self._a[before - self._layers[first].block.shape[0] : end].transpose(1, 0, 2)

    def _deltas(self, k: int) -> Array:
        return self._delta[self._units(k, k)]

    def _units(self, first: int, last: int) -> slice:
        """Of all units, those of the layers `first` to `last`."""
        return slice(self._at[first][1], self._at[last][1] + self._layers[last].units)


def _joined(layers: list[Layer]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of layers whose gradients are one product, the output's first."""
    last = len(layers) - 1
    while last >= 0:
        first = last
        rows, units = layers[last].block.shape
        while first > 0:
            more = layers[first - 1].block.shape
            if (rows + more[0]) * (units + more[1]) > _JOINED:
                break
            rows, units, first = rows + more[0], units + more[1], first - 1
        yield first, last
        last = first - 1


def _blocks(vectors: Array, layer: Layer) -> Array:
    """(seeds, inputs + 1, units): a layer's weights, biases below them, as a view."""
    rows, units = layer.block.shape
    found = vectors[:, layer.offset : layer.offset + rows * units]
    return found.reshape(len(vectors), rows, units)
