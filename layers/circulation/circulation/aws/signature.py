"""Signatures of DynamoDB's calls: AWS Signature Version 4, of the one form that they have.

AWS General Reference: Create a signed AWS API request. A call is a POST of / without a query, and
every header is signed but those that a proxy may change, as botocore signs it.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import NamedTuple

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
    day = at[:8]
    if credentials.token:
        token, names = f"x-amz-security-token:{credentials.token}\n", _NAMES_WITH_TOKEN
    else:
        token, names = "", _NAMES
    signed = (
        f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-amz-date:{at}\n{token}x-amz-target:{target}\n"
    )
    canonical = f"POST\n/\n\n{signed}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{region}/dynamodb/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = _signing_key(credentials.secret_key, day, region)
    signature = hmac.digest(
        key, f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}".encode(), "sha256"
    ).hex()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return f"{signed}authorization:{authorization}\n".replace("\n", "\r\n")


_NAMES = "content-type;host;x-amz-date;x-amz-target"
_NAMES_WITH_TOKEN = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"  # noqa: S105


@lru_cache(maxsize=4)
def _signing_key(secret_key: str, day: str, region: str) -> bytes:
    """Derive the key that a day's calls in a region are signed with."""
    key = f"AWS4{secret_key}".encode()
    for part in (day, region, "dynamodb", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
