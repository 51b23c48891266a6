"""Weight files: to the last bit, and nothing else is let in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.base.errors import InputError, LimitError
from playground.export.archive import weight_archive, weights_of, write_weights

WEIGHTS = {"W1": np.array([[0.1, -2.0]]), "b1": np.array([1e-300, 3.0])}


def npz(**arrays: Any) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr(name, content)
    return packed.getvalue()


def test_weights_come_back_to_the_last_bit() -> None:
    back = weights_of(weight_archive(WEIGHTS))
    assert list(back) == ["W1", "b1"]
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(back[name], array)


def test_numpy_reads_them_without_pickle_in_float64() -> None:
    archive = weight_archive({"W1": np.ones((2, 3), np.float32)})
    with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
        assert arrays["W1"].dtype == np.float64
        assert arrays["W1"].shape == (2, 3)


def test_other_kinds_of_numbers_are_taken_too() -> None:
    back = weights_of(npz(W1=np.array([[1, 2]]), b1=np.float32([0.5, 1])))
    assert back["W1"].dtype == back["b1"].dtype == np.float64
    assert back["W1"].tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (b"", "must be an .npz archive"),
        (b"PK\x03\x04 and then nothing", "must be an .npz archive"),
        (b'{"W1": 1}', "must be an .npz archive"),
        (npz(W1=np.array([{"a": 1}], dtype=object)), "no pickle"),
        (zipped("W1.npy", b"\x80\x04K\x01."), "W1 must hold numbers"),
        (zipped("W1.npy", b"\x93NUMPY\x01\x00"), "must be an .npz archive"),
        (npz(), "is empty"),
        (npz(W1=np.ones(2), weights=np.ones(2)), "'weights', which is not a name such as W1"),
        (npz(W0=np.ones(2)), "'W0', which is not a name"),
        (npz(W1=np.array(["a"])), "W1 must hold numbers"),
        (npz(W1=np.array([1j])), "W1 must hold numbers"),
        (weight_archive(WEIGHTS)[:-30], "must be an .npz archive"),
    ],
)
def test_anything_else_is_refused(archive: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        weights_of(archive)


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped("W1.npy", bytes(100_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(LimitError, match="larger than a network of 5,000,000 parameters"):
        weights_of(bomb)


def test_a_header_that_lies_about_its_shape_is_refused() -> None:
    honest = io.BytesIO()
    np.lib.format.write_array(honest, np.ones(4))
    assert weights_of(zipped("W1.npy", honest.getvalue()))["W1"].tolist() == [1, 1, 1, 1]
    with pytest.raises(InputError):
        weights_of(zipped("W1.npy", honest.getvalue().replace(b"(4,)", b"(8,)")))


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_damage_brings_anything_but_a_refusal(noise: bytes, place: int) -> None:
    whole = bytearray(weight_archive(WEIGHTS))
    whole[place : place + len(noise)] = noise
    try:
        weights_of(bytes(whole))
    except InputError:
        return


def test_a_file_is_written_whole_under_exactly_its_name(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    write_weights(path, WEIGHTS)
    assert [entry.name for entry in tmp_path.iterdir()] == ["weights"]
    np.testing.assert_array_equal(weights_of(path.read_bytes())["W1"], WEIGHTS["W1"])
