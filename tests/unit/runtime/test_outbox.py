"""Credits: two undrawn frames at most, the newest wins, lies earn nothing."""

from __future__ import annotations

from playground.runtime.outbox import Outbox


def sent(*seqs: int) -> Outbox:
    outbox = Outbox()
    for seq in seqs:
        outbox.sent(seq)
    return outbox


def test_a_viewer_holds_two_undrawn_frames_and_no_more() -> None:
    outbox = sent(0)
    assert outbox.wants(1)
    outbox.sent(1)
    assert not outbox.wants(2)


def test_drawing_a_frame_makes_room_for_the_newest_and_skips_the_rest() -> None:
    outbox = sent(0, 1)
    outbox.drawn(0)
    assert outbox.wants(17)
    outbox.sent(17)
    assert not outbox.wants(18)


def test_an_acknowledgement_covers_all_frames_before_it() -> None:
    outbox = sent(3, 8)
    outbox.drawn(8)
    outbox.sent(9)
    assert outbox.has_credit


def test_a_frame_is_sent_to_a_viewer_once() -> None:
    outbox = sent(5)
    assert not outbox.wants(5)
    assert not outbox.wants(4)


def test_a_client_that_claims_to_have_drawn_the_future_gains_two_frames_only() -> None:
    outbox = sent(0, 1)
    outbox.drawn(10**12)
    outbox.sent(2)
    outbox.sent(3)
    assert not outbox.has_credit


def test_an_old_acknowledgement_changes_nothing() -> None:
    outbox = sent(5, 6)
    outbox.drawn(2)
    assert not outbox.has_credit


def test_a_slow_line_has_one_frame_under_way_and_a_quick_one_two_again() -> None:
    now = 0.0
    outbox = Outbox(lambda: now)
    outbox.sent(0)
    now = 0.5
    outbox.drawn(0)
    outbox.sent(1)
    assert not outbox.has_credit
    now = 0.55
    outbox.drawn(1)
    outbox.sent(2)
    assert outbox.has_credit


def test_a_thin_line_that_carries_one_frame_in_time_is_not_given_two_again() -> None:
    """18 KB a frame at 100 KB a second: what was sent last waits for all that is under way."""
    now, free_at, seq = 0.0, 0.0, 0
    outbox = Outbox(lambda: now)
    under_way: list[tuple[float, float, int]] = []
    late = []
    for tick in range(1, 600):
        now = tick / 30
        while under_way and under_way[0][0] <= now:
            _, sent_at, drawn = under_way.pop(0)
            late.append(now - sent_at)
            outbox.drawn(drawn)
        if outbox.has_credit:
            seq += 1
            free_at = max(free_at, now) + 0.18
            under_way.append((free_at, now, seq))
            outbox.sent(seq)
    assert max(late[:3]) > 0.3, "two under way, at first"
    assert max(late[3:]) < 0.25
    assert len(late) > 80, "and the line stays in use"
