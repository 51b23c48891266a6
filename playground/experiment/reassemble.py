"""A live edit: the run goes on with the new experiment and keeps all that still has a place."""

from __future__ import annotations

import numpy as np

from playground.base.arrays import Array
from playground.data.dataset import load
from playground.data.source import Shape
from playground.engine.curvature import largest_curvature, largest_stable_rate
from playground.engine.network import Network
from playground.engine.surgery import (
    Origin,
    Receipt,
    deepen,
    normalize_in_place,
    refit,
    same_places,
    silence_new_inputs,
    transplant,
    widen,
    without,
)
from playground.experiment.assemble import Assembly, build_network, build_trainer, table_for
from playground.experiment.changes import (
    AddLayer,
    RemoveLayer,
    RemoveUnit,
    StructureChange,
    Widen,
)
from playground.experiment.config import Experiment

_CURVATURE_EXAMPLES = 256
_CURVATURE_WORK = 1_000_000  # examples × parameters: about 50 ms


def reassemble(
    assembly: Assembly,
    experiment: Experiment,
    change: StructureChange | None = None,
    *,
    table: bytes | None = None,
) -> Assembly:
    """The assembly for the edited `experiment`, to be used instead of `assembly` from now on;
    `table` is the content of a CSV file, if another one than before.

    Step, epoch, weights, optimizer memory and random streams go on where they still fit; a changed
    initializer redraws its layers; a changed seed waits for the next reset. Where the network
    changed, the new assembly's `receipt` says what that did to its outputs.
    """
    old = assembly.experiment
    table = assembly.table if table is None else table
    has_new_table = table is not assembly.table and experiment.data.name == "csv"
    if experiment == old and not has_new_table:
        return assembly
    if not has_new_table and _only_rate_changed(old, experiment):
        assembly.trainer.learning_rate = experiment.training.learning_rate
        assembly.experiment, assembly.receipt = experiment, None
        return assembly
    dataset = assembly.dataset
    if experiment.data != old.data or has_new_table:
        dataset = load(experiment.data, assembly.seed, table_for(experiment, table))
        experiment.check_fit(Shape(dataset.task, len(dataset.feature_names), dataset.outputs))
    network = build_network(experiment, dataset, assembly.seed)
    new = Assembly(experiment, dataset, network, assembly.trainer, assembly.seed, table)
    new.trainer = build_trainer(new)
    origins = _origins(assembly, new, change)
    _carry_network(assembly, new, origins)
    _mend(assembly, new, change)
    _redraw(assembly, new, origins)
    _carry_training(assembly, new, origins)
    if new.dataset is assembly.dataset and experiment.network != old.network:
        new.receipt = _receipt(assembly, new)
    return new


def _only_rate_changed(old: Experiment, new: Experiment) -> bool:
    rate = {"learning_rate": new.training.learning_rate}
    return new == old.model_copy(update={"training": old.training.model_copy(update=rate)})


def _origins(old: Assembly, new: Assembly, change: StructureChange | None) -> list[Origin | None]:
    """For each layer of the new network, where it comes from."""
    shapes, old_shapes = new.network.shapes, old.network.shapes
    hidden, old_hidden = len(shapes) - 1, len(old_shapes) - 1
    layers = [k if k < old_hidden else None for k in range(hidden)]
    if isinstance(change, AddLayer):
        layers = [k if k < change.at else k - 1 if k > change.at else None for k in range(hidden)]
    elif isinstance(change, RemoveLayer):
        layers = [k if k < change.at else k + 1 for k in range(hidden)]
    layers.append(old_hidden)
    names, old_names = new.dataset.feature_names, old.dataset.feature_names
    below = np.array([old_names.index(n) if n in old_names else -1 for n in names])
    below_layer: int | None = -1
    origins: list[Origin | None] = []
    for shape, layer in zip(shapes, layers, strict=True):
        if layer is None:
            origins.append(None)
            below_layer = None
            continue
        source = old_shapes[layer]
        units = same_places(shape.units, source.units)
        if isinstance(change, RemoveUnit) and layer == change.layer:
            units = without(source.units, change.unit)
        if below_layer != layer - 1:  # its neighbour below is another one now: by position
            below = same_places(shape.inputs, source.inputs)
        origins.append(Origin(layer, below, units))
        below, below_layer = units, layer
    return origins


def _carry_network(old: Assembly, new: Assembly, origins: list[Origin | None]) -> None:
    a, b = old.network, new.network
    transplant(a.parameters, a.shapes, b.parameters, b.shapes, origins)
    silence_new_inputs(b.parameters, b.shapes, origins)
    for target, origin in zip(b.layers, origins, strict=True):
        source = a.layers[origin.layer] if origin else None
        if origin and source and source.scale and target.scale:
            kept = origin.units >= 0
            target.scale.mean[kept] = source.scale.mean[origin.units[kept]]
            target.scale.variance[kept] = source.scale.variance[origin.units[kept]]


