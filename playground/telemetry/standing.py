"""How a session stands, as its pages are told between frames."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from playground.telemetry.frames import Divergence, Notice, RunState


class StateEvent(TypedDict):
    """The session as it stands after command `command`; `undo` and `redo`: the change that each
    would take back or make again, in words; `comparison`: the variants that train beside it.
    `watching`: how many beside the owner; `steering`: who of them has control, null for none;
    `asking`: those who ask for it, all by number."""

    session: str
    role: Literal["owner", "viewer"]
    generation: int
    command: int
    run_state: RunState
    step: int
    epoch: int
    experiment: dict[str, Any]
    speed: float | None
    diverged: Divergence | None
    undo: str | None
    redo: str | None
    comparison: list[dict[str, Any]]
    notices: list[Notice]
    limits: dict[str, int]
    watching: int
    steering: int | None
    asking: list[int]
