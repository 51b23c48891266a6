"""A variant: the experiment with other settings of network or training, on the same data, batches
and seed, so that what differs between the two runs comes from those settings alone.

`hidden` is a JSON merge patch on every hidden layer, `training` one on the training. Told so, and
not as one patch on the experiment, a variant outlives layers that come and go.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from playground.base.errors import InputError, LimitError
from playground.base.registry import Registry
from playground.base.validation import Section
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.experiment.changes import merge_patch
from playground.experiment.config import Experiment
from playground.experiment.limits import MAX_PARAMETERS, parameter_count

MOST_VARIANTS = 3
SHARED = ("batch_size", "shuffle", "stop")
"""Settings of the training that all runs side by side have in common."""
_REGISTRIES: dict[str, Registry] = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "normalization": NORMALIZATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
_SHORT = {"learning_rate": "rate", "l1": "L1", "l2": "L2", "clip_norm": "clip"}


class Variant(Section):
    """What is other than in the experiment beside which it is trained."""

    hidden: dict[str, Any] = Field({}, description="Merge patch on each hidden layer.")
    training: dict[str, Any] = Field({}, description="Merge patch on the training.")

    def apply(self, experiment: Experiment) -> Experiment:
        """The variant's own experiment. InputError where it can't be one, or shares no batches.

        A residual connection comes where a layer is as wide as what it gets, and nowhere else.
        """
        for key in SHARED:
            if key in self.training:
                raise InputError("is the same for all that is compared", f"training.{key}")
        described = experiment.dump(expanded=True)
        hidden = [merge_patch(layer, self.hidden) for layer in described["network"]["hidden"]]
        if self.hidden.get("residual") is not None:
            below = experiment.shape.inputs if experiment.shape else None
            for layer in hidden:
                if layer["units"] != below:
                    layer["residual"] = None
                below = layer["units"]
        described["network"]["hidden"] = hidden
        described["training"] = merge_patch(described["training"], self.training)
        return Experiment.parse(described)


def check_variants(experiment: Experiment, variants: list[Variant]) -> list[Experiment]:
    """Each variant's experiment. InputError where one can't be, LimitError where all networks
    together are too large."""
    found = []
    for k, variant in enumerate(variants):
        try:
            found.append(variant.apply(experiment))
        except InputError as error:
            raise error.under(f"variants.{k}") from None
    together = sum(_parameters(each) for each in (experiment, *found))
    if found and together > MAX_PARAMETERS:
        raise LimitError(
            f"{together:,} parameters in all networks together are more than {MAX_PARAMETERS:,}",
            "variants",
        )
    return found


def _parameters(experiment: Experiment) -> int:
    shape = experiment.shape
    widths = [(x.units, x.normalization is not None) for x in experiment.network.hidden]
    return parameter_count(shape.inputs, widths, shape.outputs) if shape else 0


def labels(experiments: list[Experiment]) -> list[str]:
    """What tells each from the first, and the first from all others, in a few words; the setting is
    named where its value does not say enough.

    >>> base = Experiment()
    >>> labels([base, Variant(hidden={"activation": "relu"}).apply(base)])
    ['tanh', 'ReLU']
    >>> labels([base, Variant(training={"clip_norm": 1}).apply(base)])
    ['no clip', 'clip 1']
    """
    described = [_settings(each) for each in experiments]
    first, *others = described
    own = [[key for key in first if each.get(key) != first[key]] for each in others]
    differing = [[key for key in first if any(key in keys for keys in own)], *own]
    return [
        _label([_words(key, each.get(key)) for key in keys])
        for each, keys in zip(described, differing, strict=True)
    ]


def _label(words: list[str]) -> str:
    """What is not there goes without saying, where anything else can be said."""
    present = [each for each in words if not each.startswith("no ")]
    return ", ".join(present or words) or "the same"


def _settings(experiment: Experiment) -> dict[str, Any]:
    """Of the last hidden layer, which has what a residual connection or a patch gave, and of the
    training."""
    hidden = experiment.network.hidden
    layer = dict(hidden[-1]) if hidden else {}
    return {key: v for key, v in {**layer, **dict(experiment.training)}.items() if key != "units"}


def _words(key: str, value: Any) -> str:
    name = _SHORT.get(key, key.replace("_", " "))
    if value is None or (key in ("l1", "l2", "dropout") and not value):
        return f"no {name}"
    if key == "residual":
        return name if value.scale == 1 else f"{name} × {value.scale:g}"
    if isinstance(value, BaseModel) and key in _REGISTRIES:
        part: str = _REGISTRIES[key].part(value.name).title if value.name != "auto" else "auto"  # type: ignore[attr-defined]
        own = value.model_dump(exclude={"name"}, exclude_defaults=True)
        return " ".join([part, *(f"{k.replace('_', ' ')} {_number(v)}" for k, v in own.items())])
    return f"{name} {_number(value)}"


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
