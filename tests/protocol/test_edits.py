"""Edits by hand, and their way back, over the wire."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from server import ServerProcess

Client = Any
"""The `Client` of conftest.py."""
Connect = Callable[..., Client]


def weights(client: Client) -> np.ndarray:
    return client.frames[-1][1]["weights"]


def after(client: Client, number: int) -> dict[str, object]:
    """The state that knows of command `number`."""
    return client.wait(
        lambda: (
            client.states[-1] if client.states and client.states[-1]["command"] >= number else None
        )
    )


def test_a_weight_set_by_hand_is_in_the_next_frame_and_can_be_taken_back(connect: Connect) -> None:
    client = connect()
    client.wait(lambda: client.frames)
    before = weights(client).copy()
    answer = client.command("set_weight", layer=2, input=1, unit=0, value=0.125)
    assert answer["ok"]
    client.wait(lambda: client.last["command"] >= answer["number"])
    expected = before.copy()
    expected[-2] = 0.125  # W3 is (2, 1), its bias comes last
    np.testing.assert_array_equal(weights(client), expected)
    assert after(client, answer["number"])["undo"] == "Set a weight of layer 3"
    answer = client.command("undo")
    client.wait(lambda: client.last["command"] >= answer["number"])
    np.testing.assert_array_equal(weights(client), before)
    told = after(client, answer["number"])
    assert (told["undo"], told["redo"]) == (None, "Set a weight of layer 3")


def test_a_weight_that_is_not_there_is_refused_with_its_field(connect: Connect) -> None:
    answer = connect().command("set_weight", layer=2, input=2, unit=0, value=1)
    assert answer == {
        "ok": False,
        "error": {"message": "must be at most 1, got 2", "field": "input"},
    }


def test_a_late_refusal_too_is_known_by_a_frame(connect: Connect) -> None:
    """Only the worker knows that this can't be; a page at rest waits for a frame that says so."""
    client = connect(experiment={"network": {"hidden": [{"units": 4, "dropout": 0.2}]}})
    client.wait(lambda: client.frames)
    time.sleep(0.5)  # at rest: no frame is on its way
    answer = client.command("band", seeds=8)
    assert answer["ok"]
    frame = client.wait_frame(command=answer["number"])
    assert frame["lab"]["band"] is None


def test_what_is_undone_is_the_experiment_again(connect: Connect) -> None:
    client = connect()
    client.command("remove_layer", at=0)
    client.command("edit", patch={"training": {"learning_rate": 0.5}})
    client.command("undo")
    # Asked for before the answer can be here: judged by what the run really is then.
    last = client.command("undo")
    told = after(client, last["number"])
    assert [layer["units"] for layer in told["experiment"]["network"]["hidden"]] == [4, 2]
    assert told["experiment"]["training"]["learning_rate"] == 0.03
    assert client.command("remove_layer", at=1)["ok"]


def test_undo_after_the_worker_was_killed_brings_the_weights_back(
    start_server: Callable[..., ServerProcess], connect: Connect
) -> None:
    server = start_server("--workers", "1")
    client = connect(url=server.url)
    client.command("step", count=50)
    client.wait_frame(step=50, run_state="paused")
    before = weights(client).copy()
    client.command("remove_unit", layer=0, unit=0)
    client.wait(lambda: weights(client).size < before.size)
    time.sleep(1.0)  # a run that rests is checkpointed soon; the waiting worker has started
    server.workers()[0].kill()
    client.wait(lambda: client.last["generation"] > 0)
    answer = client.command("undo")
    client.wait(lambda: client.last["command"] >= answer["number"])
    np.testing.assert_array_equal(weights(client), before)
    assert client.last["step"] == 50
