"""Speed: the asked rate is kept, smoothly; a held-up run does not race."""

from __future__ import annotations

import pytest

from playground.runtime.pace import Meter, Pace


@pytest.mark.parametrize("speed", [1.0, 7.0, 200.0, 5000.0])
def test_the_asked_speed_is_kept(speed: float) -> None:
    pace, now, steps = Pace(speed, step_seconds=1e-6), 0.0, 0
    pace.start(now)
    while now < 20:
        taken = pace.owed(now, 0.004)
        pace.took(taken, taken * 1e-6)
        steps += taken
        now = max(pace.wake(now), now + 1e-5)
    # One step is owed at the start, one may be due at the very end.
    assert abs(steps - 20 * speed) <= max(2, 0.005 * 20 * speed)


def test_the_first_step_comes_at_once() -> None:
    pace = Pace(1.0)
    pace.start(100.0)
    assert pace.owed(100.0, 0.004) == 1


def test_at_two_hundred_a_second_no_more_than_two_steps_come_together() -> None:
    pace, now, most = Pace(200.0, step_seconds=1e-6), 0.0, 0
    pace.start(now)
    while now < 2:
        taken = pace.owed(now, 0.004)
        pace.took(taken, taken * 1e-6)
        most = max(most, taken)
        now = pace.wake(now) + 0.001
    assert most <= 2


def test_a_run_that_was_held_up_does_not_race_afterwards() -> None:
    pace = Pace(1000.0, step_seconds=1e-6)
    pace.start(0.0)
    assert pace.owed(60.0, 1.0) <= 100


def test_at_full_speed_a_slice_is_filled_and_not_overrun() -> None:
    pace = Pace(None, step_seconds=1e-3)
    assert pace.owed(0.0, 0.004) == 4
    pace.took(4, 0.4)
    assert pace.owed(0.0, 0.004) == 1


def test_the_meter_shows_steps_per_second() -> None:
    meter = Meter()
    for k in range(200):
        meter.saw(k * 0.01, k * 5)
    assert meter.rate == pytest.approx(500)


def test_the_meter_is_exact_even_when_steps_are_rare() -> None:
    meter = Meter()
    for k in range(5):
        meter.saw(k * 4.0, k)
    assert meter.rate == pytest.approx(0.25)
