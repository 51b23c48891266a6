"""A run is the same to the last bit wherever it runs: in `train`, or watched, stopped and saved."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import requests
from server import ServerProcess

from playground.cli import run

from .conftest import Client

STEPS = 137
EXPERIMENT = {
    "seed": 5,
    "data": {"name": "moons", "samples": 90, "noise": 0.2, "validation_fraction": 0.2},
    "network": {
        "hidden": [
            {"units": 7, "activation": "gelu", "normalization": "batch", "dropout": 0.1},
            {"units": 7, "activation": "tanh", "residual": {"scale": 0.5}},
        ]
    },
    "training": {
        "optimizer": {"name": "nadam", "weight_decay": 0.01},
        "schedule": {"name": "reduce_on_plateau", "patience": 1},
        "learning_rate": 0.05,
        "clip_norm": 1.0,
    },
}


def weights(server: ServerProcess, client: Client) -> dict[str, np.ndarray]:
    """The weights in the file that the page saves."""
    path = f"{server.url}/api/sessions/{client.identity['session']}/files/save"
    headers = {"X-Session-Token": client.identity["token"]}
    answer = requests.get(path, headers=headers, timeout=30)
    answer.raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as saved:
        return dict(np.load(io.BytesIO(saved.read("weights.npz"))))


def test_the_page_and_train_end_in_the_same_bits(
    server: ServerProcess, connect: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "e.json", tmp_path / "w.npz"
    file.write_text(json.dumps(EXPERIMENT), encoding="utf-8")
    assert run(["train", str(file), "--steps", str(STEPS), "--out", str(out)]) == 0
    capsys.readouterr()

    client = connect(experiment=EXPERIMENT)  # type: ignore[operator]
    done = 0
    for count in (1, 30, 100, STEPS - 131):  # watched, stopped, saved, and on again
        client.command("step", count=count)
        done += count
        client.wait_frame(step=done)
        weights(server, client)
    with np.load(out) as alone:
        watched = weights(server, client)
        assert set(watched) == set(alone.files)
        for name in alone.files:
            np.testing.assert_array_equal(watched[name], alone[name], err_msg=name)
