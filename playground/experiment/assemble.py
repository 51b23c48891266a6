"""From an experiment to what trains: data set, network and trainer; and again after a live edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from playground.base.arrays import Array
from playground.data.dataset import Dataset, Split, load
from playground.data.source import Shape
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.metrics import task_metrics
from playground.engine.network import LayerSpec, Network
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.rules import Activation
from playground.engine.schedules import SCHEDULES
from playground.engine.stopping import Stopping
from playground.engine.surgery import Receipt
from playground.engine.trainer import Trainer
from playground.experiment.config import Experiment, HiddenLayer
from playground.experiment.weights import set_weights


@dataclass
class Assembly:
    """One run's parts. `seed` is the one in force: an edited seed waits for the next reset."""

    experiment: Experiment
    dataset: Dataset
    network: Network
    trainer: Trainer
    seed: int
    table: bytes | None = None
    receipt: Receipt | None = None
    """What the last live edit of the network did."""

    @property
    def threshold(self) -> float:
        """What splits a single output into two classes."""
        return self.trainer.loss.threshold

    def loss(self, split: Split) -> float | None:
        """The mean data loss over all of a split; None where it is empty."""
        return self.evaluate(split, metrics=False)[0]

    def evaluate(
        self, split: Split, *, metrics: bool = True
    ) -> tuple[float | None, dict[str, Any]]:
        """Loss and metrics over all of a split: (None, {}) where it is empty."""
        if not len(split.y):
            return None, {}
        outputs = self.network.predict(split.x)
        with np.errstate(all="ignore"):  # the loss of a network about to diverge may overflow
            loss = self.trainer.loss.value(outputs, split.y)
        if not metrics:
            return loss, {}
        return loss, task_metrics(self.dataset.task, outputs, split.y, self.threshold)

    @property
    def watched(self) -> Split:
        """What patience and a plateau schedule watch: the validation set, else the training set."""
        validation = self.dataset.validation
        return validation if len(validation.y) else self.dataset.train

    def stopping(self) -> Stopping:
        """The experiment's stopping rules, with nothing told to them yet."""
        stop = self.experiment.training.stop
        return Stopping(stop.max_epochs, stop.target_loss, stop.patience)


def assemble(
    experiment: Experiment,
    *,
    weights: Mapping[str, Array] | None = None,
    table: bytes | None = None,
) -> Assembly:
    """A run at step 0; `weights` win over the initializers, `table` is a CSV file's content.

    InputError where data, network and weights do not fit together.
    """
    dataset = load(experiment.data, experiment.seed, table)
    experiment.check_fit(Shape(dataset.task, len(dataset.feature_names), dataset.outputs))
    network = build_network(experiment, dataset, experiment.seed)
    if weights is not None:
        set_weights(network, weights)
    assembly = Assembly(experiment, dataset, network, None, experiment.seed, table)  # type: ignore[arg-type]
    assembly.trainer = build_trainer(assembly)
    return assembly


def table_for(experiment: Experiment, table: bytes | None) -> bytes | None:
    """The table where the experiment's data are one; a run keeps it beside other data sets too."""
    return table if experiment.data.name == "csv" else None


def build_network(experiment: Experiment, dataset: Dataset, seed: int) -> Network:
    """With fresh weights."""
    hidden, output = experiment.network.hidden, experiment.network.output
    # Equal settings share one object, so that the engine can treat neighbours alike.
    shared: dict[str, Activation] = {}

    def activation(settings: BaseModel) -> Activation:
        key = settings.model_dump_json()
        return shared.setdefault(key, ACTIVATIONS.make(settings))

    specs = [_layer_spec(layer, activation(layer.activation)) for layer in hidden]
    specs.append(
        LayerSpec(
            dataset.outputs, activation(output.activation), INITIALIZERS.make(output.initializer)
        )
    )
    return Network(len(dataset.feature_names), specs, seed=seed, dtype=experiment.dtype)


def _layer_spec(layer: HiddenLayer, activation: Activation) -> LayerSpec:
    return LayerSpec(
        layer.units,
        activation,
        INITIALIZERS.make(layer.initializer),
        dropout=layer.dropout,
        normalization=NORMALIZATIONS.make(layer.normalization) if layer.normalization else None,
        residual=layer.residual.scale if layer.residual else None,
    )


def build_trainer(assembly: Assembly) -> Trainer:
    """At step 0, for the assembly's network and training set."""
    experiment, train = assembly.experiment, assembly.dataset.train
    training = experiment.training
    return Trainer(
        assembly.network,
        LOSSES.make(experiment.loss_for(assembly.dataset.task)),
        OPTIMIZERS.make(training.optimizer),
        train.x,
        train.y,
        learning_rate=training.learning_rate,
        batch_size=training.batch_size,
        shuffle=training.shuffle,
        seed=assembly.seed,
        schedule=SCHEDULES.make(training.schedule),
        l1=training.l1,
        l2=training.l2,
        clip_value=training.clip_value,
        clip_norm=training.clip_norm,
        monitor=lambda: assembly.loss(assembly.watched) or 0.0,
    )
