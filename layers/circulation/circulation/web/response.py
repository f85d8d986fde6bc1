"""A response, and its form as a Lambda answer (payload format 2.0)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"
GIF = "image/gif"

BINARY = {GIF}
"""Media types of binary bodies."""


@dataclass(frozen=True, slots=True)
class Response:
    """A status, a body, and how it may be cached."""

    status: int
    body: bytes = b""
    content_type: str = ""
    max_age: int | None = None
    """Seconds for which any cache may store the answer; None forbids it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    """The version of the article in the answer, for its ETag; 0 if there is none."""
    negotiated: bool = False
    """Whether the media type depends on the request's Accept."""
    brotli: bytes = b""
    """The body in Brotli, if it was compressed in advance; else empty."""


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
    # A lone surrogate, which has no UTF-8, can only come from what the client sent.
    return Response(
        status, body.encode(errors="replace"), content_type, max_age, headers=headers or {}
    )


def lambda_answer(response: Response) -> dict[str, Any]:
    """Write the response as the HTTP API expects it; binary bodies are in base64."""
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
