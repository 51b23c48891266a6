"""Many seeds at once: the same experiment from many first weights, as one computation.

A single small network scatters by a decade from seed to seed; a band of them does not. All networks
train in lockstep on the same data, each in the order that its own seed deals: with the seeds as a
third dimension of every matrix, and the engine's own rules for activations, losses and optimizers,
which do not ask for the shape of what they work on.

Buffers are (units, seeds, n): a layer's rows lie together, so that the elementwise rules and the
loss see one long matrix; a product sees its (seeds, units, n) transpose. Parameters are (seeds, P).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from playground.base.arrays import Array, random_stream
from playground.base.errors import InputError
from playground.data.dataset import Dataset, load
from playground.data.source import Shape
from playground.engine.blas import scale
from playground.engine.clipping import clip_by_value
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.engine.norms import l2_norm
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.params import weight_mask
from playground.engine.penalties import penalties
from playground.engine.rules import Calls, play
from playground.engine.schedules import SCHEDULES
from playground.engine.updates import Clock, chunks
from playground.experiment.assemble import build_network, table_for
from playground.experiment.config import Experiment
from playground.lab.stack import Stack

MOST_SEEDS = 256
_WORDS = {"residual": "a residual connection"}
_EVALUATED = 1 << 20
"""Values of an evaluation's buffers at once."""


