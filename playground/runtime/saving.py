"""A run as a saved file, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.base.errors import InputError
from playground.experiment.assemble import Assembly
from playground.experiment.weights import named_weights, set_weights
from playground.export.saved import TRAINING, Saved
from playground.runtime.past import begun
from playground.telemetry.recorder import RATIO, Recorder, Subject

Arrays = dict[str, npt.NDArray[Any]]
_TRAINER, _HISTORY = "trainer.", "history."


def saved_run(now: Assembly, recorder: Recorder) -> Saved:
    """The run as it stands. The seed is the one in force: a file that is opened begins with it."""
    experiment = now.experiment.model_copy(update={"seed": now.seed})
    training = {f"{_TRAINER}{name}": a for name, a in now.trainer.snapshot().items()}
    training |= {f"{_HISTORY}{name}": a for name, a in recorder.dump().items()}
    return Saved(experiment, named_weights(now.network), training, now.table)


def restored(saved: Saved, table: bytes | None) -> Assembly:
    """The run of a saved file, standing where it stood. InputError where its parts do not fit
    together; `table` stands in for one that is not in the file."""
    experiment = saved.experiment
    table = saved.table if saved.table is not None else table
    new = begun(experiment, table)
    if saved.training is not None:
        snapshot = _under(_TRAINER, saved.training)
        _check_like(snapshot, new.trainer.snapshot())
        if snapshot["counters"].min() < 0 or snapshot["counters"][2] >= new.trainer.steps_per_epoch:
            raise InputError(f"{TRAINING} counts impossibly")
        new.trainer.restore(snapshot)
    if saved.weights is not None:
        set_weights(new.network, saved.weights)
    return new


def histories_of(saved: Saved, new: Assembly) -> Arrays | None:
    """The curves of a saved file, where they are such as `new` makes."""
    if saved.training is None:
        return None
    found = _under(_HISTORY, saved.training)
    own = Recorder(subject(new)).dump()
    del own[RATIO]
    if found.keys() - {RATIO} != own.keys():
        return None
    for history in ("curves_", "map_"):
        lengths = {len(a) for n, a in found.items() if n.startswith(history) and a.ndim}
        if len(lengths) != 1:
            return None
    fits = all(found[n].shape[1:] == a.shape[1:] and found[n].ndim for n, a in own.items())
    return found if fits else None


def subject(assembly: Assembly) -> Subject:
    """What a recorder measures of a run."""
    network = assembly.experiment.network
    layers = [*network.hidden, network.output]
    names = [layer.activation.name for layer in layers]  # type: ignore[attr-defined]
    return Subject(assembly.trainer, assembly.dataset, names)


def _check_like(given: Mapping[str, npt.NDArray[Any]], own: Mapping[str, Any]) -> None:
    if given.keys() != own.keys():
        raise InputError(f"{TRAINING} does not hold what this training needs")
    for name, like in own.items():
        array = given[name]
        if array.shape != np.shape(like) or array.dtype.kind not in "fiu":
            raise InputError(f"{TRAINING}: {name} must have shape {np.shape(like)}")
        if array.dtype.kind == "f" and name != "plateau" and not np.isfinite(array).all():
            raise InputError(f"{TRAINING}: {name} must hold finite numbers")


def _under(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
