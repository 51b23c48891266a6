"""Attachments: every frame round-trips, in Node too; a lying header is refused in words."""

from __future__ import annotations

import contextlib
import json
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from playground.base.errors import InputError
from playground.wire.codec import decode, encode

DTYPES = ["float64", "float32", "uint16", "uint8"]
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
arrays = st.sampled_from(DTYPES).flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_side=0)))


@given(
    st.dictionaries(names.filter(lambda n: n != "arrays"), values | names),
    st.dictionaries(names, arrays),
)
def test_every_frame_comes_back_as_it_went(header: Any, sent: Any) -> None:
    found, received = decode(encode(header, sent))
    assert found == header
    assert list(received) == list(sent)
    for name, array in sent.items():
        np.testing.assert_array_equal(received[name], array)
        assert received[name].dtype == array.dtype


def test_the_layout_is_the_one_that_is_written_down() -> None:
    data = encode({"seq": 7}, {"a": np.arange(3, dtype=np.uint8), "b": np.array([1.5, -2.0])})
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    first, second = header["arrays"]
    assert header["seq"] == 7
    assert (first["name"], first["dtype"], first["shape"]) == ("a", "uint8", [3])
    assert first["offset"] % 8 == second["offset"] % 8 == 0
    assert data[first["offset"] :][:3] == b"\x00\x01\x02"
    assert struct.unpack_from("<2d", data, second["offset"]) == (1.5, -2.0)


def test_a_number_that_json_lacks_is_not_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"loss": float("nan")}, {})


def frame(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return struct.pack("<I", len(text)) + text + body


def entry(**changes: Any) -> dict[str, Any]:
    return {"name": "a", "dtype": "float64", "shape": [1], "offset": 0, **changes}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "four bytes"),
        (struct.pack("<I", 2**31) + b"{}", "bytes long"),
        (struct.pack("<I", 2) + b"[]", "header"),
        (struct.pack("<I", 4) + b"\xff\xfe{}", "header"),
        (frame({}), "header"),
        (frame({"arrays": [entry(dtype="object")]}), "no array is of type 'object'"),
        (frame({"arrays": [entry(shape=[-1])]}), "impossible"),
        (frame({"arrays": [entry(offset=3)]}), "impossible"),
        (frame({"arrays": [entry(shape=[10**9, 10**9])]}), "beyond the end"),
        (frame({"arrays": [entry(offset=10**12)]}), "beyond the end"),
    ],
)
def test_a_lying_header_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        decode(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(InputError):
        decode(data)


NODE = """
import {decode} from %s;
const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
const data = Uint8Array.from(Buffer.concat(chunks));
const {header, arrays} = decode(data.buffer);
const told = ([name, array]) => [name, [array.constructor.name, [...array]]];
const plain = Object.fromEntries(Object.entries(arrays).map(told));
console.log(JSON.stringify({seq: header.seq, text: header.text, plain}));
"""


def test_the_browsers_decoder_reads_what_the_server_packs(root: Path) -> None:
    from node import node_command

    command = node_command()
    if command is None:
        pytest.skip("there is no Node here; `make test` brings one")
    sent = {
        "double": np.array([0.1, -1e300]),
        "single": np.array([[0.5, 2.0]], np.float32),
        "words": np.array([65535, 1], np.uint16),
        "bytes": np.array([0, 255, 7], np.uint8),
    }
    script = NODE % json.dumps((root / "static/js/flow/decode.js").as_uri())
    done = subprocess.run(
        [*command, "--input-type=module", "-e", script],
        input=encode({"seq": 3, "text": "δ"}, sent),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["seq"], told["text"]) == (3, "δ")
    assert told["plain"] == {
        "double": ["Float64Array", [0.1, -1e300]],
        "single": ["Float32Array", [0.5, 2.0]],
        "words": ["Uint16Array", [65535, 1]],
        "bytes": ["Uint8Array", [0, 255, 7]],
    }
