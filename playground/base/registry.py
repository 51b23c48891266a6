"""Named parts: register, look up with the nearest name, describe, check settings.

A part is a factory (a function, or a class) whose keyword-only arguments, with `Annotated` bounds,
*are* its settings. The experiment file, the form, the command line, the manual and the tests all
read them from here, so a part is added by writing it.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from playground.base.errors import InputError, UnknownNameError, nearest_hint
from playground.base.validation import input_error, shown

P = TypeVar("P", bound=Callable[..., Any])


@dataclass(frozen=True)
class Part:
    """One entry of a registry."""

    name: str
    make: Callable[..., Any]
    settings: type[BaseModel]
    """A pydantic model of the part's settings, with `name` as its first field."""
    title: str
    help: str
    """The first line of its docstring: what it is, in a sentence."""

    @property
    def setting_names(self) -> list[str]:
        return [name for name in self.settings.model_fields if name != "name"]


class Registry:
    """The parts of one kind, in the order in which they were written."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._parts: dict[str, Part] = {}

    def register(self, name: str, title: str | None = None) -> Callable[[P], P]:
        """Decorator: put a factory under `name`; `title` is what people read."""

        def add(make: P) -> P:
            if name in self._parts:
                raise ValueError(f"the {self.kind} {name!r} is registered twice")
            doc = inspect.getdoc(make) or ""
            self._parts[name] = Part(
                name,
                make,
                _settings_model(f"{self.kind} {name}", name, make),
                title or name.replace("_", " "),
                doc.split("\n\n")[0].replace("\n", " "),
            )
            return make

        return add

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def part(self, name: str, field: str | None = None) -> Part:
        """The part called `name`; UnknownNameError with the nearest name where there is none."""
        try:
            return self._parts[name]
        except KeyError:
            raise UnknownNameError(self.kind, name, self.names, field) from None

    def make(self, spec: object, **given: Any) -> Any:
        """Build a part from its name or from `{"name": …, settings…}`; `given` is not checked."""
        settings = self.settings(spec)
        chosen = settings.model_dump(exclude={"name"})
        return self.part(settings.name).make(**chosen, **given)  # type: ignore[attr-defined]

    def settings(self, given: object) -> BaseModel:
        """The checked settings of a part, given as its name, an object or its settings; InputError
        names what does not fit."""
        if isinstance(given, BaseModel):
            return given
        spec = {"name": given} if isinstance(given, str) else given
        if not isinstance(spec, dict) or not isinstance(spec.get("name"), str):
            raise InputError(
                f"must be a name ({self.kind}), or an object with 'name' and its settings, "
                f"got {shown(given)}"
            )
        part = self.part(spec["name"])
        for key in spec:
            if key not in part.settings.model_fields:
                hint = nearest_hint(str(key), part.setting_names) or "; it has none"
                message = f"the {self.kind} {part.name!r} has no setting {key!r}{hint}"
                raise InputError(message, str(key))
        try:
            return part.settings.model_validate(spec, strict=True)
        except ValidationError as error:
            raise input_error(error) from None


def _settings_model(title: str, name: str, make: Callable[..., Any]) -> type[BaseModel]:
    target = make.__init__ if inspect.isclass(make) else make
    hints = typing.get_type_hints(target, include_extras=True)
    fields: dict[str, Any] = {"name": (Literal[name], name)}
    for argument in inspect.signature(make).parameters.values():
        if argument.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        if argument.default is inspect.Parameter.empty:
            raise TypeError(f"setting {argument.name!r} of {title} needs a default")
        fields[argument.name] = (hints[argument.name], argument.default)
    config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        title=title,
        # Sentence case, as the form's own words have it; pydantic would say "Weight Decay".
        field_title_generator=lambda field, _: field.replace("_", " ").capitalize(),
    )
    return create_model("".join(w.title() for w in title.split()), __config__=config, **fields)
