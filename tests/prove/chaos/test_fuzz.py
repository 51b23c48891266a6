"""A hundred thousand inputs that are nearly right, at every entry: refused in words, or taken.

Nothing but an InputError may come of one; none may take long; memory must not grow.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import random
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import numpy as np
import psutil
from gevent import socket
from server import ServerProcess

from playground.base.errors import InputError
from playground.data.tables import table_columns
from playground.experiment.config import Experiment
from playground.export.archive import weights_of
from playground.export.saved import experiment_in, saved_in
from playground.runtime.journal import Journal
from playground.runtime.keys import Keys
from playground.runtime.outbox import Outbox
from playground.web.hall import HALL
from playground.wire.requests import parse_request

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "load"))
from junk import damaged, junk, twisted
from light import Viewer

SHARE = float(os.environ.get("PROVE_FUZZ", "1"))
LINES = max(1, int(3_000 * SHARE))
SLOWEST_SECONDS = 2.0
GROWN_MB = 30.0

NETWORK = {
    "hidden": [
        {"units": 4, "activation": "tanh", "dropout": 0.1},
        {"units": 4, "residual": {"scale": 1.0}},
    ],
    "output": {"activation": "linear"},
}
EXPERIMENT: dict[str, Any] = {
    "version": 1,
    "seed": 3,
    "dtype": "float64",
    "data": {"name": "spiral", "samples": 100, "noise": 0.1, "features": ["x1", "x2", "sin_x1"]},
    "network": NETWORK,
    "training": {
        "loss": "auto",
        "optimizer": {"name": "adam", "beta1": 0.9},
        "learning_rate": 0.01,
        "schedule": {"name": "cosine"},
        "batch_size": 10,
        "clip_norm": 1.0,
        "stop": {"max_epochs": 3},
    },
}
COMMANDS: list[dict[str, Any]] = [
    {"name": "play"},
    {"name": "pause"},
    {"name": "step", "count": 3},
    {"name": "reset", "keep_seed": True},
    {"name": "speed", "steps_per_second": 100.0},
    {"name": "edit", "patch": EXPERIMENT},
    {"name": "add_layer", "at": 0},
    {"name": "remove_layer", "at": 0},
    {"name": "add_unit", "layer": 0},
    {"name": "remove_unit", "layer": 0, "unit": 0},
    {"name": "widen", "layer": 0, "unit": 0},
    {"name": "set_layer", "layer": 0, "patch": {"activation": "relu", "units": 5}},
    {"name": "set_weight", "layer": 0, "input": 0, "unit": 0, "value": 0.5},
    {"name": "set_bias", "layer": 0, "unit": 0, "value": 0.5},
    {"name": "watch", "instruments": ["histograms"]},
    {"name": "look_at", "axes": [0, 1], "gradients": True},
    {"name": "load", "experiment": EXPERIMENT},
    {"name": "undo"},
    {"name": "redo"},
    {"name": "use_table", "target": ["a"], "header": True},
    {
        "name": "compare",
        "variants": [{"title": "a", "patch": {"training": {"learning_rate": 0.1}}}],
    },
]
REQUESTS = [{"name": "table", "target": ["a"], "header": True}, {"name": "file", "what": "save"}]
HALLS = [
    ("raise_hand", {"up": True}),
    ("hand_over", {"to": 1}),
    ("present", {"scenario": "x", "scene": 1, "instrument": "loss", "focus": 1, "layer": 2}),
]
TABLE = b'a,b,kind\n1,2,x\n3,4.5,"y, z"\n5,6e3,x\n7,,y\n'


def _object(given: Any) -> dict[str, Any]:
    """The web process makes these itself: an object always."""
    return given if isinstance(given, dict) else {"name": given}


def _zipped() -> bytes:
    packed = io.BytesIO()
    numbers = io.BytesIO()
    np.savez(numbers, W1=np.ones((2, 4)), b1=np.zeros(4), W2=np.ones((4, 1)), b2=np.zeros(1))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("experiment.json", '{"seed": 1}')
        archive.writestr("weights.npz", numbers.getvalue(), zipfile.ZIP_STORED)
        archive.writestr("data.csv", TABLE)
    return packed.getvalue()


def _weights() -> bytes:
    packed = io.BytesIO()
    np.savez(packed, W1=np.ones((2, 4)), b1=np.zeros(4), W2=np.ones((4, 1)), b2=np.zeros(1))
    return packed.getvalue()


def entries() -> dict[str, tuple[int, Callable[[random.Random], Any]]]:
    """How often, and one input to each entry."""
    journal = Journal(Experiment.parse({"network": NETWORK}))
    saved, weights = _zipped(), _weights()
    keys, outbox = Keys.of("token"), Outbox()

    class Session:
        """Refuses by itself: what is proved is that nonsense does not come so far."""

        class audience:  # noqa: N801
            presented: Any = None
            raise_hand = hand_over = check_steers = staticmethod(lambda *_: None)

        announce = broadcast = staticmethod(lambda *_, **__: None)

    def hall(rng: random.Random) -> None:
        event, words = rng.choice(HALLS)
        HALL[event](Session(), "sid", twisted(words, rng))  # type: ignore[arg-type]

    def table(rng: random.Random) -> None:
        table_columns(damaged(TABLE, rng), rng.choice([None, True, False]))

    def file(rng: random.Random) -> None:
        data = damaged(saved, rng)
        experiment_in(data)
        saved_in(data)

    def credit(rng: random.Random) -> None:
        seq = junk(rng)
        if isinstance(seq, int):
            outbox.drawn(seq)
        if outbox.has_credit:
            outbox.sent(rng.randrange(1000))
        assert len(outbox._undrawn) <= 2

    return {
        "commands": (40_000, lambda rng: journal.check(twisted(rng.choice(COMMANDS), rng))),
        "experiments": (25_000, lambda rng: Experiment.parse(twisted(EXPERIMENT, rng))),
        "acknowledgements": (10_000, credit),
        "tokens": (5_000, lambda rng: keys.role(junk(rng))),
        "the hall": (8_000, hall),
        "requests": (6_000, lambda rng: parse_request(_object(twisted(rng.choice(REQUESTS), rng)))),
        "tables": (8_000, table),
        "saved files": (3_000, file),
        "weights": (3_000, lambda rng: weights_of(damaged(weights, rng))),
    }


def test_nothing_but_words_comes_of_a_hundred_thousand_inputs() -> None:
    process = psutil.Process()
    total = 0
    print(f"\n  {'entry':20}{'inputs':>9}{'refused':>9}{'slowest':>12}{'grew':>10}")
    for name, (count, put) in entries().items():
        rng = random.Random(name)
        for _ in range(200):  # what is made once has been made
            _tried(put, rng)
        gc.collect()
        before, refused, slowest = process.memory_info().rss, 0, 0.0
        count = max(1, int(count * SHARE))
        for _ in range(count):
            began = time.thread_time()  # what else the machine does is no fault of the input
            refused += _tried(put, rng)
            slowest = max(slowest, time.thread_time() - began)
        gc.collect()
        grown = (process.memory_info().rss - before) / 1e6
        total += count
        print(f"  {name:20}{count:9,}{refused:9,}{1000 * slowest:9.0f} ms{grown:7.1f} MB")
        assert slowest < SLOWEST_SECONDS, name
        assert grown < GROWN_MB, name
    assert total >= 100_000 * SHARE


def test_damaged_frames_over_real_lines_trouble_nobody(
    start_server: Callable[..., ServerProcess],
) -> None:
    """WebSocket frames, Engine.IO and Socket.IO packets, and events, with bytes changed, cut and
    doubled; somebody else watches meanwhile."""
    server, rng = start_server(), random.Random("lines")
    viewer = Viewer(server.url).connect({})
    viewer.command("play")
    process = psutil.Process(server.pid)
    began = before = 0.0
    for k in range(LINES + 200):
        if k == 200:  # what is made once has been made
            before, began = process.memory_info().rss, time.perf_counter()
            viewer.forget()
        _say_nonsense(server.port, rng)
    seconds = time.perf_counter() - began
    gevent.sleep(2)
    grown = (process.memory_info().rss - before) / 1e6
    fps = viewer.frames / (seconds + 2)
    print(f"\n  {LINES:,} damaged lines: {fps:.1f} frames a second beside, {grown:.1f} MB more")
    _, traceback, story = server.output().partition("Traceback")
    assert not traceback, story[:3000]
    assert viewer.command("pause")["ok"]
    assert fps >= 10
    assert grown < GROWN_MB


def _say_nonsense(port: int, rng: random.Random) -> None:
    """Shake hands, most often rightly; then a conversation that is damaged somewhere."""
    hello = (
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    events = [["open", {}], ["command", rng.choice(COMMANDS)], ["credit", {"seq": 1}]]
    said = ["40", *(f"42{k}{json.dumps(event)}" for k, event in enumerate(events)), "3", "2probe"]
    frames = b"".join(_masked(text.encode(), rng) for text in said)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.settimeout(0.2)
        with contextlib.suppress(OSError):
            line.sendall(damaged(hello, rng) if rng.random() < 0.1 else hello)
            line.recv(4096)
            line.sendall(damaged(frames, rng))
            line.recv(4096)


def _masked(payload: bytes, rng: random.Random) -> bytes:
    """A client's frame; sometimes of another kind than it should be."""
    kind = 0x81 if rng.random() < 0.8 else rng.randrange(256)
    size = len(payload)
    head = bytes([kind, 0x80 | size]) if size < 126 else bytes([kind, 0xFE]) + size.to_bytes(2)
    mask = rng.randbytes(4)
    return head + mask + bytes(byte ^ mask[k % 4] for k, byte in enumerate(payload))


def _tried(put: Callable[[random.Random], Any], rng: random.Random) -> bool:
    state = rng.getstate()
    try:
        put(rng)
    except InputError as error:
        return bool(error.message)
    except Exception as error:
        raise AssertionError(f"{error!r} comes of the input made from {state[1][:2]}") from error
    return False
