"""Whoever does not belong here: refused, counted in the metrics, and nobody else notices."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import socketio
from server import ServerProcess
from websocket import WebSocketConnectionClosedException, create_connection

Client = Any
Connect = Callable[..., Client]
Start = Callable[..., ServerProcess]
SOCKET = "/socket.io/?EIO=4&transport=websocket"


def metrics(server: ServerProcess) -> str:
    return requests.get(f"{server.url}/metrics", timeout=10).text


def counted(server: ServerProcess, name: str) -> float:
    found = re.search(rf"^playground_{re.escape(name)} (\S+)$", metrics(server), re.MULTILINE)
    assert found, name
    return float(found[1])


def refused(server: ServerProcess, why: str) -> float:
    return counted(server, f'refused_total{{why="{why}"}}')


@pytest.fixture
def neighbour(connect: Connect) -> Client:
    """Somebody whose session must not notice anything."""
    client = connect()
    client.command("play")
    client.wait(lambda: client.last.get("step", 0) > 5)
    return client


def goes_on(neighbour: Client) -> None:
    before = neighbour.last["step"]
    neighbour.wait(lambda: neighbour.last["step"] > before + 20)
    assert neighbour.command("step")["ok"]


@pytest.mark.parametrize("path", ["/", SOCKET, "/healthz", "/metrics", "/static/js/main.js"])
def test_a_foreign_host(server: ServerProcess, path: str) -> None:
    before = refused(server, "host")
    told = requests.get(f"{server.url}{path}", headers={"Host": "evil.example"}, timeout=10)
    assert told.status_code == 403
    assert refused(server, "host") == before + 1


def test_a_foreign_origin(server: ServerProcess, neighbour: Client) -> None:
    before = refused(server, "origin")
    with pytest.raises(Exception, match="403"):
        create_connection(
            server.url.replace("http", "ws") + SOCKET, origin="http://evil.example", timeout=10
        )
    assert refused(server, "origin") == before + 1
    goes_on(neighbour)


def test_a_wrong_token(server: ServerProcess, connect: Connect, neighbour: Client) -> None:
    before = refused(server, "token")
    for token in (None, "", "guess", neighbour.opened["session"]):
        thief = connect(session=neighbour.opened["session"], token=token)
        assert thief.opened["error"]["field"] == "token"
    assert refused(server, "token") == before + 4
    goes_on(neighbour)


def test_a_viewer_who_commands(server: ServerProcess, connect: Connect, neighbour: Client) -> None:
    before = refused(server, "viewer")
    viewer = connect(session=neighbour.opened["session"], token=neighbour.opened["view"])
    assert viewer.command("reset")["ok"] is False
    assert refused(server, "viewer") == before + 1
    goes_on(neighbour)


def test_a_message_too_large_at_its_header(server: ServerProcess, neighbour: Client) -> None:
    before = refused(server, "size")
    line = create_connection(server.url.replace("http", "ws") + SOCKET, timeout=10)
    # The header of a gigabyte; not one byte of it follows.
    line.sock.sendall(b"\x81\xff" + (1 << 30).to_bytes(8, "big") + b"\0\0\0\0")
    with contextlib.suppress(WebSocketConnectionClosedException):
        while line.recv():
            pass
    assert refused(server, "size") == before + 1
    goes_on(neighbour)


def test_a_flood(server: ServerProcess, connect: Connect, neighbour: Client) -> None:
    before = refused(server, "flood")
    flooding = connect()
    with contextlib.suppress(socketio.exceptions.SocketIOError, OSError):
        for _ in range(2500):
            flooding.socket.emit("command", {"name": "step"})
    deadline = time.monotonic() + 10
    while refused(server, "flood") == before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert refused(server, "flood") > before
    goes_on(neighbour)


def test_a_socket_that_never_opens_a_session(start_server: Start) -> None:
    server = start_server(PLAYGROUND_OPEN_SECONDS="1")
    before = refused(server, "silent")
    line = create_connection(server.url.replace("http", "ws") + SOCKET, timeout=10)
    with contextlib.suppress(WebSocketConnectionClosedException):
        while line.recv():
            pass
    assert refused(server, "silent") == before + 1


def test_too_many_from_one_address_and_too_many_of_one_page(
    start_server: Start, connect: Connect
) -> None:
    server = start_server(
        PLAYGROUND_MAX_SESSIONS_PER_ADDRESS="3", PLAYGROUND_MAX_SESSIONS_PER_PAGE="2"
    )
    first = connect(url=server.url)
    connect(url=server.url)
    connect(url=server.url)
    fourth = connect(url=server.url)
    assert "3 sessions are open from your network" in fourth.opened["error"]["message"]
    assert first.command("step")["ok"]
    again = first.socket.call("open", {}, timeout=20)
    assert "from your network" in again["error"]["message"]
    third = first.socket.call("open", {}, timeout=20)
    assert "this page has opened 2 sessions" in third["error"]["message"]
    assert refused(server, "full") == 3


def test_metrics_tell_what_there_is_and_no_secret(server: ServerProcess, neighbour: Client) -> None:
    text = metrics(server)
    assert counted(server, "sessions") >= 1
    assert counted(server, "connections") >= 1
    assert counted(server, "workers") >= 1
    assert counted(server, "database_healthy") == 1
    assert counted(server, "commands_total") >= 1
    assert counted(server, "frames_sent_total") >= 1
    for secret in ("session", "token", "view"):
        assert neighbour.opened[secret] not in text


def test_metrics_are_for_this_machine_unless_they_are_public(start_server: Start) -> None:
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}
    server = start_server(PLAYGROUND_TRUST_PROXY="1")
    assert requests.get(f"{server.url}/metrics", timeout=10).status_code == 200
    told = requests.get(f"{server.url}/metrics", headers=elsewhere, timeout=10)
    assert told.status_code == 404
    server = start_server(PLAYGROUND_TRUST_PROXY="1", PLAYGROUND_PUBLIC_METRICS="1")
    told = requests.get(f"{server.url}/metrics", headers=elsewhere, timeout=10)
    assert told.status_code == 200


def test_a_log_for_machines_is_one_object_a_line(start_server: Start, connect: Connect) -> None:
    server = start_server("--workers", "1", PLAYGROUND_LOG_FORMAT="json")
    client = connect(url=server.url)
    client.command("step")
    client.wait_frame(step=1)
    server.workers()[0].kill()
    client.wait(lambda: client.last["generation"] > 0)
    lines = [json.loads(line) for line in server.output().splitlines()[1:]]
    assert any("SIGKILL" in line["message"] and line["level"] == "warning" for line in lines)
    assert client.identity["token"] not in server.output()


def test_a_request_that_never_ends_holds_nobody_up(
    server: ServerProcess, neighbour: Client
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        goes_on(neighbour)
