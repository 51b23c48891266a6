"""`train` that is interrupted: nothing learned is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Train = Callable[..., dict[str, Any]]


def test_an_interrupted_training_keeps_what_it_learned(
    describe: Callable[[dict[str, Any]], str], tmp_path: Path, train: Train
) -> None:
    out, log = tmp_path / "out.npz", tmp_path / "log.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "playground", "train", describe({}), "--steps", "1000000000",
         "--out", out, "--log", log, "--log-every", "200"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (log.exists() and log.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint
    report = json.loads(said.splitlines()[-1])
    assert report["stopped"] == "interrupted"
    again = tmp_path / "again.npz"
    train({}, "--steps", report["steps"], "--out", again)
    with np.load(again, allow_pickle=False) as expected, np.load(out, allow_pickle=False) as kept:
        for name in expected.files:
            np.testing.assert_array_equal(kept[name], expected[name], name)
