"""Every part of every registry can stand in an experiment, in both its forms; nonsense can't."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.base.errors import InputError
from playground.base.registry import Registry
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.config import Experiment


def network(*hidden: dict[str, Any]) -> dict[str, Any]:
    return {"network": {"hidden": list(hidden)}}


PLACES: list[tuple[Registry, Any]] = [
    (ACTIVATIONS, lambda part: network({"activation": part})),
    (INITIALIZERS, lambda part: network({"initializer": part})),
    (NORMALIZATIONS, lambda part: network({"normalization": part})),
    (OPTIMIZERS, lambda part: {"training": {"optimizer": part}}),
    (SCHEDULES, lambda part: {"training": {"schedule": part}}),
]


@pytest.mark.parametrize(
    ("name", "place"),
    [pytest.param(p.name, place, id=p.name) for registry, place in PLACES for p in registry],
)
def test_every_part_survives_the_file_in_both_its_forms(name: str, place: Any) -> None:
    experiment = Experiment.parse(place(name))
    assert experiment == Experiment.parse(place({"name": name}))
    assert Experiment.parse(json.dumps(experiment.dump())) == experiment
    assert Experiment.parse(experiment.dump(expanded=True)) == experiment


@pytest.mark.parametrize("part", list(LOSSES), ids=lambda part: part.name)
def test_every_loss_has_a_task_it_fits(part: Any) -> None:
    names = {"binary": "circle", "multiclass": "iris", "regression": "plane"}
    tasks = part.make().tasks
    assert tasks
    assert tasks <= names.keys()
    for task, data in names.items():
        described = {"data": data, "training": {"loss": part.name}}
        if task in tasks:
            assert Experiment.parse(described).task == task
        else:
            with pytest.raises(InputError, match=r"^training\.loss: "):
                Experiment.parse(described)


KEYS = sorted(
    {"data", "network", "training", "hidden", "name", "units", "loss", "features", "noise", "x"}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*KEYS, "adam"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)


@given(JSON)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_input_brings_anything_but_an_experiment_or_a_refusal(described: Any) -> None:
    try:
        experiment = Experiment.parse(described)
    except InputError as error:
        fine = "\n" not in str(error)
    else:
        fine = Experiment.parse(experiment.dump()) == experiment
    assert fine
