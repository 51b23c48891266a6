"""`train` beside a textbook loop, in turns on the same machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))


@pytest.mark.parametrize("net", ["a", "b", "d"])
def test_train_is_four_and_a_half_times_as_fast_as_a_textbook_loop(net: str) -> None:
    import compare

    times = compare.compare(net)
    ratio = times["textbook"] / times["playground"]
    print(f"\n{net}: {times['playground']:.1f} µs a step, textbook × {ratio:.1f}")
    assert ratio >= 4.5