class Band:
    """`experiment` from each of `seeds`, on the data of its own seed. InputError for what a band
    can't do: dropout, normalization, residual branches, a plateau's schedule."""

    def __init__(
        self, experiment: Experiment, seeds: Sequence[int], *, table: bytes | None = None
    ) -> None:
        _check(experiment, seeds)
        training = experiment.training
        self.experiment, self.seeds = experiment, list(seeds)
        self.dataset: Dataset = load(experiment.data, experiment.seed, table_for(experiment, table))
        shape = Shape(self.dataset.task, len(self.dataset.feature_names), self.dataset.outputs)
        experiment.check_fit(shape)
        networks = [build_network(experiment, self.dataset, seed) for seed in self.seeds]
        self.network: Network = networks[0]
        """Of the first seed, as it was drawn: its layers' shapes and rules are those of all."""
        self.parameters: Array = np.stack([network.parameters for network in networks])
        self.gradient: Array = np.zeros_like(self.parameters)
        self.loss = LOSSES.make(experiment.loss_for(self.dataset.task))
        self.step = self.epoch = self.position = 0
        self._deal(training.batch_size, training.shuffle)
        self._schedule = SCHEDULES.make(training.schedule)
        self._rate = training.learning_rate
        self.clock = Clock(np.array(self._rate, self.parameters.dtype))
        optimizer = OPTIMIZERS.make(training.optimizer)
        p, g = self.parameters.reshape(-1), self.gradient.reshape(-1)
        self.state = {name: np.zeros_like(p) for name in optimizer.state}
        update = self._adjustments() + optimizer.bind(self.clock, chunks(p, g, self.state))
        self._stacks: dict[int, Stack] = {}
        self._steps = [self._gradient_calls(k) + update for k in range(self.steps_per_epoch)]

    def run(self, steps: int) -> None:
        """Take `steps` steps with every seed; one that is no longer finite troubles no other."""
        with np.errstate(all="ignore"):
            while steps:
                count = min(steps, self.steps_per_epoch - self.position)
                if self._schedule.factor:  # which sets the rate anew before each step
                    count = 1
                    epochs = self.epoch + self.position / self.steps_per_epoch
                    self.clock.rate[()] = self._rate * self._schedule.factor(epochs)
                for calls in self._steps[self.position : self.position + count]:
                    for call in calls:
                        call()
                steps -= count
                self.step += count
                self.position += count
                if self.position == self.steps_per_epoch:
                    self.position = 0
                    self.epoch += 1
                    self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        return len(self._batches)

    def delta_norm(self) -> Array:
        """(seeds, layers): root mean square over the batch of ‖delta‖, of the coming step."""
        with np.errstate(all="ignore"):
            play(self._gradient_calls(self.position))
            return self._stack(self._batches[self.position][0].shape[2]).delta_norm()

    def losses(self, x: Array, y: Array) -> Array:
        """(seeds,): each network's mean loss on x (n, inputs) and y (n, outputs)."""
        if not len(y):
            return np.full(len(self.seeds), np.nan)
        answers = self.predict(x)
        with np.errstate(all="ignore"):
            return np.array([self.loss.value(out, y) for out in answers])

    def predict(self, x: Array) -> Array:
        """(seeds, n, outputs)"""
        rows = sum(layer.units + 1 for layer in self.network.layers) * len(self.seeds)
        size = max(1, min(len(x), _EVALUATED // rows))
        parts = []
        inputs = x.T.astype(self.parameters.dtype)
        for start in range(0, len(x), size):
            here = inputs[:, start : start + size]
            stack = Stack(self.network.layers, self.parameters, self.gradient, here.shape[1])
            with np.errstate(all="ignore"):
                play(stack.forward(here[:, None]))
            parts.append(stack.output.transpose(1, 2, 0).copy())
        return np.concatenate(parts, axis=1)

    def _stack(self, n: int) -> Stack:
        if n not in self._stacks:
            self._stacks[n] = Stack(self.network.layers, self.parameters, self.gradient, n)
        return self._stacks[n]

    def _gradient_calls(self, k: int) -> Calls:
        x, y = self._batches[k]
        stack, seeds = self._stack(x.shape[2]), len(self.seeds)
        out, d = stack.flat_output, stack.flat_output_delta
        # The rule divides by all columns, those of the other seeds included.
        loss = [*self.loss.gradient(out, y, d), scale(d, seeds)]
        return stack.forward(x) + loss + stack.backward()

    def _deal(self, batch_size: int, shuffle: bool) -> None:
        """Buffers for an epoch: rows (seeds, batches, n, inputs + outputs), and y (outputs,
        batches·seeds·n) picked from them; the same for the smaller last batch, where there is one.
        """
        train, dtype = self.dataset.train, self.parameters.dtype
        n, seeds = len(train.x), len(self.seeds)
        size = min(batch_size, n)
        whole, rest = divmod(n, size)
        inputs, outputs = train.x.shape[1], train.y.shape[1]
        # Rows as long as a power of two are dealt three times as fast.
        self._rows = np.zeros((n, 1 << (inputs + outputs - 1).bit_length()), dtype)
        self._rows[:, :inputs] = train.x
        self._rows[:, inputs : inputs + outputs] = train.y
        self._streams = [random_stream(seed, "shuffle") for seed in self.seeds] if shuffle else []
        self._in_turn = np.arange(n)
        self._order = np.tile(self._in_turn, (seeds, 1))
        self._parts = []
        self._batches: list[tuple[Array, Array]] = []
        for count, of, start in ((whole, size, 0), (int(rest > 0), rest, whole * size)):
            if not count:
                continue
            order = self._order[:, start : start + count * of].reshape(seeds, count, of, copy=False)
            dealt = np.empty((*order.shape, self._rows.shape[1]), dtype)
            y = np.empty((outputs, count, seeds, of), dtype)
            targets = dealt[..., inputs : inputs + outputs].transpose(3, 1, 0, 2)
            self._parts.append((order, dealt, targets, y))
            for k in range(count):
                x = dealt[:, k, :, :inputs].transpose(2, 0, 1)
                self._batches.append((x, y[:, k].reshape(outputs, seeds * of, copy=False)))
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        self._order[:] = self._in_turn
        for row, stream in zip(self._order, self._streams, strict=False):
            stream.shuffle(row)
        if self.epoch and not self._streams:
            return
        for order, dealt, targets, y in self._parts:
            self._rows.take(order, 0, dealt, "clip")
            np.copyto(y, targets)

    def _adjustments(self) -> Calls:
        """Penalties, then clipping by value, then by each network's own norm."""
        training, p, g = self.experiment.training, self.parameters, self.gradient
        weights = weight_mask(self.network.shapes, p.dtype)
        calls = penalties(p, g, weights, training.l1, training.l2)
        if training.clip_value is not None:
            calls.append(clip_by_value(g, training.clip_value))
        if training.clip_norm is not None:
            calls.append(_clip_each(g, training.clip_norm))
        return calls


def _clip_each(gradient: Array, max_norm: float) -> partial[None]:
    """Scale each network's gradient, a row, down to `max_norm` where it is longer."""
    lengths = np.empty(len(gradient))

    def clip() -> None:
        np.einsum("sp,sp->s", gradient, gradient, out=lengths)
        np.sqrt(lengths, lengths)
        for row in np.flatnonzero(np.isinf(lengths)):  # of a finite gradient the square may not be
            lengths[row] = l2_norm(gradient[row])
        factor = np.where(lengths > max_norm, max_norm / np.maximum(lengths, 1e-300), 1.0)
        np.multiply(gradient, factor[:, None], gradient, casting="same_kind")

    return partial(clip)


def _check(experiment: Experiment, seeds: Sequence[int]) -> None:
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise InputError(f"must be from 1 to {MOST_SEEDS}, got {len(seeds)}", "seeds")
    if experiment.training.schedule.name == "reduce_on_plateau":  # type: ignore[attr-defined]
        raise InputError(
            "this schedule differs from seed to seed, which a band can't do", "training.schedule"
        )
    for k, layer in enumerate(experiment.network.hidden):
        for name, is_there in (
            ("dropout", layer.dropout > 0),
            ("normalization", layer.normalization is not None),
            ("residual", layer.residual is not None),
        ):
            if is_there:
                raise InputError(
                    f"layer {k + 1} has {_WORDS.get(name, name)}, which a band of seeds can't have",
                    f"network.hidden.{k}.{name}",
                )
