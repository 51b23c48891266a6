"""One optimization step, then the next: gradient, penalties, clipping, the optimizer's update.

`run` plays the same tape for thousands of steps and looks at nothing on the way. That is safe
because training is deterministic: where a value that is not finite is found at the end, the run
goes back to where it began and repeats its steps one by one, looking at everything, up to the step
that broke.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from playground.base.arrays import Array, random_stream
from playground.base.errors import DivergedError
from playground.engine.clipping import clip_by_global_norm, clip_by_value
from playground.engine.losses import Loss
from playground.engine.minibatches import Minibatches
from playground.engine.network import Network
from playground.engine.norms import LayerNorms, norms, update_ratios
from playground.engine.params import weight_mask
from playground.engine.penalties import penalties
from playground.engine.rules import Calls, play
from playground.engine.schedules import Schedule
from playground.engine.streams import stream_state, stream_words
from playground.engine.tape import Tape
from playground.engine.unrolled import unrolled
from playground.engine.updates import Clock, Optimizer, chunks

_KEPT = 256


class Trainer:
    """Trains `network` on x (n, inputs) and y (n, outputs).

    `step` counts updates, `epoch` completed passes over the training set, `position` the batches of
    the current one. `monitor` gives the loss that a plateau schedule watches, after each epoch.
    """

    @np.errstate(all="ignore")  # a setting can be beyond what float32 holds
    def __init__(
        self,
        network: Network,
        loss: Loss,
        optimizer: Optimizer,
        x: Array,
        y: Array,
        *,
        learning_rate: float,
        batch_size: int,
        shuffle: bool = True,
        seed: int = 0,
        schedule: Schedule | None = None,
        l1: float = 0.0,
        l2: float = 0.0,
        clip_value: float | None = None,
        clip_norm: float | None = None,
        monitor: Callable[[], float] | None = None,
    ) -> None:
        self.network, self.loss, self.optimizer = network, loss, optimizer
        self.schedule = schedule or Schedule(None)
        self.l1, self.l2, self.clip_value, self.clip_norm = l1, l2, clip_value, clip_norm
        self.monitor = monitor
        self.step = self.epoch = self.position = 0
        self.batches = Minibatches(
            x, y, batch_size, shuffle=shuffle, seed=seed, dtype=network.dtype
        )
        self.masks = random_stream(seed, "dropout")
        self._rate = learning_rate
        self.clock = Clock(np.array(learning_rate, network.dtype))
        self.state: dict[str, Array] = {
            name: np.zeros_like(network.parameters) for name in optimizer.state
        }
        p, g = network.parameters, network.gradient
        self._adjust = penalties(p, g, weight_mask(network.shapes, p.dtype), l1, l2)
        self._adjust += self._clipping(clip_value, clip_norm)
        self._update = optimizer.bind(self.clock, chunks(p, g, self.state))
        self.update_calls = self._adjust + self._update
        """Penalties, clipping and the optimizer's rule, each over the whole parameter vector."""
        if self.schedule.factor:
            self._update = [self._apply_schedule, *self._update]
            self._apply_schedule()  # a run that has yet to begin stands at its first rate
        self._tapes: dict[int, Tape] = {}
        layers = list(zip(network.layers, network.shapes, strict=True))
        self._places = [slice(own.offset, own.offset + shape.size) for own, shape in layers]
        """Where each layer lies in the parameter vector, and its w."""
        self._weights = [slice(own.offset, own.offset + own.w.size) for own, _ in layers]
        whole = self.batches.count - 1  # the last batch may be smaller, and has a tape of its own
        self._steps = unrolled(self._step_calls(k) for k in range(whole))
        self._steps += unrolled([self._step_calls(whole)])
        self._kept: dict[int, Calls] = {}

    @property
    def learning_rate(self) -> float:
        """The base rate, before the schedule's factor; it may be set at any time."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._rate = rate
        with np.errstate(over="ignore"):
            self._apply_schedule()

    @property
    def effective_learning_rate(self) -> float:
        return float(self.clock.rate)

    @property
    def steps_per_epoch(self) -> int:
        return self.batches.count

    def run(self, steps: int) -> None:
        """Take `steps` steps. DivergedError names the step and layer of the first value that is not
        finite; the network then holds its last finite weights and `step` the last good step.
        """
        with np.errstate(all="ignore"):
            before = self.snapshot()
            self._advance(steps)
            if not self._is_finite():
                self.restore(before)
                for _ in range(steps):
                    self._checked_step()

    def measured_step(self) -> LayerNorms:
        """Take one step and give the norms measured in it, gradients before its update."""
        with np.errstate(all="ignore"):
            return self._checked_step()

    def peek(self) -> LayerNorms:
        """The norms on the coming batch, without an update: nothing changes, no ratio is known."""
        statistics, masks = self.network.statistics, self.masks.bit_generator.state
        with np.errstate(all="ignore"):
            found, _ = self._measured_gradient()
        self.network.statistics, self.masks.bit_generator.state = statistics, masks
        return LayerNorms(**found, update_ratio=np.full(len(self.network.layers), np.nan))

    def snapshot(self) -> dict[str, Any]:
        """All that decides how training goes on, as plain numeric arrays (copies): parameters,
        optimizer memory, running statistics, counters, schedule and random streams."""
        found: dict[str, Any] = {
            "parameters": self.network.parameters.copy(),
            "statistics": self.network.statistics,
            "counters": np.array([self.step, self.epoch, self.position, self.clock.updates]),
            "shuffle_stream": stream_words(self.batches.epoch_start),
            "dropout_stream": stream_words(self.masks.bit_generator.state),
        }
        plateau = self.schedule.plateau
        if plateau:
            found["plateau"] = np.array([plateau.scale, plateau.best, plateau.bad_epochs])
        return found | {f"state_{name}": v.copy() for name, v in self.state.items()}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go on from `snapshot`, in place, exactly as the run it was taken from would have; it must
        come from a trainer of the same shape."""
        self.network.parameters[...] = snapshot["parameters"]
        self.network.statistics = snapshot["statistics"]
        counters = [int(v) for v in snapshot["counters"]]
        self.step, self.epoch, self.position, self.clock.updates = counters
        self.batches.restart_epoch(stream_state(snapshot["shuffle_stream"]))
        self.masks.bit_generator.state = stream_state(snapshot["dropout_stream"])
        plateau = self.schedule.plateau
        if plateau and "plateau" in snapshot:
            scale, best, bad = (float(v) for v in snapshot["plateau"])
            plateau.scale, plateau.best, plateau.bad_epochs = scale, best, int(bad)
        for name, vector in self.state.items():
            vector[...] = snapshot[f"state_{name}"]
        self._apply_schedule()

    def tape(self, n: int) -> Tape:
        """The tape for batches of n examples: one, and another where the last batch is smaller."""
        if n not in self._tapes:
            self._tapes[n] = Tape(self.network.layers, n, self.network.gradient, self.masks)
        return self._tapes[n]

    def _clipping(self, clip_value: float | None, clip_norm: float | None) -> Calls:
        """By value first, where both are asked for."""
        calls: Calls = []
        if clip_value is not None:
            calls.append(clip_by_value(self.network.gradient, clip_value))
        if clip_norm is not None:
            calls.append(clip_by_global_norm(self.network.gradient, clip_norm))
        return calls

    def _gradient_calls(self, k: int) -> Calls:
        """Forward pass, loss and backward pass for batch k."""
        x, y = self.batches.batch(k)
        tape = self.tape(x.shape[1])
        loss = self.loss.gradient(tape.output, y, tape.output_delta)
        return tape.forward(x) + loss + tape.backward(x)

    def _measured_calls(self, k: int) -> Calls:
        """`_gradient_calls`, of which some are kept: to make them takes a third of such a step."""
        if k not in self._kept:
            if len(self._kept) == _KEPT:
                self._kept.clear()
            self._kept[k] = self._gradient_calls(k)
        return self._kept[k]

    def _step_calls(self, k: int) -> Calls:
        return self._gradient_calls(k) + self._adjust + self._update

    def _apply_schedule(self) -> None:
        factor = self.schedule.factor
        epochs = self.epoch + self.position / self.batches.count
        self.clock.rate[()] = self._rate * (factor(epochs) if factor else 1.0)

    def _advance(self, steps: int) -> None:
        left = steps
        while left:
            first = self.position
            for step in self._steps[first : first + left]:  # to the end of the epoch at most
                step()
                self.position += 1
            left -= self.position - first
            self.step += self.position - first
            self._end_epoch()

    def _count_step(self) -> None:
        self.step += 1
        self.position += 1
        self._end_epoch()

    def _end_epoch(self) -> None:
        """Where this was its last batch: begin the next."""
        if self.position == self.batches.count:
            self.position = 0
            self.epoch += 1
            self.batches.begin_epoch()
            if self.schedule.plateau and self.monitor:
                self.schedule.plateau.tell(self.monitor())

    def _is_finite(self) -> bool:
        vectors = [self.network.parameters, *self.state.values()]
        return all(isfinite(v.dot(v)) for v in vectors)

    def _require_finite(
        self, of_layers: Sequence[Array], what: str, *, last_first: bool = False
    ) -> None:
        """DivergedError with the first layer, in the order of computation, that is not finite. To
        look at each costs as much as a step: only where a sum over all is not finite."""
        order = range(len(of_layers))
        for k in reversed(order) if last_first else order:
            if not np.isfinite(of_layers[k]).all():
                raise DivergedError(self.step + 1, k + 1, what)

    def _measured_gradient(self) -> tuple[dict[str, Array], Tape]:
        """Gradient calls and adjustments for the coming batch, with what is measured on the way."""
        x, _ = self.batches.batch(self.position)
        tape = self.tape(x.shape[1])
        dw = [layer.dw for layer in self.network.layers]
        play(self._measured_calls(self.position))
        found = {
            "delta_norm": norms([layer.delta for layer in tape.layers]) * tape.n**0.5,
            "weight_gradient_norm": norms(dw),
            "activation_norm": norms([layer.a for layer in tape.layers]) / tape.n**0.5,
        }
        play(self._adjust)
        found["weight_gradient_norm_clipped"] = norms(dw)
        return found, tape

    def _checked_step(self) -> LayerNorms:
        """One step that, where anything is not finite, leaves all as it was and says where."""
        before = self.snapshot()
        try:
            return self._step_looking()
        except DivergedError:
            self.restore(before)
            raise

    def _step_looking(self) -> LayerNorms:
        network, places = self.network, self._places
        found, tape = self._measured_gradient()
        if not isfinite(found["activation_norm"].sum()):
            self._require_finite([bound.a for bound in tape.layers], "the activation")
        if not isfinite(found["delta_norm"].sum()):
            self._require_finite([bound.delta for bound in tape.layers], "delta", last_first=True)
        if not isfinite(network.gradient.dot(network.gradient)):
            gradients = [network.gradient[own] for own in places]
            self._require_finite(gradients, "the gradient", last_first=True)
        before = network.parameters.copy()
        play(self._update)
        if not isfinite(network.parameters.dot(network.parameters)):
            self._require_finite([network.parameters[own] for own in places], "the updated weight")
        self._count_step()
        moved = network.parameters - before
        weights = self._weights
        ratios = update_ratios([before[own] for own in weights], [moved[own] for own in weights])
        return LayerNorms(**found, update_ratio=ratios)
