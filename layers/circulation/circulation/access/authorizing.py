"""Tell a publisher from everybody else."""

import re
from datetime import datetime

from circulation.access.token_hashes import Tokens
from circulation.access.tokens import Token, sha256_of

_BEARER = re.compile(r"Bearer +([\x21-\x7e]+) *", flags=re.IGNORECASE)  # RFC 6750, section 2.1


def authorize(authorization: str, tokens: Tokens, *, now: datetime) -> Token | None:
    """Find whose token a request's Authorization header bears, None where it is nobody's.

    A table that fails is no error here: known tokens are let in for a while all the same, and
    others are not.
    """
    bearer = _BEARER.fullmatch(authorization)
    return tokens.find(sha256_of(bearer[1]), now=now) if bearer else None
