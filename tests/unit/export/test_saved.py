"""A run as one file: whole, readable without us, and never trusted."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
import zlib

import numpy as np
import pytest

from playground.base.errors import InputError
from playground.experiment.config import Experiment
from playground.export.saved import Saved, experiment_in, saved_file, saved_in

OWN = Experiment.parse({"data": {"name": "csv", "target": ["y"]}, "seed": 7})
TABLE = b"x,y\n1,2\n3,4\n"


def archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as members_of:
        for name, content in members.items():
            members_of.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def test_what_was_saved_is_there_again() -> None:
    weights = {"W1": np.array([[0.1, 1 / 3]]), "b1": np.array([np.pi, -0.0])}
    training = {"trainer.counters": np.array([5, 0, 5, 5]), "history.x": np.zeros((2, 3), np.uint8)}
    file = saved_file(Saved(OWN, weights, training, TABLE))
    found = saved_in(file)
    assert (found.experiment, found.table) == (OWN, TABLE)
    assert found.weights is not None
    assert found.training is not None
    for own, other in ((weights, found.weights), (training, found.training)):
        assert own.keys() == other.keys()
        for name in own:
            assert own[name].tobytes() == other[name].tobytes()


def test_the_command_line_can_use_what_is_in_it() -> None:
    file = saved_file(Saved(OWN, {"W1": np.zeros((1, 1))}, None, TABLE))
    with zipfile.ZipFile(io.BytesIO(file)) as members:
        described = json.loads(members.read("experiment.json"))
        assert described["data"]["path"] == "data.csv"
        assert members.read("data.csv") == TABLE
        with np.load(io.BytesIO(members.read("weights.npz")), allow_pickle=False) as weights:
            assert weights["W1"].shape == (1, 1)
    assert experiment_in(file)["data"]["path"] is None


def test_a_table_that_is_not_the_data_stays_at_home() -> None:
    assert saved_in(saved_file(Saved(Experiment(), table=TABLE))).table is None


def test_an_experiment_file_alone_will_do() -> None:
    assert saved_in(b'{"seed": 3}') == Saved(Experiment(seed=3))


@pytest.mark.parametrize(
    "file",
    [
        b"PK\x03\x04 and then nonsense",
        archive(weights_npz=b""),
        archive(experiment_json=b"{"),
        archive(experiment_json=b'{"network": {"hiden": []}}'),
        archive(experiment_json=b"{}", weights_npz=b"no archive"),
        archive(experiment_json=b"{}", training_npz=b"no archive"),
        archive(experiment_json=b"{}", **{f"m{k}": b"" for k in range(80)}),
        b"",
        b"GIF89a",
    ],
    ids=[
        "cut",
        "no experiment",
        "no JSON",
        "unknown key",
        "weights",
        "training",
        "many",
        "empty",
        "gif",
    ],
)
def test_what_is_no_saved_run_is_refused(file: bytes) -> None:
    with pytest.raises(InputError):
        saved_in(file)


def test_a_cut_or_changed_file_is_refused() -> None:
    file = saved_file(Saved(OWN, {"W1": np.arange(400.0).reshape(20, 20)}, None, TABLE))
    for size in range(0, len(file), 37):
        with pytest.raises(InputError):
            saved_in(file[:size])
    for at in range(30, len(file), 101):
        broken = bytearray(file)
        broken[at] ^= 0xFF
        with contextlib.suppress(InputError):
            saved_in(bytes(broken))


def test_a_bomb_is_not_unpacked() -> None:
    """A gigabyte of blanks packs into a megabyte."""
    with pytest.raises(InputError, match="larger than"):
        saved_in(archive(experiment_json=b" " * (2 << 20)))
    with pytest.raises(InputError, match="larger than"):
        saved_in(archive(experiment_json=b"{}", data_csv=b"1,2\n" * (3 << 20)))


def test_a_liar_about_its_size_is_not_believed() -> None:
    """The header says 10 bytes; the stream unpacks to 40 MB."""
    file = bytearray(archive(experiment_json=b"{}", data_csv=b"1,2\n" * (10 << 20)))
    size = (40 << 20).to_bytes(4, "little")
    assert file.count(size) == 2
    honest = bytes(file)
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(InputError):
        saved_in(lying)


def test_a_pickle_is_not_opened() -> None:
    packed = io.BytesIO()
    np.savez(packed, W1=np.array([object()], dtype=object))
    with pytest.raises(InputError, match="no pickle"):
        saved_in(archive(experiment_json=b"{}", weights_npz=packed.getvalue()))
    with pytest.raises(InputError, match="no pickle"):
        saved_in(archive(experiment_json=b"{}", training_npz=packed.getvalue()))


def test_the_text_is_packed() -> None:
    table = b"x,y\n" + b"1,2\n" * 100_000
    assert len(saved_file(Saved(OWN, table=table))) < len(zlib.compress(table)) + 5_000
