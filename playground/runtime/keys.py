"""The tokens of a session: who holds one may steer it, or look. Only their hashes are kept.

The viewers' token follows from the owner's, so that the owner can always be told it again, and a
copy of the database opens no session to anybody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "viewer"]

_TOKEN_BYTES = 24


def new_token() -> str:
    """An owner's, which nobody guesses."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def view_token(owner: str) -> str:
    """The viewers' token of the session that `owner` opens."""
    digest = hmac.digest(owner.encode(), b"playground: view", "sha256")
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


@dataclass(frozen=True)
class Keys:
    """SHA-256 of both tokens. They are random, so a hash without salt gives nothing away."""

    owner_hash: str
    view_hash: str

    @classmethod
    def of(cls, owner: str) -> Keys:
        """The keys of a session whose owner holds this token."""
        return cls(_hash(owner), _hash(view_token(owner)))

    def role(self, token: object) -> Role | None:
        """What the holder of `token` may do; None: nothing. In constant time."""
        given = _hash(token if isinstance(token, str) else "")
        is_owner = hmac.compare_digest(given, self.owner_hash)
        is_viewer = hmac.compare_digest(given, self.view_hash)
        return "owner" if is_owner else "viewer" if is_viewer else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
