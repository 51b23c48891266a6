"""The experiment's training: loss, optimizer, rates, batches, penalties, clipping, the end."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from playground.base.validation import Section
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.limits import MAX_EXAMPLES
from playground.experiment.parts import (
    AutoLoss,
    LossPart,
    OptimizerPart,
    SchedulePart,
)


class Stop(Section):
    """When training ends by itself: the first rule that holds ends it, an empty one never does."""

    max_epochs: Annotated[
        int | None,
        Field(
            ge=1,
            title="Epochs at most",
            description="Passes over the training set.",
            json_schema_extra={"x-unit": "epochs"},
        ),
    ] = None
    target_loss: Annotated[
        float | None,
        Field(
            ge=0,
            title="Target loss",
            description="Good enough: the training loss after an epoch is at most this.",
        ),
    ] = None
    patience: Annotated[
        int | None,
        Field(
            ge=1,
            title="Patience",
            description="Epochs without a better loss, on the validation set if there is one.",
            json_schema_extra={"x-unit": "epochs"},
        ),
    ] = None

    @property
    def any(self) -> bool:
        """Whether there is a rule at all."""
        return self != Stop()


class Training(Section):
    """How the network learns."""

    loss: Annotated[
        LossPart, Field(title="Loss", description="What is made small; automatic: by the task.")
    ] = AutoLoss()
    optimizer: Annotated[
        OptimizerPart, Field(title="Optimizer", description="How a gradient becomes an update.")
    ] = OPTIMIZERS.settings("sgd")
    learning_rate: Annotated[
        float,
        Field(
            gt=0,
            title="Learning rate",
            description="Size of an update; under a schedule, its base.",
            json_schema_extra={"x-scale": "log"},
        ),
    ] = 0.03
    schedule: Annotated[
        SchedulePart,
        Field(title="Schedule", description="How the learning rate changes while training."),
    ] = SCHEDULES.settings("constant")
    batch_size: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_EXAMPLES,
            title="Batch size",
            description="Examples for each update; at most the whole training set.",
            json_schema_extra={"x-unit": "examples"},
        ),
    ] = 10
    shuffle: Annotated[
        bool, Field(title="Shuffle", description="A new order of the examples in each epoch.")
    ] = True
    l1: Annotated[
        float, Field(ge=0, title="L1", description="Adds l1·Σ|w| to the loss; weights only.")
    ] = 0.0
    l2: Annotated[
        float, Field(ge=0, title="L2", description="Adds (l2/2)·Σw² to the loss; weights only.")
    ] = 0.0
    clip_norm: Annotated[
        float | None,
        Field(
            gt=0,
            title="Clip norm",
            description="Scale the whole gradient down to this L2 norm when it is longer.",
        ),
    ] = None
    clip_value: Annotated[
        float | None,
        Field(gt=0, title="Clip value", description="Cut each entry of the gradient to ± this."),
    ] = None
    stop: Annotated[Stop, Field(title="Stop")] = Stop()
