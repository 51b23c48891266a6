"""Forward and backward pass of many networks of one shape, for one batch size, as calls."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np

from playground.base.arrays import Array
from playground.engine.layers import Layer
from playground.engine.rules import Calls


class Stack:
    """Networks of these `layers`, whose own weights are not used: those of network s are row s of
    `parameters`, and its gradient goes to row s of `gradient`."""

    def __init__(self, layers: list[Layer], parameters: Array, gradient: Array, n: int) -> None:
        self._layers, self._n, seeds = layers, n, len(parameters)
        rows, units = sum(x.units + 1 for x in layers), sum(x.units for x in layers)
        shape = (rows, seeds, n)
        self._a: Array = np.ones(shape, parameters.dtype)
        needs_z = any(not layer.activation.from_output for layer in layers)
        self._z = np.zeros_like(self._a) if needs_z else self._a
        self._slope = np.ones_like(self._a)
        self._delta: Array = np.zeros((units, seeds, n), parameters.dtype)
        self._at, row, unit = [], 0, 0
        for layer in layers:
            self._at.append((row, unit))
            row, unit = row + layer.units + 1, unit + layer.units
        self._blocks = [_blocks(parameters, layer) for layer in layers]
        self._dblocks = [_blocks(gradient, layer) for layer in layers]

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
        """From inputs x (seeds, inputs + 1, n) with a last row of ones."""
        calls: Calls = []
        h = x
        for k, layer in enumerate(self._layers):
            z, a = self._rows(self._z, k), self._rows(self._a, k)
            weights = self._blocks[k].transpose(0, 2, 1)
            calls.append(partial(np.matmul, weights, h, z.transpose(1, 0, 2)))
            calls += layer.activation.forward(z, a)
            h = self._with_ones(k)
        return calls

    def backward(self, x: Array) -> Calls:
        """From the output's delta to the gradient."""
        calls = self._slopes()
        for k in reversed(range(len(self._layers))):
            layer, delta = self._layers[k], self._deltas(k)
            if not layer.activation.is_identity:
                calls.append(partial(np.multiply, delta, self._rows(self._slope, k), delta))
            seen = delta.transpose(1, 0, 2)
            h = self._with_ones(k - 1) if k else x
            calls.append(partial(np.matmul, h, seen.transpose(0, 2, 1), self._dblocks[k]))
            if k:
                below, w = self._deltas(k - 1), self._blocks[k][:, :-1]
                if layer.units == 1:  # an outer product, which multiplying does in half the time
                    calls.append(partial(np.multiply, w.transpose(1, 0, 2), delta, below))
                else:
                    calls.append(partial(np.matmul, w, seen, below.transpose(1, 0, 2)))
        return calls

    def _slopes(self) -> Calls:
        """φ′ of each run of layers with one activation, in one go."""
        calls: Calls = []
        row = 0
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

    def _with_ones(self, k: int) -> Array:
        """(seeds, units + 1, n)"""
        row = self._at[k][0]
        return self._a[row : row + self._layers[k].units + 1].transpose(1, 0, 2)

    def _deltas(self, k: int) -> Array:
        unit = self._at[k][1]
        return self._delta[unit : unit + self._layers[k].units]


def _blocks(vectors: Array, layer: Layer) -> Array:
    """(seeds, inputs + 1, units): a layer's weights, biases below them, as a view."""
    rows, units = layer.block.shape
    found = vectors[:, layer.offset : layer.offset + rows * units]
    return found.reshape(len(vectors), rows, units)
