"""Every error the house raises, as one tree.

PlaygroundError
├── InputError            what was given can't be used; names the field
│   ├── UnknownNameError  no part, key or column of that name; offers the nearest
│   ├── LimitError        larger than this server allows
│   │   └── FloodError    sent faster than this server allows
│   └── RoleError         somebody who only watches may not do this
├── DivergedError         training reached a value that is not finite
├── StoreError            the database can't keep or find anything at the moment
└── WorkerError           a worker process was lost or does not answer
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_GLANCE = 40
"""Of what was given, so many characters are said again."""


class PlaygroundError(Exception):
    """Anything that this program raises on purpose."""


class InputError(PlaygroundError):
    """What was given can't be used. `field` is its dotted path: `network.hidden.0.units`."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message

    def under(self, prefix: str) -> InputError:
        """The same error, its field seen from one level further out."""
        self.field = f"{prefix}.{self.field}" if self.field else prefix
        return self


class UnknownNameError(InputError):
    """No `kind` is called `name`; the message offers the nearest of `known`."""

    def __init__(
        self, kind: str, name: str, known: Iterable[str], field: str | None = None
    ) -> None:
        known = list(known)
        said = name if len(name) <= _GLANCE else name[:_GLANCE] + "…"
        super().__init__(f"no {kind} is called {said!r}{nearest_hint(said, known)}", field)
        self.name = name
        self.known = known


class LimitError(InputError):
    """Larger than this server allows."""


class FloodError(LimitError):
    """Sent faster than this server allows."""


class RoleError(InputError):
    """Somebody who only watches may not do this."""


class DivergedError(PlaygroundError):
    """Training reached a value that is not finite at `step`, in weight layer `layer`, from 1."""

    def __init__(self, step: int, layer: int, what: str) -> None:
        super().__init__(f"training diverged at step {step}: {what} of layer {layer} is not finite")
        self.step = step
        self.layer = layer
        self.what = what


class StoreError(PlaygroundError):
    """The database can't keep or find anything at the moment, and why."""

    def __init__(self, message: str, *, is_damaged: bool = False) -> None:
        super().__init__(message)
        self.is_damaged = is_damaged


class WorkerError(PlaygroundError):
    """A worker process was lost or does not answer."""


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name that is most like `name`, of those that are at least as like as `likeness`."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=likeness)), None)


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'tanh'?` where a known name is near, else the list of what there is.

    >>> nearest_hint("tahn", ["tanh", "relu"])
    "; did you mean 'tanh'?"
    """
    known = list(known)
    if near := nearest(name, known):
        return f"; did you mean {near!r}?"
    return f"; known: {', '.join(known)}" if known else ""