def _redraw(old: Assembly, new: Assembly, origins: list[Origin | None]) -> None:
    """Layers whose initializer was changed begin afresh."""
    for k, origin in enumerate(origins):
        if origin and _initializer(old, origin.layer) != _initializer(new, k):
            new.network.initialize(k, new.seed)


def _mend(old: Assembly, new: Assembly, change: StructureChange | None) -> None:
    """Make the change of the output as small as the data allow."""
    x, network = new.dataset.train.x, new.network
    if new.dataset is not old.dataset:
        return
    if isinstance(change, AddLayer):
        layer, following = network.layers[change.at : change.at + 2]
        deepen(layer, following, _below(old.network, change.at, x))
        refit(following, _below(network, change.at + 1, x), _pre_activation(old, change.at, x))
    elif isinstance(change, RemoveLayer):
        before = _pre_activation(old, change.at + 1, x)
        refit(network.layers[change.at], _below(network, change.at, x), before)
    elif isinstance(change, RemoveUnit):
        above = change.layer + 1
        before = _pre_activation(old, above, x)
        refit(network.layers[above], _below(network, above, x), before)
    elif isinstance(change, Widen):
        layer, following = network.layers[change.layer : change.layer + 2]
        widen(layer, following, layer.units - 1, change.unit)
    else:
        for k, (was, now) in enumerate(
            zip(old.experiment.network.hidden, new.experiment.network.hidden, strict=False)
        ):
            if now.normalization and not was.normalization and network.layers[k].scale:
                normalize_in_place(network.layers[k], _pre_activation(old, k, x))


def _below(network: Network, k: int, x: Array) -> Array:
    """What comes to layer k from below, (n, inputs)."""
    return network.activations(x)[k - 1].copy() if k else x


def _pre_activation(assembly: Assembly, k: int, x: Array) -> Array:
    """z of layer k, (n, units), before any normalization."""
    layer = assembly.network.layers[k]
    return _below(assembly.network, k, x) @ layer.w + layer.b


def _receipt(old: Assembly, new: Assembly) -> Receipt:
    x = np.concatenate([split.x for split in (new.dataset.train, new.dataset.test)])
    with np.errstate(all="ignore"):
        change = new.network.predict(x) - old.network.predict(x)
    return Receipt(
        float(np.abs(change).max()),
        float(np.sqrt((change**2).mean())),
        stable_rate(old),
        stable_rate(new),
    )


def stable_rate(
    assembly: Assembly, *, examples: int = _CURVATURE_EXAMPLES, work: int = _CURVATURE_WORK
) -> float | None:
    """The largest learning rate at which gradient descent is stable where the network stands, on
    the first `examples` of the training set; None for other optimizers than SGD, and where it would
    take long to find: more than `work`, in examples × parameters."""
    training, network = assembly.experiment.training, assembly.network
    settings = training.optimizer.model_dump()
    train, loss = assembly.dataset.train, assembly.trainer.loss
    n = min(len(train), examples)
    if settings.pop("name") != "sgd" or n * len(network.parameters) > work:
        return None
    curvature = largest_curvature(network, loss, train.x[:n], train.y[:n], training.l2)
    return None if curvature is None else largest_stable_rate(curvature, **settings)


def _initializer(assembly: Assembly, k: int) -> object:
    network = assembly.experiment.network
    return (network.hidden[k] if k < len(network.hidden) else network.output).initializer


def _carry_training(old: Assembly, new: Assembly, origins: list[Origin | None]) -> None:
    a, b = old.trainer, new.trainer
    if not a.step:
        return  # nothing was learned yet: the new trainer begins as it would have anyway
    b.step, b.epoch = a.step, a.epoch
    was, now = old.experiment.training, new.experiment.training
    b.masks.bit_generator.state = a.masks.bit_generator.state
    if new.dataset is old.dataset and (was.batch_size, was.shuffle) == (
        now.batch_size,
        now.shuffle,
    ):
        b.position = a.position
        b.batches.restart_epoch(a.batches.epoch_start)
    else:
        b.batches.restart_epoch(a.batches.stream_state)
    if was.optimizer.name == now.optimizer.name:  # type: ignore[attr-defined]
        b.clock.updates = a.clock.updates
        for name in b.state.keys() & a.state.keys():
            transplant(
                a.state[name], old.network.shapes, b.state[name], new.network.shapes, origins
            )
    if was.schedule == now.schedule and a.schedule.plateau and b.schedule.plateau:
        vars(b.schedule.plateau).update(vars(a.schedule.plateau))
    b.learning_rate = now.learning_rate
