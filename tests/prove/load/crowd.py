"""Crowds of light viewers, run beside the server and apart from the test that measures it.

`python crowd.py URL SCENE [NUMBERS …]` prints one JSON object of what the viewers saw. Every scene
ends by itself.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gevent
from gevent.pool import Pool
from light import Viewer

SETTLE_SECONDS = 3.0
AT_ONCE = 30
"""Connections made at the same time, where a scene does not ask for a storm."""


def quantile(values: list[float], q: float) -> float:
    """The value below which a share `q` lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else 0.0


def owner_of(url: str, experiment: dict[str, Any] | None = None) -> Viewer:
    """Somebody with a session that trains."""
    owner = Viewer(url).connect({"experiment": experiment or {}})
    assert owner.opened["ok"], owner.opened
    owner.command("play")
    return owner


def arrive(
    url: str, hellos: list[dict[str, Any]], at_once: int = AT_ONCE, **how: Any
) -> list[Viewer]:
    """A viewer for each."""
    return Pool(at_once).map(lambda hello: Viewer(url, **how).connect(hello), hellos)


def behind(viewers: list[Viewer]) -> list[float]:
    """By how many milliseconds each frame came after the first viewer had the same one."""
    first: dict[int, float] = {}
    for viewer in viewers:
        for seq, at in viewer.came_at.items():
            first[seq] = min(at, first.get(seq, at))
    return [1000 * (at - first[seq]) for v in viewers for seq, at in v.came_at.items()]


def rates(viewers: list[Viewer], seconds: float) -> dict[str, Any]:
    """Frames a second of the slowest viewer, and of the middle one."""
    fps = [viewer.frames / seconds for viewer in viewers]
    return {"least_fps": min(fps), "median_fps": quantile(fps, 0.5)}


def measured(viewers: list[Viewer], seconds: float) -> float:
    """Count from now on; how long it really was."""
    for viewer in viewers:
        viewer.forget()
    print("measuring", flush=True)
    began = time.perf_counter()
    gevent.sleep(seconds)
    return time.perf_counter() - began


def hall(url: str, count: int, seconds: float) -> dict[str, Any]:
    """One session, and `count` who watch it."""
    owner = owner_of(url)
    viewers = arrive(url, [owner.as_viewer] * count)
    gevent.sleep(SETTLE_SECONDS)
    took = measured(viewers, seconds)
    late = behind(viewers)
    return {
        "viewers": sum(not viewer.is_broken for viewer in viewers),
        **rates(viewers, took),
        "p50_ms": quantile(late, 0.5),
        "p99_ms": quantile(late, 0.99),
        "frame_bytes": viewers[0].frame_bytes / max(1, viewers[0].frames),
    }


def many(url: str, count: int, seconds: float, layers: int = 0) -> dict[str, Any]:
    """`count` sessions that train, each before its own viewer, and somebody who moves a slider."""
    network = {"network": {"hidden": [{"units": 8}] * layers}} if layers else {}
    owners = Pool(5).map(lambda _: owner_of(url, network), range(count))
    gevent.sleep(SETTLE_SECONDS)
    acks: list[float] = []

    def drag() -> None:
        for k in range(int(seconds * 20)):
            sent = time.perf_counter()
            patch = {"training": {"learning_rate": 0.03 + k * 1e-6}}
            assert owners[k % count].command("edit", patch=patch)["ok"]
            acks.append(1000 * (time.perf_counter() - sent))
            gevent.sleep(0.05)

    dragging = gevent.spawn(drag)
    took = measured(owners, seconds)
    dragging.join(30)
    return {
        **rates(owners, took),
        "ack_p50_ms": quantile(acks, 0.5),
        "ack_p99_ms": quantile(acks, 0.99),
        "acks": len(acks),
    }


def stalled(url: str, count: int, slow: int, seconds: float) -> dict[str, Any]:
    """Some who never draw, some on 100 KB/s, and one who must not notice them."""
    owner = owner_of(url)
    still = arrive(url, [owner.as_viewer] * count, draws=False)
    slow_ones = arrive(url, [owner.as_viewer] * slow, bytes_per_second=100_000)
    gevent.sleep(SETTLE_SECONDS)
    took = measured([owner, *still, *slow_ones], seconds)
    lag = [
        at - owner.came_at[seq]
        for viewer in slow_ones
        for seq, at in viewer.came_at.items()
        if seq in owner.came_at
    ]
    return {
        **rates([owner], took),
        "stalled_frames": max(viewer.frames for viewer in still),
        "slow_fps": rates(slow_ones, took)["least_fps"],
        "slow_behind_s": max(lag),
    }


def storm(url: str, count: int) -> dict[str, Any]:
    """Everybody loses the connection and comes back in the same moment."""
    owner = owner_of(url)
    viewers = arrive(url, [owner.as_viewer] * count)
    gevent.sleep(SETTLE_SECONDS)
    for viewer in viewers:
        viewer.close()
    print("measuring", flush=True)
    began = time.perf_counter()
    back = arrive(url, [owner.as_viewer] * count, at_once=count)
    while not all(viewer.frames for viewer in back) and time.perf_counter() - began < 30:
        gevent.sleep(0.01)
    seconds = time.perf_counter() - began
    return {"back": sum(viewer.frames > 0 for viewer in back), "seconds": seconds}


SCENES = {"hall": hall, "many": many, "stalled": stalled, "storm": storm}

if __name__ == "__main__":
    numbers = [float(text) if "." in text else int(text) for text in sys.argv[3:]]
    print(json.dumps(SCENES[sys.argv[2]](sys.argv[1], *numbers)), flush=True)
