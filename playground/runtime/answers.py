"""What a run answers when it is asked: files of it as it stands, and what a table would be."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from playground.base.errors import InputError
from playground.data.dataset import load
from playground.data.limits import MAX_EXAMPLES
from playground.data.tables import table_columns
from playground.data.written import written
from playground.engine.params import views
from playground.experiment.config import Experiment
from playground.experiment.weights import named_weights
from playground.export.exporters import EXPORTERS
from playground.export.saved import EXPERIMENT, WEIGHTS, saved_file
from playground.runtime.run import Run
from playground.runtime.saving import saved_run
from playground.wire.commands import UseTable
from playground.wire.requests import LookAtTable, Request

Words = dict[str, Any]
Answer = tuple[Words, bytes]

_STEPS = 1000
"""Of a command for a run that has made none yet."""


def answer(run: Run, request: Request, body: bytes) -> Answer:
    """A few words, and perhaps a file; the run stays as it is. InputError where it can't be."""
    if isinstance(request, LookAtTable):
        return _look_at_table(run, request, body), b""
    if run.recorder.sampled_step != run.step:
        run.recorder.sample()  # so that the curves end where the run stands
    return _FILES[request.what](run)


def _look_at_table(run: Run, request: LookAtTable, table: bytes) -> Words:
    """The columns first: a person can choose another target where the network can't use this."""
    columns, rows = table_columns(table, request.header)
    words: Words = {
        "columns": [{"name": c.name, "categories": c.categories} for c in columns],
        "rows": rows,
        "most_rows": MAX_EXAMPLES,
    }
    target = request.target or [columns[-1].name]
    command = UseTable(target=target, header=request.header)
    words["target"] = target
    try:
        used = command.apply(run.experiment)
        dataset = load(used.data, run.assembly.seed, table)
        used.check_fit(dataset.shape)
    except InputError as error:
        return words | {"error": {"message": error.message, "field": error.field}}
    return words | {
        "task": dataset.task,
        "classes": dataset.class_names,
        "inputs": len(dataset.feature_names),
    }


def _save(run: Run) -> Answer:
    name = f"{run.experiment.data.name}-step-{run.step}.playground.zip"
    return _file(name, "application/zip"), saved_file(saved_run(run.assembly, run.recorder))


def _data(run: Run) -> Answer:
    now = run.assembly
    settings = now.experiment.data
    table = now.table if settings.name == "csv" else None
    return _file(f"{settings.name}.csv", "text/csv"), written(settings, now.seed, table)


def _curves(run: Run) -> Answer:
    """Thinned as on the page: where there are many steps, a span's lowest and highest value."""
    arrays = run.recorder.parts()[1]
    found = {n.removeprefix("curve_"): a for n, a in arrays.items() if n.startswith("curve_")}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found)
    for row in zip(*(a.tolist() for a in found.values()), strict=True):
        writer.writerow([int(row[0]), *("" if np.isnan(v) else v for v in row[1:])])
    name = f"curves-step-{run.step}.csv"
    return _file(name, "text/csv"), text.getvalue().encode()


def _script(library: str) -> Callable[[Run], Answer]:
    def make(run: Run) -> Answer:
        saved = saved_run(run.assembly, run.recorder)
        table = saved.table if saved.experiment.data.name == "csv" else None
        script: str = EXPORTERS.part(library).make(saved.experiment, saved.weights, table)
        return _file(f"experiment_{library}.py", "text/x-python"), script.encode()

    return make


def _command(run: Run) -> Answer:
    """The line for the command line, and the files that it names."""
    now, story = run.assembly, run.edits.story
    saved = replace(saved_run(now, run.recorder), training=None, weights=None)
    experiment = saved.experiment
    line = f"backprop-playground train {EXPERIMENT}"
    if story.start is not None and story.is_straight:
        saved = replace(saved, weights=_start_weights(run))
        line += f" --weights {WEIGHTS}"
    end = f"--steps {run.step or _STEPS}"
    line += f" {end}"
    is_file_needed = saved.weights is not None or experiment.data.name == "csv"
    text = json.dumps(sparse(experiment), allow_nan=False)
    whole = f"backprop-playground train - {end} <<'EOF'\n{text}\nEOF"
    words = _file("run.zip", "application/zip") | {
        "line": line,
        "whole": None if is_file_needed else whole,
        "is_exact": story.is_straight,
        "steps": run.step or _STEPS,
        "made": run.step,
    }
    return words, saved_file(saved, {"command.txt": f"{line}\n"})


def _start_weights(run: Run) -> Any:
    """The weights with which the run began, by their names."""
    network, start = run.assembly.network, run.edits.story.start
    assert start is not None
    found = named_weights(network)
    for k, layer in enumerate(views(start, network.shapes), start=1):
        own = {"W": layer.w, "b": layer.b, "gamma": layer.gamma, "beta": layer.beta}
        found |= {f"{n}{k}": a.astype(np.float64) for n, a in own.items() if a is not None}
        if layer.gamma is not None:
            found[f"mean{k}"], found[f"variance{k}"] = (
                np.zeros(layer.b.shape),
                np.ones(layer.b.shape),
            )
    return found


def sparse(experiment: Experiment) -> dict[str, Any]:
    """The experiment without what is as it is by default.

    >>> sparse(Experiment.parse({"training": {"learning_rate": 0.1}}))
    {'training': {'learning_rate': 0.1}}
    """
    found = _unlike(experiment.dump(), Experiment().dump())
    return found if Experiment.parse(found) == experiment else experiment.dump()


def _unlike(own: dict[str, Any], default: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in own.items():
        usual = default.get(key)
        if value == usual and key != "name":
            continue
        if (
            isinstance(value, dict)
            and isinstance(usual, dict)
            and value.get("name") == usual.get("name")
        ):
            value = _unlike(value, usual)
        found[key] = value
    return found


def _file(name: str, kind: str) -> Words:
    return {"file": name, "type": kind}


_FILES: dict[str, Callable[[Run], Answer]] = {
    "save": _save,
    "data": _data,
    "curves": _curves,
    "numpy": _script("numpy"),
    "pytorch": _script("pytorch"),
    "command": _command,
}
