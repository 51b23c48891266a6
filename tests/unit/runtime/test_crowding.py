"""What a run saves where many share its worker, and what it never saves."""

from __future__ import annotations

import pytest
from runs import ask, run_of

from playground.runtime.pace import Pace
from playground.runtime.run import Run


def _frames_of(run: Run, sharing: int, count: int) -> list[tuple[int, bytes, bytes]]:
    """Side of the surface, units' maps and histograms, of frames with an epoch between them."""
    run.share_with(sharing)
    found = []
    for k in range(count):
        run.assembly.trainer.run(25)
        header, arrays = run.frame(k, 0, 0)
        assert arrays["surface"].shape == (header["surface"]["resolution"],) * 2
        pictures = [arrays[name].tobytes() for name in ("tiles", "activation_histogram")]
        found.append((header["surface"]["resolution"], pictures[0], pictures[1]))
    return found


def test_in_a_crowd_what_trains_is_drawn_at_less_cost() -> None:
    """The surface is coarser, maps of units and histograms are rarer."""
    run = run_of()
    ask(run, "play")
    alone = _frames_of(run, 1, 16)
    crowded = _frames_of(run, 50, 16)
    assert {side for side, _, _ in alone} == {64}
    assert {side for side, _, _ in crowded} == {32}
    assert len({tiles for _, tiles, _ in alone}) == 16
    assert len({tiles for _, tiles, _ in crowded}) == 8
    assert len({counts for _, _, counts in alone}) > 8
    assert 2 <= len({counts for _, _, counts in crowded}) <= 3


def test_a_frame_says_of_which_step_its_pictures_are() -> None:
    """Held against the same run alone, whose pictures are all of their frame's step."""
    drawn: dict[int, dict[str, bytes]] = {}
    ages: dict[str, list[int]] = {"tiles": [], "activation_histogram": []}
    for sharing in (1, 50):
        run = run_of()
        ask(run, "play")
        run.share_with(sharing)
        for k in range(16):
            run.assembly.trainer.run(25)
            header, arrays = run.frame(k, 0, 0)
            of = {"tiles": header["tiles_step"], "activation_histogram": header["activation_step"]}
            pictures = {name: arrays[name].tobytes() for name in of}
            if sharing == 1:
                assert set(of.values()) == {header["step"]}
                drawn[header["step"]] = pictures
            for name, step in of.items():
                assert pictures[name] == drawn[step][name]
                ages[name].append(header["step"] - step)
    assert (max(ages["tiles"]), max(ages["activation_histogram"])) == (25, 175)


def test_at_rest_a_run_is_drawn_in_full_in_any_crowd() -> None:
    run = run_of()
    ask(run, "play")
    _frames_of(run, 50, 3)
    ask(run, "pause")
    [(side, *pictures)] = _frames_of(run, 50, 1)
    [(_, *again)] = _frames_of(run, 1, 1)
    assert side == 64
    assert pictures[0] != again[0], "both are of their own step"
    assert pictures[1] != again[1], "both are of their own step"
    assert run.frame(9, 0, 0)[1]["surface_value"].shape == (64, 64)


@pytest.mark.parametrize(("sharing", "apart"), [(1, 0.005), (12, 0.005), (50, 4 / 240)])
def test_in_a_crowd_more_steps_are_taken_together(sharing: int, apart: float) -> None:
    """At 200 a second one step every 5 ms; of fifty runs each waits 50/12 times as long as 4 ms."""
    run = run_of()
    run.share_with(sharing)
    pace = Pace(200.0)
    pace.crowding = run.pace.crowding
    pace.start(0.0)
    pace.took(pace.owed(0.0, 1.0), 1e-5)
    assert pace.wake(0.0) == pytest.approx(apart, rel=1e-6)
