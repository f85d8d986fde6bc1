"""Events of HTTP requests, as API Gateway passes them to functions in payload format 2.0.

Sources are the API Gateway developer guide (Lambda proxy integrations for HTTP APIs; Create routes
for HTTP APIs) and measurements on AWS by others, which are named beside each rule.
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
    """Give the headers as API Gateway does: names in lower case, repeated ones joined by commas."""
    headers: Headers = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def routed_path(scope: Scope) -> str:
    """Give the path that routes are matched against: decoded once, and cut at an encoded "?".

    So /a%2Fb is the path /a/b (fastify/aws-lambda-fastify#169), and /tags/Why%3F/feed.rss is
    /tags/Why (middleapi/standard-server#93). Repeated and trailing slashes are kept.
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
    """Make the event of a request. Url is the URL of the API, as a Host header may be forged."""
    event = _event(url, route.key, routed_path(scope), scope, headers, body)
    return event | {"pathParameters": dict(parameters)} if parameters else event


def url_event(url: SplitResult, scope: Scope, headers: Headers, body: bytes) -> Event:
    """Make the event of a request by a function's URL, which has neither route nor parameters.

    The path is still percent-encoded (middleapi/standard-server#93).
    """
    path = scope["raw_path"].decode("latin-1")
    return _event(url, "$default", path, scope, headers, body)


def _event(  # noqa: PLR0913, PLR0917  likewise
    url: SplitResult, key: str, path: str, scope: Scope, headers: Headers, body: bytes
) -> Event:
    query: dict[str, str] = {}
    raw_query = scope["query_string"].decode("latin-1")
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    event: Event = {
        "version": "2.0",
        "routeKey": key,
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
            "routeKey": key,
            "stage": "$default",
            "timeEpoch": time.time_ns() // 1_000_000,
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    if body:
        event |= _body(body, headers.get("content-type", ""))
    return event


def authorizer_event(event: Event) -> Event:
    """Make an authorizer's event (format 2.0): the request's without the body."""
    fields = {name: value for name, value in event.items() if name not in _OF_BODIES}
    return {**fields, "type": "REQUEST", "identitySource": [event["headers"]["authorization"]]}


_OF_BODIES = {"body", "isBase64Encoded"}
_TEXTS = {"application/json", "application/xml", "application/javascript"}


def _body(body: bytes, content_type: str) -> Event:
    """Give a body as text if its media type is one of text, and in base64 otherwise.

    Types of text are text/* and three of application/*, as ministackorg/ministack#766 measured on
    AWS; a form and a body without a type are none.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type in _TEXTS:
        return {"body": body.decode(errors="replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
