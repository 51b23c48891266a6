"""What a session has been asked for, kept so that it can begin again in another worker.

A checkpoint, and the commands since: training is deterministic, so the two lead back to where the
session was, less the steps that the last checkpoint does not know.
"""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.runtime.channel import Envelope
from playground.wire.commands import Command, UseTable, apply, parse_command

MOST = 500
"""Commands since the last checkpoint; so many wait only where a worker does not answer."""


@dataclass
class _Entry:
    """A command on its way, what came beside it, and the experiment as it will be then."""

    number: int
    command: dict[str, Any]
    body: bytes
    experiment: Experiment


class Journal:
    """The experiment as it was asked for, as it is confirmed, and the way there."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        """With every accepted command applied."""
        self.confirmed = experiment
        """As the worker has it, after command `command`."""
        self.number = 0
        """Of the last accepted command."""
        self.command = 0
        """Of the last confirmed command."""
        self._origin = experiment
        self._checkpoint: Envelope | None = None
        self._body = b""
        self._entries: deque[_Entry] = deque()

    @classmethod
    def resumed(cls, experiment: Experiment, checkpoint: Envelope | None, body: bytes) -> Journal:
        """One that begins at a checkpoint; without one, at the experiment's step 0."""
        journal = cls(experiment)
        if checkpoint:
            journal.number = journal.command = checkpoint["command"]
            journal._checkpoint, journal._body = checkpoint, body
        return journal

    def copied(self) -> Journal:
        """One that leads to the same place, and goes its own way from there."""
        journal = Journal(self._origin)
        journal.experiment, journal.confirmed = self.experiment, self.confirmed
        journal.number, journal.command = self.number, self.command
        journal._checkpoint, journal._body = self._checkpoint, self._body
        journal._entries = deque(replace(entry) for entry in self._entries)
        return journal

    @property
    def checkpoint(self) -> tuple[Envelope | None, bytes]:
        """The newest, and its body."""
        return self._checkpoint, self._body

    @property
    def origin(self) -> Experiment:
        """With which it began, where there is no checkpoint."""
        return self._origin

    def check(self, given: object, body: bytes = b"") -> tuple[Command, Experiment]:
        """The command, and the experiment after it. InputError where it can't be accepted."""
        if len(self._entries) >= MOST:
            raise InputError("too many changes are waiting; try again in a moment")
        command = parse_command(given)
        if isinstance(command, UseTable) and not body:
            raise InputError(command.needs_body)
        return command, apply(command, self.experiment)[0]

    def accept(self, given: dict[str, Any], experiment: Experiment, body: bytes = b"") -> int:
        """Enter a command that was checked; its number."""
        self.number += 1
        self.experiment = experiment
        self._entries.append(_Entry(self.number, given, body, experiment))
        return self.number

    def confirm(self, command: int) -> None:
        """The worker has done everything up to `command`."""
        self.command = command
        done = [e.experiment for e in self._entries if e.number <= command]
        self.confirmed = done[-1] if done else self.confirmed

    def correct(self, command: int, experiment: Experiment) -> None:
        """The worker holds another experiment than we thought: think again of what comes after."""
        self.command = command
        self.confirmed = experiment
        for entry in self._entries:
            if entry.number > command:
                # The worker will refuse it too, and say so.
                with contextlib.suppress(InputError):
                    experiment, _ = apply(parse_command(entry.command), experiment)
            entry.experiment = experiment
        self.experiment = experiment

    def keep(self, checkpoint: Envelope, body: bytes) -> None:
        """A newer checkpoint: what led to it may be forgotten."""
        self._checkpoint, self._body = checkpoint, body
        while self._entries and self._entries[0].number <= checkpoint["command"]:
            self._entries.popleft()

    def begin_anew(self) -> None:
        """From the experiment as it is now, at step 0; nothing is on its way any more."""
        self._entries.clear()
        self._checkpoint, self._body = None, b""
        self._origin = self.confirmed = self.experiment
        self.command = self.number

    def opening(self) -> tuple[Envelope, bytes]:
        """What another worker needs to be told; behind the checkpoint's body, those of commands."""
        bodies = [self._body, *(entry.body for entry in self._entries)]
        return {
            "experiment": self._origin.dump(),
            "checkpoint": self._checkpoint,
            "checkpoint_bytes": len(self._body),
            "command": self.number - len(self._entries),
            "journal": [[e.number, e.command, len(e.body)] for e in self._entries],
        }, b"".join(bodies)
