"""What can be set on a server, from the command line or the environment, as one checked model."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_origin

from pydantic import Field, ValidationError

from playground.base.errors import nearest
from playground.base.validation import Section, input_error
from playground.experiment.limits import limits
from playground.runtime.policy import Policy, usable_cores

# `make run` and most hosts speak these three without the prefix.
_PLAIN = ("host", "port", "workers")
_WORDS = {
    "1": True, "true": True, "yes": True, "on": True,
    "0": False, "false": False, "no": False, "off": False,
}  # fmt: skip


class Settings(Section):
    """Settings of `serve`. Each can be given in the environment as PLAYGROUND_ and its name."""

    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    workers: int = Field(
        default_factory=usable_cores, ge=1, le=256, description="training processes"
    )
    open_browser: bool = Field(False, description="open the page in a browser when ready")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="host names, beside this machine's own, that people may use to reach it"
    )
    trust_proxy: bool = Field(
        False, description="believe X-Forwarded-For, -Proto and -Host: only behind a proxy"
    )
    max_sessions: int = Field(200, ge=1, description="sessions kept at once")
    max_sessions_per_address: int = Field(
        150, ge=1, description="of them, opened from one network address (a school may have one)"
    )
    max_sessions_per_page: int = Field(
        30, ge=1, description="sessions that one page may open an hour"
    )
    max_viewers: int = Field(1000, ge=1, description="browsers connected at once")
    max_message_bytes: int = Field(
        1 << 20, ge=4096, description="largest message accepted from a browser"
    )
    commands_per_second: float = Field(
        60.0, gt=0, description="commands a browser may send, sustained; bursts of five times that"
    )
    open_seconds: float = Field(
        10.0, gt=0, description="a connection that opens no session within this is closed"
    )
    worker_memory_mib: int = Field(4096, ge=512, description="address space of each worker, MiB")
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json` lines")
    public_metrics: bool = Field(
        False, description="give `/metrics` to everybody, not only to this machine"
    )
    hang_seconds: float = Field(10.0, gt=0, description="a worker silent for so long is replaced")
    unwatched_training_seconds: float = Field(
        600.0, ge=0, description="a session nobody watches trains on for so long, then pauses"
    )
    idle_seconds: float = Field(
        3600.0, ge=0, description="a session nobody has watched for so long is parked on disk"
    )
    expire_days: float = Field(
        90.0, gt=0, description="a parked session nobody has opened for so long is forgotten"
    )
    database: str | None = Field(
        None,
        description="where sessions are kept: a file, `postgresql://USER@HOST/NAME`, or `none`; "
        "by default a file in the user's data directory",
    )

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, **given: Any
    ) -> Settings:
        """`given` wins where not None, then PLAYGROUND_…, then HOST, PORT, WORKERS, then defaults.

        Raises InputError naming the setting.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            text = environment.get(f"PLAYGROUND_{name.upper()}")
            if not text and name in _PLAIN:
                text = environment.get(name.upper())
            if text:
                values[name] = _read(text, field.annotation)
        values.update({name: value for name, value in given.items() if value is not None})
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise input_error(error) from None

    def policy(self) -> Policy:
        """What of this concerns sessions and workers."""
        return Policy(
            workers=self.workers,
            memory_bytes=self.worker_memory_mib << 20,
            hang_seconds=self.hang_seconds,
            max_sessions=self.max_sessions,
            max_sessions_per_address=self.max_sessions_per_address,
            unwatched_training_seconds=self.unwatched_training_seconds,
            idle_seconds=self.idle_seconds,
            expire_days=self.expire_days,
        )


def misspelt(environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Variables that are no setting but nearly are one, each with the setting that it resembles."""
    settings = [*Settings.model_fields, "open", *(f"max_{name}" for name in limits())]
    known = [f"PLAYGROUND_{name.upper()}" for name in settings]
    for name in os.environ if environment is None else environment:
        is_ours = name.startswith("PLAYGROUND") and name not in known
        if is_ours and (near := nearest(name, known, 0.9)):
            yield name, near


def _read(text: str, kind: object) -> Any:
    """The text of an environment variable as the field's type; as it is where it can't be read."""
    text = text.strip()
    if kind is bool:
        return _WORDS.get(text.lower(), text)
    if kind is int or kind is float:
        try:
            return kind(text)
        except ValueError:
            return text
    if kind in (str, str | None) or get_origin(kind) is Literal:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())
