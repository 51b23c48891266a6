"""Files in and out of a session: whose they are, how large they may be, that nothing is lost."""

from __future__ import annotations

import io
import json
import socket
import time
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import requests
from server import ServerProcess

Client = Any
"""The `Client` of conftest.py."""
Connect = Callable[..., Client]

TABLE = b"a,b,kind\n1,2,x\n3,4,y\n5,6,x\n7,9,y\n"
MANY = 5 * 1024 * 1024 + 1


def url(server: ServerProcess, client: Client, path: str) -> str:
    return f"{server.url}/api/sessions/{client.identity['session']}/{path}"


def headers(client: Client) -> dict[str, str]:
    return {"X-Session-Token": client.identity["token"]}


def post(server: ServerProcess, client: Client, path: str, body: bytes) -> requests.Response:
    return requests.post(url(server, client, path), data=body, headers=headers(client), timeout=30)


def get(server: ServerProcess, client: Client, name: str) -> requests.Response:
    return requests.get(url(server, client, f"files/{name}"), headers=headers(client), timeout=30)


def weights(client: Client) -> np.ndarray:
    return client.frames[-1][1]["weights"].copy()


def shown(client: Client, answer: requests.Response) -> None:
    """Until a frame shows what was answered."""
    told = answer.json()
    assert told["ok"], told
    client.wait(lambda: client.last.get("command", -1) >= told["number"])


