"""Publisher tokens with a name and scopes. Only the SHA-256 of a token is stored."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TOKENS = 50

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", flags=re.ASCII)


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


def find_matching(sha256: str, tokens: Iterable[Token]) -> Token | None:
    """Find a token by its SHA-256 (hex), always comparing all of them, in constant time."""
    match = None
    for token in tokens:
        if hmac.compare_digest(token.sha256.encode(), sha256.encode()):
            match = token
    return match
