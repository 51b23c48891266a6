"""Nothing lost: the server is killed, ended, starved of its database; sessions come back."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from server import ServerProcess, kept_step

Start = Callable[..., ServerProcess]
Connect = Callable[..., Any]


def kill(server: ServerProcess) -> None:
    os.kill(server.pid, signal.SIGKILL)
    assert server._process is not None
    server._process.wait()


def wait_for_later_step(client: Any, later: int) -> None:
    client.wait(lambda: client.last)
    begun = client.last["step"]
    client.wait(lambda: client.last["step"] >= begun + later)


def test_a_killed_server_loses_at_most_two_seconds_of_a_session(
    start_server: Start, connect: Connect, tmp_path: Path
) -> None:
    kept = str(tmp_path / "hall.db")
    server = start_server("--database", kept)
    client = connect(url=server.url)
    client.command("edit", patch={"training": {"learning_rate": 0.07}})
    client.command("play")
    lost: list[int] = []
    # Where others hold the machine's cores, one of three kills shows how little is lost.
    while len(lost) < 3 and min(lost, default=700) > 2 * 200:
        wait_for_later_step(client, 700)
        reached, loss = client.last["step"], client.last["training_loss"]
        kill(server)

        server = start_server("--database", kept)
        again = connect(url=server.url, **client.identity)
        assert again.opened["ok"], again.opened
        assert again.opened["token"] == client.identity["token"]
        assert again.opened["state"]["generation"] > client.last["generation"]
        wait_for_later_step(again, 1)
        lost.append(reached - again.frames[0][0]["step"])
        assert lost[-1] < reached, "it began anew"
        assert again.last["run_state"] == "running"
        assert again.last["learning_rate"] == 0.07
        assert again.last["training_loss"] < max(0.9, loss * 1.5)
        client = again
    assert min(lost) <= 2 * 200


def test_an_ended_server_keeps_the_last_step(
    start_server: Start, connect: Connect, tmp_path: Path
) -> None:
    kept = str(tmp_path / "hall.db")
    first = start_server("--database", kept)
    client = connect(url=first.url)
    client.command("speed", steps_per_second=None)
    client.command("play")
    client.wait(lambda: client.last.get("step", 0) > 500)
    assert first._process is not None
    first._process.send_signal(signal.SIGTERM)
    assert first._process.wait(timeout=30) == 0
    reached = client.last["step"]

    second = start_server("--database", kept)
    again = connect(url=second.url, **client.identity)
    again.wait(lambda: again.last)
    assert again.frames[0][0]["step"] >= reached


def test_a_parked_session_is_woken_by_whoever_holds_its_token_and_by_nobody_else(
    start_server: Start, connect: Connect
) -> None:
    server = start_server(PLAYGROUND_IDLE_SECONDS="1")
    client = connect(url=server.url)
    client.command("step", count=30)
    client.wait_frame(step=30, run_state="paused")
    weights = client.frames[-1][1]["weights"]
    client.close()

    def sessions() -> int:
        health = requests.get(f"{server.url}/healthz", timeout=5).json()
        return int(health["sessions"])

    deadline = time.monotonic() + 30
    while sessions() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sessions() == 0
    thief = connect(url=server.url, session=client.identity["session"], token="guess")
    assert thief.opened["error"]["field"] == "token"
    assert sessions() == 0, "a wrong token must not even wake it"
    again = connect(url=server.url, **client.identity)
    assert again.wait_frame(step=30)["run_state"] == "paused"
    assert (again.frames[-1][1]["weights"] == weights).all()


def test_the_database_holds_no_token(start_server: Start, connect: Connect, tmp_path: Path) -> None:
    server = start_server("--database", str(tmp_path / "hall.db"))
    client = connect(url=server.url)
    client.command("step", count=5)
    client.wait_frame(step=5)
    server.stop()
    written = b"".join(file.read_bytes() for file in tmp_path.glob("hall.db*"))
    assert client.identity["session"].encode() in written
    assert client.identity["token"].encode() not in written
    assert client.identity["token"] not in server.output()


def test_a_locked_database_is_said_and_training_goes_on(
    start_server: Start, connect: Connect, tmp_path: Path
) -> None:
    server = start_server("--database", str(tmp_path / "hall.db"))
    client = connect(url=server.url)
    client.command("step")
    client.wait_frame(step=1)
    other = sqlite3.connect(tmp_path / "hall.db", isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    client.command("play")

    def notices() -> list[str]:
        return [notice["text"] for state in client.states for notice in state["notices"]]

    client.wait(lambda: any("locked" in text for text in notices()))
    reached = client.last["step"]
    client.wait(lambda: client.last["step"] > reached + 20)
    assert "locked" in server.output()
    other.execute("ROLLBACK")
    client.wait(lambda: any("saved again" in text for text in notices()))


def test_a_database_damaged_at_work_is_replaced_with_all_open_sessions(
    start_server: Start, connect: Connect, tmp_path: Path
) -> None:
    path = tmp_path / "hall.db"
    first = start_server("--database", str(path))
    client = connect(url=first.url)
    client.command("step", count=20)
    client.wait_frame(step=20, run_state="paused")
    time.sleep(0.6)
    for file in tmp_path.glob("hall.db*"):
        if not file.name.endswith("-shm"):
            file.write_bytes(os.urandom(max(file.stat().st_size, 8192)))
    client.command("step", count=20)
    client.wait_frame(step=40, run_state="paused")
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("hall.db.damaged-*")) and time.monotonic() < deadline:
        client.command("step")
        time.sleep(0.5)
    assert "damaged" in first.output()
    reached = client.last["step"]
    while kept_step(path) < reached and time.monotonic() < deadline:
        time.sleep(0.1)
    kill(first)
    second = start_server("--database", str(path))
    again = connect(url=second.url, **client.identity)
    again.wait(lambda: again.last)
    assert again.frames[0][0]["step"] >= reached - 3


def test_a_database_that_was_named_and_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path,
) -> None:
    import subprocess
    import sys

    (tmp_path / "folder").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "playground", "serve", "--database", str(tmp_path / "folder")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "database: can't be used" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
