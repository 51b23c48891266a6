"""What the browser may ask, one model a command; web process and worker both read them here."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationError

from playground.base.errors import InputError, UnknownNameError
from playground.base.validation import Section, input_error, shown
from playground.data.settings import DataSettings
from playground.experiment.changes import (
    AddLayer,
    AddUnit,
    Edit,
    RemoveLayer,
    RemoveUnit,
    SetBias,
    SetLayer,
    SetWeight,
    StructureChange,
    Widen,
)
from playground.experiment.config import Experiment
from playground.experiment.variants import MOST_VARIANTS, Variant, check_variants

__all__ = [
    "AddLayer",
    "AddUnit",
    "Band",
    "Command",
    "Compare",
    "Edit",
    "Keep",
    "Load",
    "LookAt",
    "Pause",
    "Play",
    "Redo",
    "RemoveLayer",
    "RemoveUnit",
    "Reset",
    "SetBias",
    "SetLayer",
    "SetWeight",
    "Speed",
    "Step",
    "StructureChange",
    "Undo",
    "UseTable",
    "Watch",
    "Widen",
    "apply",
    "parse_command",
]

MAX_STEPS = 1_000_000
MAX_BAND_SEEDS = 256


class Play(Section):
    """Train until told otherwise."""

    name: Literal["play"] = "play"


class Pause(Section):
    """Stop after the step at hand."""

    name: Literal["pause"] = "pause"


class Step(Section):
    """Take `count` steps, then pause."""

    name: Literal["step"] = "step"
    count: Annotated[int, Field(ge=1, le=MAX_STEPS)] = 1


class Speed(Section):
    """How fast to train; null: as fast as it goes."""

    name: Literal["speed"] = "speed"
    steps_per_second: Annotated[float, Field(gt=0)] | None


class Watch(Section):
    """Which of the lab's dearer instruments are looked at; nobody pays for the others."""

    name: Literal["watch"] = "watch"
    instruments: list[Literal["histograms"]]


class LookAt(Section):
    """How the pictures look at the run: along two of many inputs, or null for their principal
    components; and whether every weight's gradient is drawn."""

    name: Literal["look_at"] = "look_at"
    axes: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)] | None = (
        None
    )
    gradients: bool = False


class Band(Section):
    """So many seeds beside the run, from its own on, as one computation; 0 ends it."""

    name: Literal["band"] = "band"
    seeds: Annotated[int, Field(ge=0, le=MAX_BAND_SEEDS)] = 32


class Compare(Section):
    """Back to step 0, and these variants train beside the run, in lockstep; none ends it."""

    name: Literal["compare"] = "compare"
    variants: Annotated[list[Variant], Field(max_length=MOST_VARIANTS)]

    def apply(self, experiment: Experiment) -> Experiment:
        check_variants(experiment, self.variants)
        return experiment


class Keep(Section):
    """The variant becomes the run, weights and curves included; which that is, the run knows."""

    name: Literal["keep"] = "keep"
    variant: Annotated[int, Field(ge=1, le=MOST_VARIANTS)]


class Reset(Section):
    """Back to step 0, with new weights from the seed, or from the next one."""

    name: Literal["reset"] = "reset"
    keep_seed: bool = True

    def apply(self, experiment: Experiment) -> Experiment:
        if self.keep_seed:
            return experiment
        # The next seed, not a random one: web process and worker must come to the same.
        return Experiment.parse({**experiment.dump(), "seed": (experiment.seed + 1) % 2**53})


class UseTable(Section):
    """A CSV table, which comes beside the command, becomes the data; shares and seed stay."""

    name: Literal["use_table"] = "use_table"
    target: list[str] | None = None
    header: bool | None = None

    needs_body: ClassVar[str] = "comes with a table, which a socket does not carry: upload it"

    def apply(self, experiment: Experiment) -> Experiment:
        described = experiment.dump(expanded=True)
        common = DataSettings.model_fields.keys() - {"name"}
        kept = {key: value for key, value in described["data"].items() if key in common}
        own = {"name": "csv", "target": self.target, "header": self.header}
        return Experiment.parse({**described, "data": {**kept, **own}})


class Load(Section):
    """Another experiment, from its start; with a saved file beside the command, from where that
    was saved."""

    name: Literal["load"] = "load"
    experiment: dict[str, Any]

    def apply(self, experiment: Experiment) -> Experiment:
        return Experiment.parse(self.experiment)


class Undo(Section):
    """Take back the last change, with the weights it took away; what that gives, the run knows."""

    name: Literal["undo"] = "undo"


class Redo(Section):
    """Make the change again that was taken back last."""

    name: Literal["redo"] = "redo"


Change = (
    Edit | SetLayer | AddLayer | RemoveLayer | AddUnit | RemoveUnit | Widen | SetWeight | SetBias
)
Command = (
    Play
    | Pause
    | Step
    | Speed
    | Watch
    | LookAt
    | Band
    | Compare
    | Keep
    | Reset
    | UseTable
    | Load
    | Undo
    | Redo
    | Change
)

KnownToTheRun = Keep | Undo | Redo
"""Commands whose outcome only the run knows: it tells the experiment afterwards."""

COMMANDS: dict[str, type[Command]] = {
    model.model_fields["name"].default: model
    for model in (
        Play,
        Pause,
        Step,
        Speed,
        Watch,
        LookAt,
        Band,
        Compare,
        Keep,
        Reset,
        UseTable,
        Load,
        Undo,
        Redo,
        Edit,
        SetLayer,
        AddLayer,
        RemoveLayer,
        AddUnit,
        RemoveUnit,
        Widen,
        SetWeight,
        SetBias,
    )
}


def parse_command(given: object) -> Command:
    """A command from a decoded message; InputError names the field that can't be used."""
    if not isinstance(given, dict):
        raise InputError(f"a command must be an object with a 'name', got {shown(given)}")
    name = given.get("name")
    if not isinstance(name, str):
        raise InputError(f"must be the name of a command, got {shown(name)}", "name")
    if name not in COMMANDS:
        raise UnknownNameError("command", name, COMMANDS, "name")
    try:
        return COMMANDS[name].model_validate(given)
    except ValidationError as error:
        raise input_error(error) from None


def apply(command: Command, experiment: Experiment) -> tuple[Experiment, StructureChange | None]:
    """The experiment after `command`, and what of its structure changed.

    InputError where the result could not be trained; `experiment` itself never changes.
    """
    if isinstance(
        command, Play | Pause | Step | Speed | Watch | LookAt | Band | Keep | Undo | Redo
    ):
        return experiment, None
    changed = command.apply(experiment)
    return changed, command if isinstance(command, StructureChange) else None
