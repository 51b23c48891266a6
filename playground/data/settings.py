"""The settings of a data set: its own, from the registry, and those that every set has."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError, create_model, field_validator, model_validator

from playground.base.errors import InputError, nearest_hint
from playground.base.validation import Section, finding, input_error, shown
from playground.data.features import FEATURES
from playground.data.sets import DATASETS
from playground.data.source import Shape, Source

DEFAULT_SET = "circle"


class DataSettings(Section):
    """What every data set has beside its own settings."""

    name: str = DEFAULT_SET
    train_fraction: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="Training share",
            description="The share of the examples to learn from; at 1 there is no test set.",
        ),
    ] = 0.5
    validation_fraction: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Validation share",
            description="The share kept aside for choosing, such as when to stop; "
            "what then remains is the test set.",
        ),
    ] = 0.0
    seed: Annotated[
        int | None,
        Field(
            ge=0,
            le=2**53 - 1,
            title="Data seed",
            description="Deals the examples and the split; empty: the experiment's seed.",
        ),
    ] = None
    standardize: Annotated[
        bool,
        Field(
            title="Standardize inputs",
            description="Shift and scale each input to mean 0 and variance 1 on the training set.",
        ),
    ] = True

    @model_validator(mode="after")
    def _shares_fit(self) -> DataSettings:
        if self.train_fraction + self.validation_fraction > 1 + 1e-9:
            message = (
                "train_fraction and validation_fraction must be at most 1 together, "
                f"got {self.train_fraction:g} + {self.validation_fraction:g}"
            )
            raise finding(InputError(message, "validation_fraction"))
        return self

    @property
    def own(self) -> dict[str, Any]:
        """The set's own settings, without those that every set has."""
        part = DATASETS.part(self.name)
        return {name: getattr(self, name) for name in part.setting_names}

    def source(self, table: bytes | None = None) -> Source | None:
        """The set with these settings; None for a table that is not there."""
        given = {} if table is None else {"table": table}
        source: Source | None = DATASETS.part(self.name).make(**self.own, **given)
        return source

    @property
    def shape(self) -> Shape | None:
        """What a network must fit; None for a table, which tells only when it is read."""
        source = self.source()
        if source is None:
            return None
        return Shape(source.task, self.input_count(source), source.outputs)

    def input_count(self, source: Source) -> int:
        """How many numbers the network is given of each example."""
        return source.inputs


class PlaneSettings(DataSettings):
    """A set of points in the plane: the network is given features of their coordinates."""

    features: Annotated[
        tuple[str, ...],
        Field(
            strict=False,  # a list will do
            min_length=1,
            title="Features",
            description="What the network is given of each point.",
            json_schema_extra={
                "items": {"enum": FEATURES.names},
                "uniqueItems": True,
                "x-titles": {part.name: part.title for part in FEATURES},
                "x-help": {part.name: part.help for part in FEATURES},
            },
        ),
    ] = ("x1", "x2")

    @field_validator("features")
    @classmethod
    def _known_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for index, name in enumerate(names):
            try:
                FEATURES.part(name, str(index))
            except InputError as error:
                raise finding(error) from None
            if name in names[:index]:
                raise finding(InputError(f"the feature {name!r} is there twice", str(index)))
        return names

    def input_count(self, source: Source) -> int:
        return len(self.features)


@cache
def settings_model(name: str) -> type[DataSettings]:
    """The settings of the set `name`: its own first, then those that every set has."""
    part = DATASETS.part(name)
    source: Source | None = part.make()
    common = PlaneSettings if source is not None and source.extent else DataSettings
    # Fields of the right base come first.
    fields: dict[str, Any] = {"name": (Literal[name], Field(name, title="Data set"))}
    return create_model(
        f"{name.title().replace('_', '')}Data",
        __base__=cast(tuple[type[DataSettings], ...], (common, part.settings)),
        __doc__=part.help,
        **fields,
    )


def data_settings(spec: object) -> DataSettings:
    """The settings of a data set from its name or an object; without a name it is the default set.

    InputError where they can't be used, its field as seen from the settings.
    """
    if isinstance(spec, DataSettings):
        return spec
    if isinstance(spec, str):
        spec = {"name": spec}
    if not isinstance(spec, dict):
        raise InputError(f"a data set is its name or an object, got {shown(spec)}")
    name = spec.get("name", DEFAULT_SET)
    if not isinstance(name, str):
        raise InputError(f"must be text, got {shown(name)}", "name")
    DATASETS.part(name, "name")
    known = settings_model(name).model_fields
    for key in spec:
        if key not in known:
            hint = nearest_hint(str(key), known)
            raise InputError(f"the data set {name!r} has no setting {key!r}{hint}", str(key))
    try:
        return settings_model(name).model_validate(spec)
    except ValidationError as error:
        raise input_error(error) from None
