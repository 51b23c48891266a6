"""A command is answered and shown at once, however many others train."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from server import ServerProcess

HERE = Path(__file__).parent
SESSIONS = 8
COMMANDS = 300


def test_a_command_is_acknowledged_and_shown_while_eight_sessions_train(
    start_server: Callable[..., ServerProcess],
) -> None:
    sys.path.insert(0, str(HERE))
    from viewer import Viewer

    server = start_server()
    script = [sys.executable, str(HERE / "viewer.py"), server.url, str(SESSIONS - 1)]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as load:
        assert load.stdout is not None
        assert load.stdout.readline() == b"training\n"
        viewer = Viewer(server.url)
        viewer.command(name="speed", steps_per_second=None)
        viewer.command(name="play")
        answered, shown = [], []
        for k in range(COMMANDS):
            sent = time.perf_counter()
            patch = {"training": {"learning_rate": 0.03 + k * 1e-5}}
            answer = viewer.command(name="edit", patch=patch)
            answered.append(1000 * (time.perf_counter() - sent))
            assert answer["ok"], answer
            shown.append(1000 * (viewer.wait_until_shown(answer["number"]) - sent))
            time.sleep(0.05)
        viewer.close()
        load.communicate()
    p99 = {name: np.percentile(ms, 99) for name, ms in [("ack", answered), ("shown", shown)]}
    print(
        f"\nack p50 {np.median(answered):.1f} ms, p99 {p99['ack']:.1f} ms; "
        f"shown p50 {np.median(shown):.0f} ms, p99 {p99['shown']:.0f} ms"
    )
    assert p99["ack"] <= 20
    assert p99["shown"] <= 500


def test_frames_and_steps_come_as_often_as_asked(
    start_server: Callable[..., ServerProcess],
) -> None:
    sys.path.insert(0, str(HERE))
    from viewer import Viewer

    viewer = Viewer(start_server().url)
    viewer.command(name="speed", steps_per_second=100)
    played = viewer.command(name="play")
    viewer.wait_until_shown(played["number"])
    time.sleep(1)
    began, frames, step = time.perf_counter(), viewer.frames, viewer.step
    time.sleep(10)
    seconds = time.perf_counter() - began
    rate, speed = (viewer.frames - frames) / seconds, (viewer.step - step) / seconds
    viewer.close()
    print(f"\n{rate:.1f} frames/s, {speed:.1f} steps/s of 100")
    assert 28 <= rate <= 31
    assert 97 <= speed <= 103
