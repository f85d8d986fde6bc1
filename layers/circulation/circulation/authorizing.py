"""Tell a publisher from everybody else."""

import hashlib
import hmac
import re

_BEARER = re.compile(r"Bearer +([\x21-\x7e]+) *", flags=re.IGNORECASE)  # RFC 6750, section 2.1


def is_publisher(authorization: str, token_sha256: str) -> bool:
    """Compare a request's Authorization header with the token's SHA-256 in constant time."""
    bearer = _BEARER.fullmatch(authorization)
    if not bearer:
        return False
    told = hashlib.sha256(bearer[1].encode()).hexdigest()
    return hmac.compare_digest(told, token_sha256.lower())
