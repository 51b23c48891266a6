"""One session, many viewers: read-only, handed over, followed, copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import requests
from server import ServerProcess

Client = Any
Connect = Callable[..., Client]


def watch(connect: Connect, owner: Client, **more: Any) -> Client:
    return connect(session=owner.opened["session"], token=owner.opened["view"], **more)


def ask(client: Client, event: str, given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.socket.call(event, given, timeout=20)
    return answer


def told(client: Client, **expected: Any) -> None:
    client.wait(lambda: client.states and expected.items() <= client.states[-1].items())


def test_viewers_see_it_live_and_can_change_nothing(connect: Connect) -> None:
    owner = connect()
    viewer = watch(connect, owner)
    assert viewer.opened["role"] == "viewer"
    assert viewer.opened["view"] == owner.opened["view"]
    assert owner.opened["token"] not in str(viewer.opened)
    told(owner, watching=1)
    owner.command("play")
    viewer.wait(lambda: viewer.last.get("step", 0) > 20)
    for command in (
        {"name": "pause"}, {"name": "reset"}, {"name": "step"}, {"name": "undo"},
        {"name": "edit", "patch": {"training": {"learning_rate": 9}}},
        {"name": "add_layer", "at": 0}, {"name": "load", "experiment": {}}, {"name": "fly"},
    ):  # fmt: skip
        refused = ask(viewer, "command", command)
        assert refused["ok"] is False
        assert "you are watching" in refused["error"]["message"]
    before = viewer.last["step"]
    viewer.wait(lambda: viewer.last["step"] > before)
    assert viewer.last["learning_rate"] == 0.03
    assert viewer.states[-1]["role"] == "viewer"
    viewer.close()
    told(owner, watching=0)


def test_a_viewers_token_takes_and_gives_no_file(server: ServerProcess, connect: Connect) -> None:
    owner = connect()
    at = f"{server.url}/api/sessions/{owner.opened['session']}"
    headers = {"X-Session-Token": owner.opened["view"]}
    for path in ("load", "table", "link", "qr"):
        refused = requests.post(f"{at}/{path}", data=b"{}", headers=headers, timeout=10)
        assert refused.status_code == 404
    assert requests.get(f"{at}/files/save", headers=headers, timeout=10).status_code == 404


def test_control_goes_to_a_viewer_and_back(connect: Connect) -> None:
    owner = connect()
    ann, bob = watch(connect, owner), watch(connect, owner)
    assert ask(bob, "raise_hand", {"up": True})["ok"]
    number = bob.opened["number"]
    told(owner, asking=[number])
    assert ask(ann, "hand_over", {"to": ann.opened["number"]})["ok"] is False
    assert ask(owner, "hand_over", {"to": number})["ok"]
    told(bob, steering=number)
    assert bob.command("step")["ok"]
    assert "take it back" in owner.command("step")["error"]["message"]
    assert "another viewer" in ann.command("step")["error"]["message"]
    assert ask(owner, "hand_over", {"to": None})["ok"]
    told(bob, steering=None)
    assert bob.command("step")["ok"] is False
    assert owner.command("step")["ok"]
    ask(owner, "hand_over", {"to": number})
    bob.close()
    told(owner, steering=None)
    assert owner.command("step")["ok"]


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("raise_hand", None), ("raise_hand", {"up": "yes"}), ("hand_over", {"to": "ann"}),
        ("hand_over", {"to": True}), ("hand_over", []), ("present", 5),
        ("present", {"scenario": "x" * 65}), ("present", {"scene": -1}), ("present", {"evil": 1}),
    ],
)  # fmt: skip
def test_nonsense_in_the_hall_is_refused(connect: Connect, event: str, given: Any) -> None:
    owner = connect()
    assert ask(owner, event, given)["ok"] is False
    assert owner.command("step")["ok"]


def test_viewers_are_told_what_the_presenter_shows(connect: Connect) -> None:
    owner = connect()
    viewer = watch(connect, owner)
    seen: list[Any] = []
    viewer.socket.on("presented", lambda what: viewer._tell(seen, what, "presented"))
    shown = {"scenario": "vanishing", "scene": 2, "focus": 3}
    assert ask(owner, "present", shown)["ok"]
    viewer.wait(lambda: seen)
    assert seen == [shown]
    assert watch(connect, owner).opened["presented"] == shown
    assert ask(viewer, "present", {"focus": 1})["ok"] is False


def test_make_it_mine_copies_the_running_session_weights_included(connect: Connect) -> None:
    owner = connect(experiment={"data": "moons"})
    owner.command("step", count=300)
    owner.wait_frame(step=300, run_state="paused")
    weights = owner.frames[-1][1]["weights"]
    viewer = watch(connect, owner)
    viewer.wait(lambda: viewer.frames)
    own = watch(connect, owner, fork=True)
    assert own.opened["role"] == "owner"
    assert own.opened["session"] != owner.opened["session"]
    assert own.opened["token"] not in (owner.opened["token"], owner.opened["view"])
    own.wait_frame(step=300)
    np.testing.assert_array_equal(own.frames[-1][1]["weights"], weights)
    assert own.command("step")["ok"]
    own.wait_frame(step=301)
    owner.command("step", count=2)
    owner.wait_frame(step=302)
    assert own.last["step"] == 301


def test_a_copy_of_nothing_is_refused(connect: Connect) -> None:
    gone = connect(session="gone", token="x", experiment={"seed": 1}, fork=True)
    assert gone.opened["ok"] is False
    assert gone.opened["error"]["field"] == "session"


def test_an_address_becomes_a_qr_code(server: ServerProcess, connect: Connect) -> None:
    owner = connect()
    at = f"{server.url}/api/sessions/{owner.opened['session']}/qr"
    headers = {"X-Session-Token": owner.opened["token"]}
    rows = requests.post(at, data=b"http://lab/#view=x", headers=headers, timeout=10).json()["rows"]
    assert len(rows) == len(rows[0]) == 25  # version 2: a quarter of a kilobit
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for corner in (
        [row[:7] for row in rows[:7]],
        [row[-7:] for row in rows[:7]],
        [row[:7] for row in rows[-7:]],
    ):
        assert corner == finder
    refused = requests.post(at, data=b"x" * 501, headers=headers, timeout=10)
    assert refused.status_code == 413
