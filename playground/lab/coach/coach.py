"""Every diagnosis there is, entered in the order in which they are told."""

from playground.lab.coach import learning, signals  # noqa: F401
from playground.lab.coach.registry import DIAGNOSES, Coach, Observation, examined
from playground.lab.coach.vitals import Vitals

__all__ = ["DIAGNOSES", "Coach", "Observation", "Vitals", "examined"]
