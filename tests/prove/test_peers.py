"""The engine beside its peers, in turns on the same machine; peers that are installed take part."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

# How many times faster than each peer's best form we mean to be at least, net by net.
FLOORS = {
    "textbook": {"a": 5, "b": 5, "d": 4.5},
    "pytorch": {"a": 28, "b": 18, "c": 11, "d": 12, "e": 1.7, "f": 1.0, "g": 3.0},
    "torch.compile": {"a": 3.5, "b": 3.5, "c": 3.5, "d": 3.5, "e": 1.0},
    "jax": {"a": 1.6, "b": 2.5, "c": 1.0, "d": 1.3, "e": 0.95, "f": 0.85, "g": 1.15},
    "numba": dict.fromkeys("abcdefg", 0.25),
}


@pytest.mark.parametrize("net", "abcdefg")
def test_no_peer_is_faster_than_it_may_be(net: str) -> None:
    import compare

    result = compare.compare(net)
    print(f"\n{net}: {result.micros}")
    slow = {}
    for family, floors in FLOORS.items():
        if net in floors and any(name.startswith(family) for name in result.ratios):
            ratio = result.best(family)
            print(f"   {family}: × {ratio:.2f}, at least {floors[net]}")
            if ratio < floors[net]:
                slow[family] = ratio
    assert not slow
