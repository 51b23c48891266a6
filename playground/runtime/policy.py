"""What a server grants its sessions: how many, how long, and how much of the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass

DEFAULT_SPEED = 200.0
"""Steps per second: a newcomer can watch the default net learn over some seconds."""


def usable_cores() -> int:
    """A worker for each: workers are nicer than the web process, which takes what it needs."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return usable or 1


@dataclass(frozen=True)
class Policy:
    """Every bound in one place; times in seconds."""

    workers: int = 1
    memory_bytes: int = 4 << 30
    """Address space of each worker: beyond it an allocation fails, in that run alone."""
    nice: int = 5
    hang_seconds: float = 10.0
    """A worker that says nothing for so long is killed and replaced."""
    max_sessions: int = 200
    max_sessions_per_address: int = 150
    unwatched_training_seconds: float = 600.0
    """A session that nobody watches trains on for so long, then pauses."""
    idle_seconds: float = 3600.0
    """A session that nobody has watched for so long is parked in the database."""
    expire_days: float = 90.0
    """A parked session that nobody has opened for so long is forgotten."""
    strikes: int = 2
    """A session that brings its worker down so often is set aside."""
    forgive_seconds: float = 60.0
    """So long without bringing its worker down, and a session's strikes are forgotten."""
