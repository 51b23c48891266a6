"""Stopping rules: which ends the run, and which epoch was the best."""

from __future__ import annotations

from math import nan

from playground.engine.stopping import Stopping


def test_without_a_rule_training_never_stops() -> None:
    stopping = Stopping()
    assert not stopping.is_set
    assert all(stopping.tell(epoch, 0.0, 1.0) is None for epoch in range(1, 50))


def test_the_last_epoch_allowed_ends_the_run() -> None:
    stopping = Stopping(max_epochs=3)
    assert [stopping.tell(e, 1.0, 1.0) is not None for e in (1, 2, 3)] == [False, False, True]
    assert not stopping.needs_loss


def test_the_training_loss_decides_on_the_target_not_the_watched_one() -> None:
    stopping = Stopping(target_loss=0.5)
    assert stopping.tell(1, 0.51, 0.1) is None
    assert "0.5" in (stopping.tell(2, 0.5, 9.0) or "")


def test_patience_counts_epochs_since_the_lowest_watched_loss() -> None:
    stopping = Stopping(patience=2)
    reasons = [stopping.tell(e, 0.0, v) for e, v in enumerate([5.0, 4.0, 4.0, 3.9, 4.0, 3.9], 1)]
    assert reasons[:5] == [None] * 5
    assert reasons[5] == "no lower loss for 2 epochs"
    assert "epoch 4, the best," in stopping.with_best(reasons[5])
    assert (stopping.best_epoch, stopping.best_loss) == (4, 3.9)


def test_an_epoch_is_best_just_when_it_was_told_as_the_lowest() -> None:
    stopping, best = Stopping(patience=9), []
    for epoch, loss in enumerate([3.0, 2.0, 2.5, 1.0], 1):
        stopping.tell(epoch, 0.0, loss)
        best.append(stopping.is_best(epoch))
    assert best == [True, True, False, True]


def test_the_epoch_that_reaches_the_target_can_be_the_best_one() -> None:
    # Else an older, worse network would be brought back in place of the one that did it.
    stopping = Stopping(target_loss=0.1, patience=5)
    stopping.tell(1, 1.0, 1.0)
    assert stopping.tell(2, 0.05, 0.5) is not None
    assert stopping.is_best(2)


def test_a_loss_that_is_not_a_number_is_no_progress() -> None:
    stopping = Stopping(patience=2)
    assert [stopping.tell(e, nan, nan) is not None for e in (1, 2)] == [False, True]
