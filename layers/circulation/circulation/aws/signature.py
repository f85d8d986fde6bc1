"""Signatures of DynamoDB's calls: AWS Signature Version 4, of the one form that they have.

AWS General Reference: Create a signed AWS API request. A call is a POST of / without a query, and
every header is signed but those that a proxy may change, as botocore signs it.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any, NamedTuple

CONTENT_TYPE = "application/x-amz-json-1.0"
"""The AWS JSON 1.0 protocol's (Smithy: AWS JSON 1.0 protocol)."""


class Credentials(NamedTuple):
    """Who signs."""

    access_key: str
    secret_key: str
    token: str
    """Of a session; empty for keys that last."""


def signed_headers(  # noqa: PLR0913, PLR0917  what a signature is of
    target: str, host: str, region: str, body: bytes, credentials: Credentials, at: str
) -> str:
    r"""Write the headers of a call that are signed, and the signature.

    Target is the operation with the API's version (DynamoDB_20120810.GetItem); host has a port
    unless it is the scheme's own; at is the moment of the call in ISO 8601's basic format
    (20260314T150926Z). Every line ends with \r\n.
    """
    head = _head(target, host, region, credentials, at)
    request = head.request.copy()
    request.update(hashlib.sha256(body).hexdigest().encode())
    signature = head.signature.copy()
    signature.update(request.hexdigest().encode())
    return f"{head.headers}{signature.hexdigest()}\r\n"


class _Head(NamedTuple):
    """What the signatures of all calls of one operation in one second begin with."""

    request: Any
    """The hash of the canonical request, up to its last line, which is the hash of the body."""
    signature: hmac.HMAC
    """The signature, up to the last line of what is signed, which is the canonical request's hash.
    """
    headers: str
    """The headers, up to the signature."""


@lru_cache(maxsize=8)  # a tally makes thousands of calls in a second, of two operations
def _head(target: str, host: str, region: str, credentials: Credentials, at: str) -> _Head:
    day = at[:8]
    if credentials.token:
        token, names = f"x-amz-security-token:{credentials.token}\n", _NAMES_WITH_TOKEN
    else:
        token, names = "", _NAMES
    signed = (
        f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-amz-date:{at}\n{token}x-amz-target:{target}\n"
    )
    scope = f"{day}/{region}/dynamodb/aws4_request"
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature="
    )
    return _Head(
        hashlib.sha256(f"POST\n/\n\n{signed}\n{names}\n".encode()),
        hmac.new(
            _signing_key(credentials.secret_key, day, region),
            f"AWS4-HMAC-SHA256\n{at}\n{scope}\n".encode(),
            "sha256",
        ),
        f"{signed}authorization:{authorization}".replace("\n", "\r\n"),
    )


_NAMES = "content-type;host;x-amz-date;x-amz-target"
_NAMES_WITH_TOKEN = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"  # noqa: S105


@lru_cache(maxsize=4)
def _signing_key(secret_key: str, day: str, region: str) -> bytes:
    """Derive the key that a day's calls in a region are signed with."""
    key = f"AWS4{secret_key}".encode()
    for part in (day, region, "dynamodb", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
