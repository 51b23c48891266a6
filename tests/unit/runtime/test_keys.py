"""Tokens: what opens, what looks, and what is kept of them."""

from __future__ import annotations

import hashlib

import pytest

from playground.runtime.keys import Keys, new_token, view_token


def test_the_owners_token_steers_and_the_viewers_looks() -> None:
    token = new_token()
    keys = Keys.of(token)
    assert keys.role(token) == "owner"
    assert keys.role(view_token(token)) == "viewer"


@pytest.mark.parametrize("wrong", [None, "", 5, "δ", "\ud800", ["x"], {"token": 1}])
def test_nothing_else_opens(wrong: object) -> None:
    assert Keys.of(new_token()).role(wrong) is None


def test_a_token_cut_or_lengthened_opens_nothing() -> None:
    token = new_token()
    keys = Keys.of(token)
    for wrong in (token[:-1], token + "x", view_token(token)[:-1], keys.owner_hash, keys.view_hash):
        assert keys.role(wrong) is None


def test_only_hashes_are_held() -> None:
    token = new_token()
    keys = Keys.of(token)
    assert keys.owner_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(keys)
    assert view_token(token) not in repr(keys)


def test_tokens_differ_and_a_viewer_learns_nothing_of_the_owners() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    token = new_token()
    assert token not in view_token(token)
    assert Keys.of(view_token(token)).role(token) is None
