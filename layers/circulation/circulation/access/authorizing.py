"""Recognise a publisher by a bearer token."""

import re
from datetime import datetime

from circulation.access.token_hashes import Tokens
from circulation.access.tokens import Token, sha256_of

_BEARER = re.compile(r"Bearer +([\x21-\x7e]+) *", flags=re.IGNORECASE)  # RFC 6750, section 2.1


def authorize(authorization: str, tokens: Tokens, *, now: datetime) -> Token | None:
    """Find the token that a request's Authorization header bears; None if it is unknown.

    A failing table is no error here: for a while tokens that were read before are accepted all the
    same, and others are refused.
    """
    bearer = _BEARER.fullmatch(authorization)
    return tokens.find(sha256_of(bearer[1]), now=now) if bearer else None
