"""Fields that hold a part: its name or an object comes in, its checked settings stand there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from playground.base.errors import InputError
from playground.base.registry import Part, Registry
from playground.base.validation import finding
from playground.data.sets import DATASETS
from playground.data.settings import DEFAULT_SET, DataSettings, data_settings, settings_model
from playground.data.source import Source
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES


class AutoLoss(BaseModel):
    """The loss that fits the task: a cross-entropy for classes, mse for values."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Automatic")

    name: Literal["auto"] = "auto"


@dataclass(frozen=True)
class Alternative:
    """One of the parts that a field may hold."""

    name: str
    title: str
    help: str
    settings: type[BaseModel]
    is_default: bool = False
    """It is meant where an object gives no name."""
    group: str | None = None
    """Under which heading people look for it."""

    def schema(self) -> dict[str, Any]:
        """JSON Schema of its bare name and of its object: each keyword minds only one of them."""
        schema = self.settings.model_json_schema()
        if self.group:
            schema["x-group"] = self.group
        return schema | {
            "title": self.title,
            "description": self.help,
            "type": ["object", "string"],
            "pattern": f"^{self.name}$",
            "required": [] if self.is_default else ["name"],
        }


def loss_settings(registry: Registry, given: object) -> BaseModel:
    """As `Registry.settings`, and `auto` as well."""
    if given in ("auto", {"name": "auto"}):
        return AutoLoss()
    return registry.settings(given)


def part_variants(registry: Registry) -> list[Alternative]:
    """Every part of the registry."""
    return [Alternative(part.name, part.title, part.help, part.settings) for part in registry]


def loss_variants(registry: Registry) -> list[Alternative]:
    """Every loss, `auto` first."""
    auto = Alternative("auto", "automatic", inspect.getdoc(AutoLoss) or "", AutoLoss)
    return [auto, *part_variants(registry)]


def data_variants(registry: Registry) -> list[Alternative]:
    """Every data set, with the settings that all of them have."""
    return [
        Alternative(
            part.name,
            part.title,
            part.help,
            settings_model(part.name),
            is_default=part.name == DEFAULT_SET,
            group=_group(part),
        )
        for part in registry
    ]


def _group(part: Part) -> str:
    """The kind of problem a data set is; real tables apart from what is drawn by a formula."""
    source: Source | None = part.make()
    if source is None or "points" in part.setting_names:
        return "Your own"
    if source.in_order:
        return "Worked by hand"
    if "samples" not in part.setting_names:
        return "Real data"
    return "Regression" if source.task == "regression" else "Classification"


@dataclass(frozen=True)
class PartOf:
    """Annotation of a field that holds the settings of a part of `registry`."""

    registry: Registry
    check: Callable[[Registry, object], BaseModel] = Registry.settings
    variants: Callable[[Registry], list[Alternative]] = part_variants

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def settings(given: object) -> BaseModel:
            try:
                return self.check(self.registry, given)
            except InputError as error:
                raise finding(error) from None

        return core_schema.no_info_plain_validator_function(
            settings,
            serialization=core_schema.plain_serializer_function_ser_schema(written, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "x-kind": self.registry.kind,
            "oneOf": [variant.schema() for variant in self.variants(self.registry)],
        }


def written(settings: BaseModel, info: SerializationInfo) -> str | dict[str, Any]:
    """A part as the file has it: its bare name where every setting has its default, else an object.

    A data set, and any part under the context `{"expanded": True}`, is an object with everything.
    """
    every = settings.model_dump(mode="json")
    expanded = isinstance(info.context, dict) and info.context.get("expanded")
    if expanded or isinstance(settings, DataSettings) or settings != type(settings)():
        return every
    return str(every["name"])


ActivationPart = Annotated[BaseModel, PartOf(ACTIVATIONS)]
InitializerPart = Annotated[BaseModel, PartOf(INITIALIZERS)]
NormalizationPart = Annotated[BaseModel, PartOf(NORMALIZATIONS)]
LossPart = Annotated[BaseModel, PartOf(LOSSES, loss_settings, loss_variants)]
OptimizerPart = Annotated[BaseModel, PartOf(OPTIMIZERS)]
SchedulePart = Annotated[BaseModel, PartOf(SCHEDULES)]
DataPart = Annotated[
    DataSettings, PartOf(DATASETS, lambda _, given: data_settings(given), data_variants)
]
