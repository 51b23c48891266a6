"""Learning-rate schedules: a factor on the base rate, as a function of the epochs gone by.

A factor is asked for at every step; `epochs` is a real number, steps taken over steps per epoch.
Schedules with an end reach it after `total_epochs` and then hold. They follow PyTorch's schedulers
of the same name, stepped per batch; `reduce_on_plateau` is told a loss after every epoch instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, floor, inf, pi
from typing import Annotated

from pydantic import Field

from playground.base.registry import Registry

SCHEDULES = Registry("schedule")

TotalEpochs = Annotated[int, Field(ge=1, le=1_000_000, description="when the schedule ends")]
Floor = Annotated[float, Field(ge=0, le=1, description="last factor on the base rate")]


@dataclass
class Plateau:
    """Patience counted in epochs: the one schedule that has a memory."""

    factor: float
    patience: int
    threshold: float
    scale: float = 1.0
    best: float = inf
    bad_epochs: int = 0

    def tell(self, loss: float) -> None:
        """After each epoch: the loss that should fall."""
        if loss < self.best * (1 - self.threshold):
            self.best, self.bad_epochs = loss, 0
            return
        self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            self.scale, self.bad_epochs = self.scale * self.factor, 0


@dataclass(frozen=True)
class Schedule:
    """`factor(epochs)`; None where the rate never changes. `plateau` where a loss decides."""

    factor: Callable[[float], float] | None
    plateau: Plateau | None = field(default=None)


def _half_cosine(share: float, first: float, last: float) -> float:
    """From `first` to `last` along half a cosine wave; `share` runs from 0 to 1 and then holds."""
    return last + (first - last) * 0.5 * (1 + cos(pi * min(share, 1.0)))


@SCHEDULES.register("constant")
def constant() -> Schedule:
    """The rate stays as it is."""
    return Schedule(None)


@SCHEDULES.register("step")
def step(
    *,
    step_epochs: Annotated[int, Field(ge=1, le=1_000_000, description="epochs between drops")] = 50,
    factor: Annotated[float, Field(gt=0, le=1, description="factor at each drop")] = 0.5,
) -> Schedule:
    """The rate drops by a factor every so many epochs."""
    return Schedule(lambda epochs: factor ** floor(epochs / step_epochs))


@SCHEDULES.register("exponential")
def exponential(
    *, factor: Annotated[float, Field(gt=0, le=1, description="factor per epoch")] = 0.99
) -> Schedule:
    """The rate falls by the same factor in every epoch, smoothly."""
    return Schedule(lambda epochs: float(factor**epochs))


@SCHEDULES.register("cosine")
def cosine(*, total_epochs: TotalEpochs = 200, final: Floor = 0.0) -> Schedule:
    """The rate falls along half a cosine wave (Loshchilov and Hutter 2016, without restarts)."""
    return Schedule(lambda epochs: _half_cosine(epochs / total_epochs, 1.0, final))


@SCHEDULES.register("linear_warmup_cosine", "linear warm-up, cosine")
def linear_warmup_cosine(
    *,
    total_epochs: TotalEpochs = 200,
    warmup_share: Annotated[
        float, Field(gt=0, lt=1, description="share of the epochs spent rising")
    ] = 0.05,
    start: Annotated[float, Field(ge=0, le=1, description="first factor on the base rate")] = 0.01,
    final: Floor = 0.0,
) -> Schedule:
    """The rate rises in a straight line, then falls along half a cosine (Goyal et al. 2017)."""
    warmup = total_epochs * warmup_share

    def factor(epochs: float) -> float:
        if epochs < warmup:
            return start + (1 - start) * epochs / warmup
        return _half_cosine((epochs - warmup) / (total_epochs - warmup), 1.0, final)

    return Schedule(factor)


@SCHEDULES.register("one_cycle", "one cycle")
def one_cycle(
    *,
    total_epochs: TotalEpochs = 200,
    rise_share: Annotated[
        float, Field(gt=0, lt=1, description="share of the epochs spent rising")
    ] = 0.3,
    start_divisor: Annotated[
        float, Field(ge=1, le=1e4, description="peak rate / first rate")
    ] = 25.0,
    final_divisor: Annotated[
        float, Field(ge=1, le=1e8, description="first rate / last rate")
    ] = 1e4,
) -> Schedule:
    """The rate rises to its peak and falls far below its start (Smith and Topin 2017).

    The base rate is the peak. Unlike PyTorch's, the last phase ends with the epochs, not a step
    before, and the momentum stays as it is.
    """
    first, rise = 1 / start_divisor, total_epochs * rise_share

    def factor(epochs: float) -> float:
        if epochs < rise:
            return _half_cosine(epochs / rise, first, 1.0)
        return _half_cosine((epochs - rise) / (total_epochs - rise), 1.0, first / final_divisor)

    return Schedule(factor)


@SCHEDULES.register("reduce_on_plateau", "reduce on plateau")
def reduce_on_plateau(
    *,
    factor: Annotated[float, Field(gt=0, lt=1, description="factor at each drop")] = 0.1,
    patience: Annotated[int, Field(ge=0, le=100_000, description="epochs without progress")] = 10,
    threshold: Annotated[
        float, Field(ge=0, lt=1, description="smallest relative fall that counts as progress")
    ] = 1e-4,
) -> Schedule:
    """The rate drops when the loss (validation, else training) has stopped falling."""
    plateau = Plateau(factor, patience, threshold)
    return Schedule(lambda epochs: plateau.scale, plateau)
