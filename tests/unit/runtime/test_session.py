"""A session in the web process: pulls, credits, confirmations, and beginning again elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.runtime.journal import MOST
from playground.runtime.session import Session


class Line:
    """Takes the place of worker and browsers, and remembers."""

    def __init__(self) -> None:
        self.to_worker: list[dict[str, Any]] = []
        self.to_viewers: list[tuple[str, Any, list[str]]] = []

    def send(self, envelope: dict[str, Any], body: bytes = b"") -> None:
        self.to_worker.append(envelope)

    def transmit(self, event: str, payload: Any, viewers: list[str]) -> None:
        self.to_viewers.append((event, payload, list(viewers)))

    def frames(self, viewer: str) -> list[Any]:
        return [p for e, p, to in self.to_viewers if e == "frame" and viewer in to]

    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.to_worker]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def session(line: Line) -> Session:
    made = Session(Experiment(), 0, line.transmit)
    made.host(line)
    return made


def frame(session: Session, seq: int) -> None:
    message = {"kind": "frame", "session": session.id, "seq": seq, "step": seq, "epoch": 0}
    session.heard(message, b"frame %d" % seq)


def confirmed(session: Session, command: int, **more: Any) -> None:
    told = {"run_state": "idle", "step": 0, "epoch": 0, "speed": 200.0, "diverged": None}
    told |= {"undo": None, "redo": None, "comparison": []}
    message = {"kind": "state", "command": command, "notices": [], **told, **more}
    session.heard(message, b"")


def rate(value: float) -> dict[str, Any]:
    return {"name": "edit", "patch": {"training": {"learning_rate": value}}}


def test_nobody_watches_and_no_frame_is_asked_for(line: Line, session: Session) -> None:
    assert line.kinds() == ["open"]
    session.attach("a")
    assert line.kinds() == ["open", "pull"]


def test_a_stalled_viewer_gets_two_frames_and_does_not_hold_up_another(
    line: Line, session: Session
) -> None:
    session.attach("quick")
    session.attach("stalled")
    for seq in range(50):
        frame(session, seq)
        session.drawn("quick", seq)
    assert len(line.frames("quick")) == 50
    assert len(line.frames("stalled")) == 2


def test_when_all_viewers_are_full_the_worker_rests(line: Line, session: Session) -> None:
    session.attach("a")
    for seq in range(5):
        frame(session, seq)
    assert line.kinds().count("pull") == 2


def test_when_the_last_viewer_leaves_the_worker_is_told(line: Line, session: Session) -> None:
    """Else a pull that nobody waits for would count as a viewer, and slow down all others."""
    session.attach("a")
    session.attach("b")
    session.detach("a")
    assert "rest" not in line.kinds()
    session.detach("b")
    assert line.kinds()[-1] == "rest"
    session.attach("c")
    pull = line.to_worker[-1]
    assert (pull["kind"], pull["session"], pull["fresh"]) == ("pull", session.id, True)


def test_a_viewer_that_comes_back_to_life_gets_the_newest_frame(
    line: Line, session: Session
) -> None:
    session.attach("quick")
    session.attach("sleepy")
    for seq in range(20):
        frame(session, seq)
        session.drawn("quick", seq)
    session.drawn("sleepy", 1)
    assert line.frames("sleepy")[-1] == b"frame 19"


def test_points_come_before_the_first_frame_and_once(line: Line, session: Session) -> None:
    session.heard({"kind": "points", "session": session.id, "revision": 1}, b"points")
    session.attach("a")
    frame(session, 0)
    session.drawn("a", 0)
    frame(session, 1)
    assert [event for event, _, _ in line.to_viewers] == ["points", "frame", "frame"]


def test_the_state_speaks_of_what_is_confirmed(session: Session) -> None:
    assert session.ask(rate(0.1)) == 1
    assert session.ask(rate(0.2)) == 2
    confirmed(session, 1)
    told = session.state("owner")
    assert (told["command"], told["experiment"]["training"]["learning_rate"]) == (1, 0.1)
    assert session.journal.experiment.training.learning_rate == 0.2


def test_a_refused_command_is_not_passed_on(line: Line, session: Session) -> None:
    with pytest.raises(InputError):
        session.ask(rate(-1))
    assert line.kinds() == ["open"]
    assert session.ask(rate(0.1)) == 1


def test_a_late_refusal_takes_the_edit_back_and_keeps_those_after_it(session: Session) -> None:
    session.ask({"name": "edit", "patch": {"data": {"noise": 0.4}}})
    session.ask(rate(0.2))
    notice = {"level": "error", "text": "Not changed.", "field": "data.noise"}
    confirmed(session, 1, experiment=Experiment().dump(), notices=[notice])
    assert session.journal.experiment.data.noise == 0.0  # type: ignore[attr-defined]
    assert session.journal.experiment.training.learning_rate == 0.2
    assert session.state("owner")["notices"] == [notice]


def test_another_worker_is_told_the_checkpoint_and_what_came_after(
    line: Line, session: Session
) -> None:
    for value in (0.1, 0.2, 0.3):
        session.ask(rate(value))
    session.heard({"kind": "checkpoint", "session": session.id, "command": 2}, b"npz")
    session.lose_worker()
    session.host(line)
    opening = line.to_worker[-1]
    assert opening["kind"] == "open"
    assert opening["generation"] == 1
    assert opening["checkpoint"]["command"] == 2
    assert opening["command"] == 2
    assert opening["journal"] == [[3, rate(0.3), 0]]


def test_frames_of_a_new_generation_count_on(line: Line, session: Session) -> None:
    session.attach("a")
    frame(session, 41)
    session.lose_worker()
    session.host(line)
    opening = next(m for m in reversed(line.to_worker) if m["kind"] == "open")
    assert opening["seq"] == 41


def test_a_session_set_aside_takes_edits_and_comes_back_by_reset(
    line: Line, session: Session
) -> None:
    session.attach("a")
    session.lose_worker()
    session.set_aside()
    assert "set aside" in session.state("owner")["notices"][0]["text"] or any(
        "set aside" in notice["text"]
        for event, payload, _ in line.to_viewers
        if event == "state"
        for notice in payload["notices"]
    )
    with pytest.raises(InputError, match="set aside"):
        session.ask({"name": "play"})
    session.ask(rate(0.2))
    assert not session.is_homeless
    session.ask({"name": "reset"})
    assert session.is_homeless
    session.host(line)
    opening = [m for m in line.to_worker if m["kind"] == "open"][-1]
    assert opening["experiment"]["training"]["learning_rate"] == 0.2
    assert opening["checkpoint"] is None


def test_a_worker_that_does_not_answer_does_not_fill_the_memory(session: Session) -> None:
    for k in range(MOST):
        session.ask(rate(0.1 + k * 1e-6))
    with pytest.raises(InputError, match="too many changes"):
        session.ask(rate(0.5))


def test_another_worker_is_given_the_tables_too(line: Line) -> None:
    bodies: list[bytes] = []

    class Heard(Line):
        def send(self, envelope: dict[str, Any], body: bytes = b"") -> None:
            super().send(envelope, body)
            bodies.append(body)

    worker = Heard()
    session = Session(Experiment(), 0, line.transmit)
    session.host(worker)
    session.ask({"name": "use_table", "header": True}, b"a,b\n1,2\n")
    session.ask(rate(0.2))
    session.lose_worker()
    session.host(worker)
    opening = worker.to_worker[-1]
    assert [size for _, _, size in opening["journal"]] == [8, 0]
    assert bodies[-1] == b"a,b\n1,2\n"
    assert opening["checkpoint_bytes"] == 0


def test_a_table_does_not_come_over_a_socket(session: Session) -> None:
    with pytest.raises(InputError, match="upload it"):
        session.ask({"name": "use_table"})


def test_a_question_is_answered_or_refused(line: Line, session: Session) -> None:
    def answers(envelope: dict[str, Any], body: bytes = b"") -> None:
        if envelope["kind"] == "request":
            refusal = {"ok": False, "error": {"message": "no", "field": "what"}}
            told = {"ok": True, "file": "x"} if envelope["request"]["what"] == "save" else refusal
            message = {"kind": "answer", "number": envelope["number"], **told}
            session.heard(message, b"bytes")

    line.send = answers  # type: ignore[method-assign]
    words, body = session.request({"name": "file", "what": "save"})
    assert (words["file"], body) == ("x", b"bytes")
    with pytest.raises(InputError, match="no"):
        session.request({"name": "file", "what": "other"})
    session.lose_worker()
    with pytest.raises(InputError, match="no worker"):
        session.request({"name": "file", "what": "save"})
