"""No setting is decoration: moved off its default, each changes what is drawn or learned."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from playground.base.errors import InputError
from playground.base.registry import Part, Registry
from playground.data.sets import DATASETS
from playground.data.settings import data_settings
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment

DATA = {"binary": "circle", "multiclass": "blobs", "regression": "multi_gauss"}
KINDS = [ACTIVATIONS, INITIALIZERS, LOSSES, NORMALIZATIONS, OPTIMIZERS, SCHEDULES]
STEPS = 36  # twelve epochs of three batches
BESIDE: dict[str, dict[str, Any]] = {
    "scaled_normal": {"weight_scale": 2.0},  # with 1 it is LeCun's
    "sgd": {"momentum": 0.5},  # Nesterov looks ahead along a momentum
    # The schedules' defaults are for hundreds of epochs.
    "step": {"step_epochs": 2},
    "exponential": {},
    "cosine": {"total_epochs": 8},
    "linear_warmup_cosine": {"total_epochs": 8},
    "one_cycle": {"total_epochs": 8},
    "reduce_on_plateau": {"patience": 0, "threshold": 0.5},
}
"""What a part's other settings are given, so that the one under test can show."""


def learned(registry: Registry, spec: dict[str, Any]) -> bytes:
    """The weights after some steps of a run that uses the part."""
    task, layer, training = "binary", {}, {}
    if registry is LOSSES:
        task = min(LOSSES.make(spec).tasks)
        training["loss"] = spec
    elif registry in (OPTIMIZERS, SCHEDULES):
        training[registry.kind] = spec
    else:
        layer[registry.kind] = spec["name"] if registry is NORMALIZATIONS else spec
    given = {
        "data": {"name": DATA[task], "samples": 34, "noise": 0.3},
        "network": {"hidden": [{"units": 4, **layer}] * 2},
        "training": {"learning_rate": 0.3, "batch_size": 7, **training},
    }
    assembly = assemble(Experiment.parse(given))
    assembly.trainer.run(STEPS)
    return assembly.network.parameters.tobytes()


def others(default: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Values that a setting might take instead; its bounds may refuse some."""
    if isinstance(default, bool):
        yield not default
    elif isinstance(default, int | float):
        kind = int if isinstance(default, int) else float
        for value in (default * 0.5, default * 3, default + 0.4, default + 2, 0.1, 1):
            if kind(value) != default:
                yield kind(value)
    else:
        yield from (value for value in schema.get("enum", []) if value != default)


def settings() -> list[Any]:
    return [
        pytest.param(registry, part, name, id=f"{registry.kind}-{part.name}-{name}")
        for registry in KINDS
        for part in registry
        for name in part.setting_names
    ]


@pytest.mark.parametrize(("registry", "part", "setting"), settings())
def test_a_setting_changes_what_is_learned(registry: Registry, part: Part, setting: str) -> None:
    fields = part.settings.model_json_schema()["properties"]
    beside = {key: v for key, v in BESIDE.get(part.name, {}).items() if key != setting}
    plain = learned(registry, {"name": part.name, **beside})
    for value in others(part.settings.model_fields[setting].default, fields[setting]):
        spec = {"name": part.name, **beside, setting: value}
        try:
            registry.settings(spec)
        except InputError:
            continue
        if learned(registry, spec) != plain:
            return
    pytest.fail(f"{part.name}: nothing depends on {setting}")


@pytest.mark.parametrize("registry", KINDS, ids=lambda registry: registry.kind)
def test_no_two_parts_are_the_same_under_two_names(registry: Registry) -> None:
    found: dict[bytes, str] = {}
    for part in registry:
        if registry is LOSSES and "binary" not in part.make().tasks:
            continue
        weights = learned(registry, {"name": part.name, **BESIDE.get(part.name, {})})
        twin = found.get(weights)
        assert twin is None, f"{part.name} does what {twin} does"
        found[weights] = part.name


WITHOUT_CHANCE = {"csv", "drawn", "mazur"}
"""People's own tables and points, which have tests of their own; and a single example."""


def data_fields() -> list[Any]:
    found = []
    for part in DATASETS:
        if part.name in WITHOUT_CHANCE:
            continue
        own = type(data_settings({"name": part.name})).model_fields
        names = [name for name in own if name != "name"]
        found += [pytest.param(part.name, name, id=f"{part.name}-{name}") for name in names]
    return found


@pytest.mark.parametrize(("data", "setting"), data_fields())
def test_a_setting_changes_the_data(data: str, setting: str) -> None:
    model = type(data_settings({"name": data}))
    default = model.model_fields[setting].default
    schema = model.model_json_schema()["properties"][setting]
    candidates = {
        "seed": [3],
        "features": [["x1", "x1_x2"]],
        "validation_fraction": [0.2],
        "train_fraction": [0.7],
    }.get(setting, others(default, schema))
    plain = dealt(data, {})
    for value in itertools.islice(candidates, 6):
        try:
            changed = dealt(data, {setting: value})
        except InputError:
            continue
        if changed != plain:
            return
    pytest.fail(f"{data}: nothing depends on {setting}")


def dealt(data: str, given: dict[str, Any]) -> list[bytes]:
    """All examples as the network gets them, set by set."""
    dataset = assemble(Experiment.parse({"data": {"name": data, **given}})).dataset
    splits = (dataset.train, dataset.validation, dataset.test)
    return [np.concatenate([s.x, s.y], axis=1).tobytes() for s in splits]
