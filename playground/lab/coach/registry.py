"""The coach's registry of diagnoses, and when they speak: steadily, and causes before symptoms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.lab.coach.vitals import Vitals
from playground.telemetry.frames import Cure, Finding

SPEAKS_AFTER = 2
"""Looks in a row that must agree before a finding is told …"""
SILENT_AFTER = 3
"""… and before it is taken back."""
JUDGES_AFTER = 200
"""Steps since the last change: before, a gradient that vanishes can't be told from a slow start."""


@dataclass(frozen=True)
class Observation:
    """What a diagnosis found, with numbers; `certain` is told at once."""

    severity: str
    seen: str
    cures: list[Cure]
    layers: tuple[int, ...] = ()
    certain: bool = False


Examine = Callable[[Vitals], Observation | None]


@dataclass(frozen=True)
class Diagnosis:
    """One illness: what is known of it, and the test for it."""

    id: str
    title: str
    why: str
    formula: str
    hides: frozenset[str]
    """What this one explains, and so is not told beside it."""
    examine: Examine


DIAGNOSES: dict[str, Diagnosis] = {}
"""By id, in the order in which they are told."""


def diagnosis(
    name: str, title: str, *, why: str, formula: str, hides: tuple[str, ...] = ()
) -> Callable[[Examine], Examine]:
    """Decorator: enter a test among the diagnoses."""

    def add(examine: Examine) -> Examine:
        if name in DIAGNOSES:
            raise ValueError(f"the diagnosis {name!r} is there twice")
        DIAGNOSES[name] = Diagnosis(name, title, why, formula, frozenset(hides), examine)
        return examine

    return add


def examined(vitals: Vitals) -> dict[str, Observation]:
    """What is found at one look, by diagnosis, without what another explains."""
    found = {
        name: seen for name, each in DIAGNOSES.items() if (seen := each.examine(vitals)) is not None
    }
    hidden = {name for other in found for name in DIAGNOSES[other].hides if name != other}
    return {name: seen for name, seen in found.items() if name not in hidden}


class Coach:
    """Looks at one run again and again, and tells what it finds without chatter."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._missed: dict[str, int] = {}
        self._told: dict[str, Observation] = {}
        self._looks = 0
        self._is_sure = False

    @property
    def looked(self) -> bool:
        """Often enough to have told what there is: silence then is health."""
        return self._is_sure or bool(self._told)

    def look(self, vitals: Vitals) -> list[Finding]:
        """What there is to say after one more look."""
        self._looks += 1
        now = examined(vitals)
        for name in list(self._seen):
            if name not in now:
                del self._seen[name]
        for name, observation in now.items():
            self._seen[name] = self._seen.get(name, 0) + 1
            if name in self._told or observation.certain or self._seen[name] >= SPEAKS_AFTER:
                self._told[name] = observation
                self._missed[name] = 0
        for name in list(self._told):
            if name not in now:
                self._missed[name] += 1
                if self._missed[name] >= SILENT_AFTER:
                    del self._told[name]
        is_late = self._looks >= SPEAKS_AFTER and vitals.age >= JUDGES_AFTER
        self._is_sure |= is_late and set(self._seen) <= set(self._told)
        return [_finding(DIAGNOSES[n], self._told[n]) for n in DIAGNOSES if n in self._told]

    def forget(self) -> None:
        """Something was changed: what was told is of another run."""
        self._seen, self._missed, self._told, self._looks = {}, {}, {}, 0
        self._is_sure = False

    def recall(self, findings: list[Finding]) -> None:
        """What was told elsewhere, after looks enough."""
        self._looks, self._is_sure = SPEAKS_AFTER, True
        for told in findings:
            self._missed[told["id"]] = 0
            self._told[told["id"]] = Observation(
                told["severity"], told["seen"], told["cures"], tuple(told["layers"])
            )


def _finding(of: Diagnosis, seen: Observation) -> Finding:
    return {
        "id": of.id,
        "severity": seen.severity,  # type: ignore[typeddict-item]
        "title": of.title,
        "seen": seen.seen,
        "why": of.why,
        "formula": of.formula,
        "layers": list(seen.layers),
        "cures": seen.cures,
    }
