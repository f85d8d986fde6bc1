"""Publisher tokens with a name and scopes. Only the SHA-256 of a token is stored."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

MAX_TOKENS = 50

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", flags=re.ASCII)


class Hashed(Protocol):
    """What is known by the hash of a secret alone."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the secret, in hex."""


T = TypeVar("T", bound=Hashed)


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    """Read statistics."""
    PUBLISH = "publish"
    """Publish and unpublish articles."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is stored of a token."""

    name: str
    sha256: str
    """In hex."""
    scopes: frozenset[Scope]
    created: datetime


def is_name(text: str) -> bool:
    """Say whether the text is a valid name of a token."""
    return _NAME.fullmatch(text) is not None


def sha256_of(token: str) -> str:
    """Give the SHA-256 of a token, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_matching(sha256: str, known: Iterable[T]) -> T | None:
    """Find what has a SHA-256 (hex), always comparing all of them, in constant time."""
    match = None
    for one in known:
        if hmac.compare_digest(one.sha256.encode(), sha256.encode()):
            match = one
    return match