def test_a_table_is_looked_at_and_then_becomes_the_data(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect()
    looked = post(server, client, "table?look", TABLE).json()
    assert looked["columns"][2] == {"name": "kind", "categories": 2}
    assert (looked["ok"], looked["task"], looked["rows"]) == (True, "binary", 4)
    client.wait(lambda: client.frames)
    assert client.last["network"]["inputs"] == ["x1", "x2"]
    shown(client, post(server, client, "table?target=a&header=yes", TABLE))
    assert client.last["network"]["inputs"] == ["b", "kind=x", "kind=y"]
    client.command("reset")
    client.command("step", count=3)
    client.wait_frame(step=3)
    assert client.last["network"]["inputs"] == ["b", "kind=x", "kind=y"]


def test_what_is_wrong_with_a_table_is_said_by_row_and_column(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect()
    answer = post(server, client, "table", TABLE.replace(b"3,4", b"3,four"))
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert "row 3, column 'b'" in message
    assert "'four'" in message
    # To look at a table is no failure, whatever is seen.
    looked = post(server, client, "table?look", TABLE.replace(b"3,4", b"3,four"))
    assert (looked.status_code, looked.json()["error"]["message"]) == (200, message)


@pytest.mark.parametrize("path", ["table", "load"])
def test_without_the_token_nothing_is_taken_or_given(
    server: ServerProcess, connect: Connect, path: str
) -> None:
    client = connect()
    for given in ({}, {"X-Session-Token": "guess"}):
        address = url(server, client, path)
        assert requests.post(address, data=TABLE, headers=given, timeout=10).status_code == 404
        address = url(server, client, "files/save")
        assert requests.get(address, headers=given, timeout=10).status_code == 404


def test_another_sites_page_is_refused(server: ServerProcess, connect: Connect) -> None:
    client = connect()
    given = {**headers(client), "Origin": "https://elsewhere.example"}
    answer = requests.get(url(server, client, "files/save"), headers=given, timeout=10)
    assert answer.status_code == 403


def test_what_is_too_large_is_refused_before_it_is_read(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect()
    session, token = client.identity["session"], client.identity["token"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(
            f"POST /api/sessions/{session}/table HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"X-Session-Token: {token}\r\nContent-Length: {MANY}\r\n\r\n".encode()
        )
        answer = b""
        while b"can be used" not in answer:  # it answers though nothing of the body was sent
            answer += line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"5,242,880" in answer


def test_a_body_that_does_not_say_its_size_is_refused(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect()
    answer = requests.post(
        url(server, client, "table"), data=iter([TABLE]), headers=headers(client), timeout=10
    )
    assert answer.status_code == 400


def test_a_saved_run_goes_on_in_another_session(server: ServerProcess, connect: Connect) -> None:
    client, other = connect(), connect()
    shown(client, post(server, client, "table", TABLE))
    client.command("step", count=40)
    client.wait_frame(step=40, run_state="paused")
    saved = get(server, client, "save")
    assert saved.headers["Content-Disposition"].endswith('"csv-step-40.playground.zip"')
    shown(other, post(server, other, "load", saved.content))
    assert (other.last["step"], other.last["run_state"]) == (40, "paused")
    np.testing.assert_array_equal(weights(other), weights(client))
    for each in (client, other):
        each.command("step", count=10)
        each.wait_frame(step=50, run_state="paused")
    np.testing.assert_array_equal(weights(other), weights(client))


def test_table_and_load_survive_a_killed_worker(
    start_server: Callable[..., ServerProcess], connect: Connect
) -> None:
    server = start_server("--workers", "1")
    client = connect(url=server.url)
    client.command("step", count=20)
    client.wait_frame(step=20, run_state="paused")
    saved = get(server, client, "save").content
    expected = weights(client)
    client.command("reset")
    shown(client, post(server, client, "table", TABLE))
    time.sleep(1.5)  # the waiting worker has started
    # Killed at once: no checkpoint knows of the load, the journal does.
    shown_after = post(server, client, "load", saved).json()["number"]
    server.workers()[0].kill()
    client.wait(lambda: client.last["generation"] > 0 and client.last["command"] >= shown_after)
    np.testing.assert_array_equal(weights(client), expected)
    client.command("undo")
    client.wait(lambda: client.last["network"]["inputs"] == ["a", "b"])


def test_no_file_is_called_so(server: ServerProcess, connect: Connect) -> None:
    answer = get(server, connect(), "saved")
    assert answer.status_code == 404
    assert "did you mean 'save'" in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"PK nonsense", b"{", b'{"data": "cirle"}'])
def test_what_is_no_saved_run_is_refused_and_changes_nothing(
    server: ServerProcess, connect: Connect, body: bytes
) -> None:
    client = connect()
    answer = post(server, client, "load", body)
    assert answer.status_code == 400
    assert client.command("step")["number"] == 1


def test_a_file_whose_weights_do_not_fit_is_refused_by_a_notice(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect()
    packed, numbers = io.BytesIO(), io.BytesIO()
    np.savez(numbers, W1=np.zeros((3, 3)))
    with zipfile.ZipFile(packed, "w") as members:
        members.writestr("experiment.json", json.dumps({"data": "xor"}))
        members.writestr("weights.npz", numbers.getvalue())
    number = post(server, client, "load", packed.getvalue()).json()["number"]
    state = client.wait(
        lambda: next((s for s in client.states if s["command"] >= number and s["notices"]), None)
    )
    assert state["notices"][0]["text"].startswith("Not changed: ")
    assert state["experiment"]["data"]["name"] == "circle"


def test_the_line_comes_with_its_words(server: ServerProcess, connect: Connect) -> None:
    client = connect()
    client.command("step", count=3)
    client.wait_frame(step=3)
    words = json.loads(get(server, client, "command").headers["X-File-Words"])
    assert words["line"] == "backprop-playground train experiment.json --steps 3"
    assert words["is_exact"] is True


def test_a_short_link_is_made_by_the_owner_and_followed_by_anybody(
    server: ServerProcess, connect: Connect
) -> None:
    client = connect(experiment={"seed": 77})
    assert requests.post(url(server, client, "link"), timeout=10).status_code == 404
    link = post(server, client, "link", b"").json()["link"]
    assert post(server, client, "link", b"").json()["link"] == link
    name = link.removeprefix("/x/")
    told = requests.get(f"{server.url}/api/experiments/{name}", timeout=10)
    assert told.json()["seed"] == 77
    followed = requests.get(f"{server.url}{link}?embed=1", timeout=10, allow_redirects=False)
    assert followed.headers["Location"] == f"/?embed=1#x={name}"
    missing = requests.get(f"{server.url}/api/experiments/nothing", timeout=10)
    assert (missing.status_code, missing.json()["error"]["field"]) == (404, "name")


def test_a_table_of_ones_own_gets_no_short_link(server: ServerProcess, connect: Connect) -> None:
    client = connect()
    shown(client, post(server, client, "table", TABLE))
    refused = post(server, client, "link", b"")
    assert refused.status_code == 400
    assert "save a file" in refused.json()["error"]["message"]
