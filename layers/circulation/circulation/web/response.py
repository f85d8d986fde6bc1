"""A response, and the Lambda answer that it becomes (payload format 2.0)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"
GIF = "image/gif"

BINARY = {GIF}
"""Media types that are no text."""


@dataclass(frozen=True, slots=True)
class Response:
    """A status, a body, and what caches may do with it."""

    status: int
    body: bytes = b""
    content_type: str = ""
    max_age: int | None = None
    """Seconds that anybody may keep the answer; None forbids keeping it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    """Of the article that it shows: its ETag tells it. 0 where it shows none."""
    negotiated: bool = False
    """Whether another Accept would get it in another media type."""
    brotli: bytes = b""
    """The body in Brotli, where it was compressed ahead of time."""


def json_response(
    data: Mapping[str, Any],
    status: int = 200,
    *,
    content_type: str = JSON,
    max_age: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make a response of a JSON object."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair has no UTF-8; it can only come back from what a client sent.
    return Response(
        status, body.encode(errors="replace"), content_type, max_age, headers=headers or {}
    )


def lambda_answer(response: Response) -> dict[str, Any]:
    """Write the response as the HTTP API takes it; bytes that are no text travel as base64."""
    headers = {
        "cache-control": "no-store"
        if response.max_age is None
        else f"public, max-age={response.max_age}",
        "x-content-type-options": "nosniff",
        **({"content-type": response.content_type} if response.content_type else {}),
        **response.headers,
    }
    answer: dict[str, Any] = {"statusCode": response.status, "headers": headers}
    if "content-encoding" in headers or response.content_type in BINARY:
        return answer | {"body": base64.b64encode(response.body).decode(), "isBase64Encoded": True}
    return answer | {"body": response.body.decode(), "isBase64Encoded": False}
