"""The coach over fifty healthy and fifty sick experiments: the confusion matrix."""

from __future__ import annotations

from collections import Counter

from clinic import HEALTHY, SICK, observed


def test_the_coach_finds_the_sick_and_leaves_the_healthy_alone() -> None:
    assert (len(HEALTHY), len(SICK)) == (50, 50)
    alarms, told, missed = [], Counter[tuple[str, str]](), []
    for name, experiment, steps in HEALTHY:
        found = [finding["id"] for finding in observed(experiment, steps)]
        told.update(("healthy", other) for other in found or ["silent"])
        alarms += [(name, found)] if found else []
    for name, experiment, steps, illness in SICK:
        found = [finding["id"] for finding in observed(experiment, steps)]
        told.update((illness, other) for other in found or ["silent"])
        missed += [(name, illness, found)] if illness not in found else []
    hits = len(SICK) - len(missed)
    print(f"\n{'':24}{'spoke rightly':>16}{'was silent or wrong':>22}")
    print(f"{'sick':24}{hits:16}{len(missed):22}")
    print(f"{'healthy':24}{len(HEALTHY) - len(alarms):>16}{len(alarms):22}")
    for (illness, said), count in sorted(told.items()):
        print(f"  {illness:20} → {said:20} {count:3}")
    print(f"missed: {missed}\nfalse alarms: {alarms}")
    assert alarms == []
    assert hits >= 48
