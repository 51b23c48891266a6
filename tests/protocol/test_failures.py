"""Killed, hung and flooded: workers are replaced, sessions go on, nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest
import requests
from server import ServerProcess

Start = Callable[..., ServerProcess]
Connect = Callable[..., Any]


TRIES = 3
"""Where others hold the machine's cores, one of so many shows how quick it is."""


def gone(pids: list[int], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(psutil.pid_exists(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def kill_all(server: ServerProcess, number: int = signal.SIGKILL) -> None:
    for worker in server.workers():
        worker.send_signal(number)


def sessions(server: ServerProcess) -> int:
    return int(requests.get(f"{server.url}/healthz", timeout=20).json()["sessions"])


def test_a_killed_worker_is_replaced_and_its_session_goes_on(
    start_server: Start, connect: Connect
) -> None:
    server = start_server("--workers", "1")
    client = connect(url=server.url)
    client.command("edit", patch={"training": {"learning_rate": 0.05}})
    client.command("play")
    client.wait(lambda: client.last.get("step", 0) > 600)  # three seconds: a checkpoint was made

    def kill_and_wait() -> bool:
        """Was it back in a second, with at most two seconds of steps lost, at 200 a second?"""
        generation, reached = client.last["generation"], client.last["step"]
        began = time.perf_counter()
        server.workers()[0].kill()
        client.wait(lambda: client.last["generation"] > generation)
        seconds, lost = time.perf_counter() - began, reached - client.last["step"]
        assert client.last["step"] > 0
        assert client.last["run_state"] == "running"
        assert client.last["learning_rate"] == 0.05, "what was asked for is lost"
        after = client.last["step"]
        client.wait(lambda: client.last["step"] > after + 600)
        return seconds < 1.0 and lost <= 2 * 200 + 50

    assert any(kill_and_wait() for _ in range(TRIES))


def test_even_all_workers_at_once_can_be_lost(start_server: Start, connect: Connect) -> None:
    server = start_server()
    client = connect(url=server.url)
    client.command("step", count=50)
    client.wait_frame(step=50, run_state="paused")
    time.sleep(0.6)  # a run that rests is checkpointed soon
    time.sleep(1.0)  # the waiting worker has started
    kill_all(server)
    header = client.wait(lambda: client.last if client.last["generation"] > 0 else None)
    assert (header["step"], header["run_state"]) == (50, "paused")


def test_kills_from_outside_are_not_held_against_a_session(
    start_server: Start, connect: Connect
) -> None:
    server = start_server("--workers", "1")
    client = connect(url=server.url)
    client.command("speed", steps_per_second=None)
    client.command("play")
    for generation in range(1, 5):
        client.wait(lambda: client.last.get("step", 0) > 0)
        server.workers()[0].kill()
        client.wait(lambda g=generation: client.last["generation"] >= g)
    assert client.last["run_state"] == "running"


def test_a_hung_worker_is_noticed_and_replaced(start_server: Start, connect: Connect) -> None:
    server = start_server("--workers", "1", PLAYGROUND_HANG_SECONDS="1.5")
    client = connect(url=server.url)
    client.command("play")
    client.wait(lambda: client.last.get("step", 0) > 20)
    server.workers()[0].send_signal(signal.SIGSTOP)
    assert client.command("step")["ok"], "the web process must not hang with it"
    client.wait(lambda: client.last["generation"] > 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_leaves_nobody_behind(
    start_server: Start, connect: Connect, number: int
) -> None:
    server = start_server()
    client = connect(url=server.url)
    client.command("play")
    workers = [worker.pid for worker in server.workers()]
    assert workers
    process = server._process
    assert process is not None
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    assert gone(workers)
    assert "Traceback" not in server.output()


def test_a_killed_server_leaves_nobody_behind_not_even_a_stopped_worker(
    start_server: Start,
) -> None:
    server = start_server()
    workers = [worker.pid for worker in server.workers()]
    os.kill(workers[0], signal.SIGSTOP)
    os.kill(server.pid, signal.SIGKILL)
    assert server._process is not None
    server._process.wait()
    assert gone(workers)


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "playground", "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(port) in done.stderr
    assert "in use" in done.stderr


def test_a_flood_of_commands_is_refused_and_the_neighbour_does_not_notice(
    start_server: Start, connect: Connect
) -> None:
    server = start_server(PLAYGROUND_COMMANDS_PER_SECOND="5")
    flooding, neighbour = connect(url=server.url), connect(url=server.url)
    answers = [flooding.command("step") for _ in range(60)]
    refused = [answer for answer in answers if not answer["ok"]]
    assert refused
    assert "too many" in refused[0]["error"]["message"]

    def seconds() -> float:
        began = time.perf_counter()
        assert neighbour.command("step")["ok"]
        return time.perf_counter() - began

    assert any(seconds() < 1 for _ in range(TRIES))


def test_a_full_server_says_so_and_keeps_those_who_are_there(
    start_server: Start, connect: Connect
) -> None:
    server = start_server(PLAYGROUND_MAX_SESSIONS="2")
    first = connect(url=server.url)
    connect(url=server.url)
    third = connect(url=server.url)
    assert third.opened["ok"] is False
    assert "2 sessions" in third.opened["error"]["message"]
    assert first.command("step")["ok"]


def test_a_session_that_nobody_watches_pauses_and_is_dropped_in_the_end(
    start_server: Start, connect: Connect
) -> None:
    server = start_server(PLAYGROUND_UNWATCHED_TRAINING_SECONDS="1", PLAYGROUND_IDLE_SECONDS="4")
    first = connect(url=server.url)
    first.command("play")
    first.wait(lambda: first.last.get("step", 0) > 10)
    first.close()
    time.sleep(2.5)
    second = connect(url=server.url, **first.identity)
    assert second.opened["state"]["run_state"] == "paused"
    assert "Nobody was watching" in second.opened["state"]["notices"][0]["text"]
    second.close()
    deadline = time.monotonic() + 30
    while sessions(server) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sessions(server) == 0


def test_health_counts_what_there_is(start_server: Start, connect: Connect) -> None:
    server = start_server()
    connect(url=server.url).command("step")
    told = requests.get(f"{server.url}/healthz", timeout=5)
    assert told.status_code == 200
    assert told.json().items() >= {"status": "ok", "sessions": 1, "viewers": 1}.items()
