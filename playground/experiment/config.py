"""The Experiment: the one description of a run, for file, share link, wire and form."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from playground.base.arrays import DtypeName
from playground.base.errors import InputError, LimitError
from playground.base.validation import Section, finding, input_error, json_object
from playground.data.settings import data_settings
from playground.data.source import Shape, Task
from playground.engine.activations import ACTIVATIONS
from playground.engine.losses import LOSSES
from playground.experiment.limits import MAX_FEATURES, MAX_PARAMETERS, parameter_count
from playground.experiment.network import HiddenLayer, Network, OutputLayer, Residual
from playground.experiment.parts import AutoLoss, DataPart
from playground.experiment.training import Stop, Training

__all__ = [
    "AUTO_LOSS",
    "Experiment",
    "HiddenLayer",
    "Network",
    "OutputLayer",
    "Residual",
    "Stop",
    "Training",
]

AUTO_LOSS: dict[Task, str] = {
    "binary": "binary_cross_entropy",
    "multiclass": "cross_entropy",
    "regression": "mse",
}


class Experiment(Section):
    """Everything that decides a run: the same experiment gives the same curve, bit for bit."""

    version: Annotated[Literal[1], Field(title="Version of this format")] = 1
    seed: Annotated[
        int,
        Field(
            ge=0,
            le=2**53 - 1,
            title="Seed",
            description="Deals the data, the first weights and the order of the examples.",
        ),
    ] = 0
    dtype: Annotated[
        DtypeName,
        Field(
            title="Precision",
            description="float32 is faster on wide networks, and loses the smallest gradients.",
        ),
    ] = "float64"
    data: Annotated[DataPart, Field(title="Data")] = data_settings({})
    network: Annotated[Network, Field(title="Network")] = Network()
    training: Annotated[Training, Field(title="Training")] = Training()

    @classmethod
    def parse(cls, given: dict[str, Any] | str | bytes) -> Experiment:
        """An experiment from an object or from JSON text; InputError for the first thing wrong."""
        if isinstance(given, str | bytes):
            given = json_object(given, "an experiment")
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise input_error(error) from None
        except RecursionError:
            raise InputError("is nested too deeply") from None

    def dump(self, *, expanded: bool = False) -> dict[str, Any]:
        """All of it as JSON would have it, so that `parse` gives the same experiment again.

        Parts whose settings all have their defaults are bare names, or, `expanded`, objects.
        """
        return self.model_dump(mode="json", context={"expanded": expanded})

    @property
    def shape(self) -> Shape | None:
        """What the network must fit; None for a table, which tells only when it is read."""
        return self.data.shape

    @property
    def task(self) -> Task | None:
        """The kind of target; None for a table."""
        shape = self.shape
        return shape.task if shape else None

    @property
    def resolved_loss(self) -> BaseModel | None:
        """The loss, `auto` resolved; None where only a table could resolve it (see `loss_for`)."""
        if isinstance(self.training.loss, AutoLoss):
            return self.loss_for(self.task) if self.task else None
        return self.training.loss

    def loss_for(self, task: Task) -> BaseModel:
        """The loss, `auto` resolved for `task`."""
        if isinstance(self.training.loss, AutoLoss):
            return LOSSES.settings(AUTO_LOSS[task])
        return self.training.loss

    def check_fit(self, shape: Shape) -> None:
        """InputError unless network, loss and data fit together.

        Every experiment is checked against its own `shape`; a table's is known once it is read.
        """
        if shape.inputs > MAX_FEATURES:
            raise LimitError(f"{shape.inputs} inputs are more than {MAX_FEATURES}", "data")
        self._check_loss(shape)
        hidden = self.network.hidden
        if hidden and hidden[0].residual and hidden[0].units != shape.inputs:
            raise _unequal(0, hidden[0].units, shape.inputs, "inputs")
        widths = [(layer.units, layer.normalization is not None) for layer in hidden]
        parameters = parameter_count(shape.inputs, widths, shape.outputs)
        if parameters > MAX_PARAMETERS:
            raise LimitError(
                f"{parameters:,} parameters are more than {MAX_PARAMETERS:,}", "network.hidden"
            )

    def _check_loss(self, shape: Shape) -> None:
        settings = self.loss_for(shape.task)
        name: str = settings.name  # type: ignore[attr-defined]
        loss = LOSSES.make(settings)
        if shape.task not in loss.tasks:
            fitting = [part.name for part in LOSSES if shape.task in part.make().tasks]
            raise InputError(
                f"{name!r} does not fit the {shape.task} data set {self.data.name!r}; "
                f"these do: auto, {', '.join(fitting)}",
                "training.loss",
            )
        if (
            loss.needs_linear_output
            and not ACTIVATIONS.make(self.network.output.activation).is_identity
        ):
            raise InputError(
                f"must be 'linear' for the loss {name!r}, which takes logits",
                "network.output.activation",
            )

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        try:
            for index, (before, layer) in enumerate(
                zip(self.network.hidden, self.network.hidden[1:], strict=False), start=1
            ):
                if layer.residual and layer.units != before.units:
                    raise _unequal(index, layer.units, before.units, "neurons before it")
            if self.shape:
                self.check_fit(self.shape)
        except InputError as error:
            raise finding(error) from None
        return self


def _unequal(index: int, units: int, width: int, of_what: str) -> InputError:
    return InputError(
        f"needs equal widths, but the layer has {units} neurons and {width} {of_what}",
        f"network.hidden.{index}.residual",
    )
