"""Side by side over the wire: asked for, seen in frames and state, refused, kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Client = Any
"""The `Client` of conftest.py."""
Connect = Callable[..., Client]
RELU = {"hidden": {"activation": "relu", "initializer": "he_normal"}, "training": {}}


def test_variants_train_beside_the_run_and_one_can_be_kept(connect: Connect) -> None:
    client = connect()
    assert client.opened["state"]["comparison"] == []
    answer = client.command("compare", variants=[RELU])
    client.wait(lambda: client.states and client.states[-1]["command"] >= answer["number"])
    assert client.states[-1]["comparison"] == [RELU]
    client.command("step", count=40)
    client.wait_frame(step=40, run_state="paused")
    header, arrays = client.frames[-1]
    first, second = header["lab"]["comparison"]
    assert [first["label"], second["label"]] == ["tanh, Glorot uniform", "ReLU, He normal"]
    assert (first["step"], second["step"]) == (40, 40)
    assert not np.allclose(arrays["compared_1_delta_norm"], arrays["delta_norm"])

    answer = client.command("keep", variant=1)
    client.wait(lambda: client.states[-1]["command"] >= answer["number"])
    told = client.states[-1]
    layers = told["experiment"]["network"]["hidden"]
    assert [layer["activation"] for layer in layers] == ["relu", "relu"]
    assert (told["comparison"], told["step"], told["undo"]) == ([], 40, "Kept run 2")
    client.wait(lambda: client.last["command"] >= answer["number"])
    assert client.last["training_loss"] == second["training_loss"]


def test_a_variant_that_can_not_be_is_refused_with_its_field(connect: Connect) -> None:
    client = connect()
    answer = client.command("compare", variants=[RELU, {"hidden": {"activation": "rulu"}}])
    assert not answer["ok"]
    assert "relu" in answer["error"]["message"]
    assert answer["error"]["field"].startswith("variants.1.")
    assert not client.command("compare", variants=[RELU] * 4)["ok"]
    assert not client.command("keep", variant=0)["ok"]
