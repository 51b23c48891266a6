"""The experiment's network: its hidden layers from the input side, and the output layer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from playground.base.validation import Section
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.experiment.limits import MAX_HIDDEN_LAYERS, MAX_UNITS
from playground.experiment.parts import (
    ActivationPart,
    InitializerPart,
    NormalizationPart,
)


class Residual(Section):
    """A skip connection around a layer f: a = h + scale · f(h)."""

    scale: Annotated[float, Field(ge=-10, le=10, title="Scale", description="α in h + α·f(h).")] = (
        1.0
    )


class HiddenLayer(Section):
    """A hidden layer: weights, then normalization, activation and dropout, in this order."""

    units: Annotated[
        int, Field(ge=1, le=MAX_UNITS, title="Neurons", description="Width of the layer.")
    ] = 4
    activation: Annotated[
        ActivationPart, Field(title="Activation", description="The layer's nonlinearity.")
    ] = ACTIVATIONS.settings("tanh")
    initializer: Annotated[
        InitializerPart,
        Field(title="Weight initialization", description="What the weights are drawn from."),
    ] = INITIALIZERS.settings("glorot_uniform")
    dropout: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Dropout",
            description="The share of the layer's outputs set to 0 in each training step.",
        ),
    ] = 0.0
    normalization: Annotated[
        NormalizationPart | None,
        Field(
            title="Normalization",
            description="Over the batch for each neuron, or over the layer for each example.",
        ),
    ] = None
    residual: Annotated[
        Residual | None,
        Field(
            title="Residual connection",
            description="Adds the layer's input to its output; both must be equally wide.",
        ),
    ] = None


class OutputLayer(Section):
    """The last layer; the data set says how wide it is."""

    activation: Annotated[
        ActivationPart,
        Field(title="Activation", description="Linear gives logits or plain values."),
    ] = ACTIVATIONS.settings("linear")
    initializer: Annotated[
        InitializerPart,
        Field(title="Weight initialization", description="What the weights are drawn from."),
    ] = INITIALIZERS.settings("glorot_uniform")


class Network(Section):
    """The layers between the inputs and the answer."""

    hidden: Annotated[
        tuple[HiddenLayer, ...],
        Field(
            strict=False,  # a list will do
            max_length=MAX_HIDDEN_LAYERS,
            title="Hidden layers",
            description="From the input side; with none, the model is linear.",
        ),
    ] = (HiddenLayer(units=4), HiddenLayer(units=2))
    output: Annotated[OutputLayer, Field(title="Output layer")] = OutputLayer()
