"""Events: an HTTP request as API Gateway hands it to a function, in payload format 2.0.

Sources are the API Gateway developer guide (Lambda proxy integrations for HTTP APIs; Create routes
for HTTP APIs) and, where it is silent, what others measured on AWS, named at each rule.
"""

import base64
import time
import uuid
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from circulation_cli.local_stack.template import Route

Event = dict[str, Any]
Headers = dict[str, str]
Scope = MutableMapping[str, Any]


def request_headers(scope: Scope) -> Headers:
    """Give the headers as API Gateway does: names in small letters, repeated ones joined."""
    headers: Headers = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def routed_path(scope: Scope) -> str:
    """Give the path that routes are chosen by: decoded once, and cut at a "?" that was encoded.

    So /a%2Fb is the path /a/b (fastify/aws-lambda-fastify#169), and /tags/Why%3F/feed.rss is
    /tags/Why (middleapi/standard-server#93). Nothing else is folded: doubled and closing slashes
    stay.
    """
    path: str = scope["path"]
    return path.partition("?")[0]


def http_event(  # noqa: PLR0913, PLR0917  an event is made of all of it
    url: SplitResult,
    route: Route,
    scope: Scope,
    headers: Headers,
    body: bytes,
    parameters: Mapping[str, str],
) -> Event:
    """Make the event of a request; url is where the API is reached.

    That is the API's own knowledge; what a Host header says would be anybody's.
    """
    query: dict[str, str] = {}
    raw_query = scope["query_string"].decode("latin-1")
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    path = routed_path(scope)
    event: Event = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": {**headers, "x-forwarded-proto": url.scheme},
        "requestContext": {
            "domainName": url.netloc,
            "http": {
                "method": scope["method"],
                "path": path,
                "protocol": f"HTTP/{scope['http_version']}",
                "sourceIp": scope["client"][0],
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex,
            "routeKey": route.key,
            "stage": "$default",
            "timeEpoch": time.time_ns() // 1_000_000,
        },
        "isBase64Encoded": False,
    }
    if parameters:
        event["pathParameters"] = dict(parameters)
    if query:
        event["queryStringParameters"] = query
    if body:
        event |= _body(body, headers.get("content-type", ""))
    return event


def authorizer_event(event: Event) -> Event:
    """Make the event that an authorizer gets (format 2.0): the request's, without its body."""
    kept = {name: value for name, value in event.items() if name not in _OF_BODIES}
    return {**kept, "type": "REQUEST", "identitySource": [event["headers"]["authorization"]]}


_OF_BODIES = {"body", "isBase64Encoded"}
_TEXTS = {"application/json", "application/xml", "application/javascript"}


def _body(body: bytes, content_type: str) -> Event:
    """Give a body as text where its type says that it is text, and in base64 otherwise.

    The split is what ministackorg/ministack#766 measured on AWS: text/* and three types of
    application/ are text; all else is not, neither a form nor a body without a type.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type in _TEXTS:
        return {"body": body.decode(errors="replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
