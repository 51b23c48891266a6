"""Killed, hung, starved and lied to: what was promised, and what was measured.

Loopback only, bounded in count and time. PROVE_KILLS=200 before a release.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from server import ServerProcess

sys.path.insert(0, str(Path(__file__).parents[1] / "load"))
import gevent
from gevent import socket
from light import Viewer

Start = Callable[..., ServerProcess]
KILLS = int(os.environ.get("PROVE_KILLS", "30"))
SPEED = 200.0
"""Steps a second of a session, unless it is told otherwise."""


def told(what: str, measured: float, promised: float, *, least: bool = False) -> None:
    """Print one line of the table and hold the server to it."""
    sign = "≥" if least else "≤"
    load = os.getloadavg()[0]
    print(f"\n  {what:56}{measured:9.2f}   {sign} {promised:g}   (load {load:.1f})")
    assert measured >= promised if least else measured <= promised, what


def training(server: ServerProcess, count: int) -> list[Viewer]:
    """Sessions that train, and have trained long enough to be kept."""
    viewers = [Viewer(server.url).connect({"experiment": {"seed": k}}) for k in range(count)]
    for viewer in viewers:
        viewer.command("play")
    until(lambda: all(v.frames and v.header["step"] > 2.5 * SPEED for v in viewers))
    return viewers


def until(holds: Callable[[], object], seconds: float = 60.0) -> float:
    """How long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came"
        gevent.sleep(0.005)
    return time.monotonic() - began


def kill(server: ServerProcess) -> None:
    os.kill(server.pid, signal.SIGKILL)
    assert server._process is not None
    server._process.wait()


def test_random_kills_lose_no_session_and_leave_no_process(start_server: Start) -> None:
    server = start_server("--workers", "1")
    rng = random.Random(0)
    viewers = training(server, 5)
    away, lost = [], []
    before = {worker.pid for worker in server.workers()}
    for _ in range(KILLS):
        gevent.sleep(rng.uniform(0.2, 2.5))
        steps = [viewer.header["step"] for viewer in viewers]
        generations = [viewer.header["generation"] for viewer in viewers]
        before |= {worker.pid for worker in server.workers()}
        # The older of the two holds the sessions, the other waits.
        min(server.workers(), key=lambda worker: worker.create_time()).kill()
        away.append(
            until(
                lambda g=generations: all(
                    v.header["generation"] > n for v, n in zip(viewers, g, strict=True)
                )
            )  # type: ignore[misc]
        )
        lost += [n - v.header["step"] for v, n in zip(viewers, steps, strict=True)]
    told("seconds until all sessions draw again, the median", sorted(away)[KILLS // 2], 1.0)
    told("seconds of steps lost, the most", max(lost) / SPEED, 2.2)
    told("sessions that still answer", sum(v.command("step")["ok"] for v in viewers), 5, least=True)
    alive = {pid for pid in before if psutil.pid_exists(pid)}
    told("processes left behind", len(alive - {w.pid for w in server.workers()}), 0)


def test_a_hung_worker_is_replaced(start_server: Start) -> None:
    server = start_server("--workers", "1", PLAYGROUND_HANG_SECONDS="2")
    viewers = training(server, 3)
    min(server.workers(), key=lambda worker: worker.create_time()).send_signal(signal.SIGSTOP)
    took = until(lambda: all(viewer.header["generation"] > 0 for viewer in viewers))
    told("seconds until a hung worker's sessions draw again", took, 2 + 1.5)


def test_a_server_killed_again_and_again_loses_no_session(
    start_server: Start, tmp_path: Path
) -> None:
    rng = random.Random(1)
    kept = ("--database", str(tmp_path / "hall.db"))
    server = start_server(*kept)
    viewers = training(server, 10)
    for _ in range(4):
        gevent.sleep(rng.uniform(1.0, 2.5))  # wherever in a checkpoint it may be
        steps = [viewer.header["step"] for viewer in viewers]
        hellos = [viewer.hello for viewer in viewers]
        kill(server)
        for viewer in viewers:
            viewer.close()
        server = start_server(*kept)
        viewers = [Viewer(server.url).connect(hello) for hello in hellos]
        assert all(viewer.opened["ok"] for viewer in viewers)
        lost = [n - v.opened["state"]["step"] for v, n in zip(viewers, steps, strict=True)]
        told("seconds of steps lost with the server, the most", max(lost) / SPEED, 2.2)
        until(lambda: all(viewer.frames for viewer in viewers))  # noqa: B023
        until(lambda s=steps: all(v.header["step"] > n for v, n in zip(viewers, s, strict=True)))  # type: ignore[misc]  # noqa: B023


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small file system can be made here (it needs root), so nothing is proved")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_is_said_and_training_goes_on(start_server: Start, small_disk: Path) -> None:
    server = start_server("--database", str(small_disk / "hall.db"))
    viewers = training(server, 2)
    filler = small_disk / "filler"
    with contextlib.suppress(OSError):
        filler.write_bytes(b"x" * (2 << 20))
    until(lambda: "disk is full" in server.output())
    step = viewers[0].header["step"]
    until(lambda: viewers[0].header["step"] > step + 100)
    filler.unlink()
    told("seconds until all is saved again", until(lambda: "works again" in server.output()), 15)


def test_who_lies_about_credits_or_never_ends_a_request_harms_nobody(start_server: Start) -> None:
    server = start_server()
    (good,) = training(server, 1)
    process = psutil.Process(server.pid)
    liars = [Viewer(server.url, draws=False).connect(good.as_viewer) for _ in range(20)]
    halves = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    for half in halves:
        half.sendall(b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.")
    gevent.sleep(1)
    good.forget()
    before, began = process.memory_info().rss, time.monotonic()
    for k in range(100):
        for liar in liars:
            if not liar.is_broken:
                liar._send(f'42["credit",{{"seq":{10**9 + k}}}]')
        gevent.sleep(0.05)
    seconds = time.monotonic() - began
    told("frames a second of the neighbour", good.frames / seconds, 10, least=True)
    told("MB by which the web process grew", (process.memory_info().rss - before) / 1e6, 5)
    assert good.command("step")["ok"]
    for half in halves:
        half.close()


def test_a_clock_that_jumps_changes_nothing(start_server: Start, tmp_path: Path) -> None:
    """The server's wall clock, a day forth and back, through a module that Python loads first."""
    offset = tmp_path / "offset"
    offset.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(
        "import time\nreal = time.time\n"
        f"time.time = lambda: real() + float(open({str(offset)!r}).read() or 0)\n"
    )
    server = start_server(PYTHONPATH=str(tmp_path))
    viewers = training(server, 3)
    for jump in ("86400", "-86400", "0"):
        offset.write_text(jump)
        steps = [viewer.header["step"] for viewer in viewers]
        until(
            lambda s=steps: all(v.header["step"] > n + 300 for v, n in zip(viewers, s, strict=True))
        )  # type: ignore[misc]
    told(
        "sessions in their first life",
        sum(v.header["generation"] == 0 for v in viewers),
        3,
        least=True,
    )
    kill(server)
    again = start_server("--database", str(server.log.with_suffix(".db")))
    back = [Viewer(again.url).connect(viewer.hello) for viewer in viewers]
    told("sessions found after the jumps", sum(v.opened["ok"] for v in back), 3, least=True)
