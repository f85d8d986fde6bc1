"""What is the same between a client and a function by either address, the API's and its own URL."""

import base64
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from circulation.web.problems import problem_response
from circulation.web.response import lambda_answer
from circulation_cli.local_stack.http_event import Headers
from circulation_cli.local_stack.template import Cors

# Lambda quotas: "Invocation payload: 6 MB each for request and response (synchronous)"; the number
# is the one in Invoke's own error.
MAX_EVENT = 6_291_456

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = dict[str, Any]


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """Read the body; None if it has more bytes than the limit."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts) if size <= limit else None


async def send_answer(answer: Answer, allowed: Headers, send: Send) -> None:
    """Send a function's answer, with the headers of CORS that the configuration makes alone."""
    content = answer.get("body", "")
    content = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
    sent = {
        name: value
        for name, value in answer.get("headers", {}).items()
        if not name.startswith("access-control-")
    } | allowed
    if answer["statusCode"] not in (204, 304):
        sent = {"content-length": str(len(content))} | sent
    await send(
        {
            "type": "http.response.start",
            "status": answer["statusCode"],
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


def cors_headers(cors: Cors, method: str, headers: Headers) -> Headers:
    """Give the CORS headers of a response: none without an origin, or for one not allowed.

    "For the OPTIONS method, your request must contain an origin header and an
    Access-Control-Request-Method header" (Configure CORS for HTTP APIs).
    """
    origin = headers.get("origin")
    if origin is None or not {origin, "*"} & cors.origins:
        return {}
    allowed = {"access-control-allow-origin": "*" if "*" in cors.origins else origin}
    if method != "OPTIONS":
        return allowed | {"access-control-expose-headers": ",".join(cors.exposed_headers)}
    if "access-control-request-method" not in headers:
        return {}
    return allowed | {
        "access-control-allow-methods": ",".join(cors.methods),
        "access-control-allow-headers": ",".join(cors.headers),
        "access-control-max-age": str(cors.max_age),
    }


def refused(status: HTTPStatus, detail: str) -> Answer:
    """Answer with a problem instead of a function."""
    return lambda_answer(problem_response(status, detail))


def size_of(payload: Answer) -> int:
    """Give the bytes of an event or a response as JSON."""
    return len(json.dumps(payload, ensure_ascii=False).encode(errors="replace"))
