"""The gateway: HTTP in, payload 2.0 events to the functions, HTTP out. An ASGI application."""

import asyncio
import base64
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from circulation.web.problems import problem_response
from circulation.web.response import Response, lambda_answer
from cli.local_stack.function import FunctionFailed
from cli.local_stack.template import Route, Template

MAX_PAYLOAD = 10 * 1024 * 1024  # Quotas for configuring and running an HTTP API
THREADS = 32

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = dict[str, str]
Pages = Callable[[str], Response | None]


class Gateway:
    """The template's HTTP API, reached at a URL; pages answers what is no route of it."""

    def __init__(self, template: Template, pages: Pages, url: str) -> None:
        self._url = urlsplit(url)
        # A literal path goes before one with parameters, as in API Gateway.
        self._routes = [
            (_pattern(route.path), route)
            for route in sorted(template.routes(), key=lambda route: "{" in route.path)
        ]
        self._authorizers = template.authorizers()
        names = {route.function for _, route in self._routes} | {*self._authorizers.values()}
        self._functions = {name: template.function(name) for name in names}
        (api,) = template.resources("AWS::Serverless::HttpApi").values()
        self._cors = api["CorsConfiguration"]
        self._origins = template.listed(self._cors["AllowOrigins"])
        self._pages = pages
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="function")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = _headers(scope)
        body = await _body(receive)
        answer = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._answer, scope, headers, body
        )
        content = answer.get("body", "")
        content = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
        sent = answer.get("headers", {}) | self._cors_headers(scope["method"], headers)
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

    def _answer(self, scope: Scope, headers: Headers, body: bytes | None) -> dict[str, Any]:
        method, path = scope["method"], scope["path"]
        if method == "OPTIONS":
            return {"statusCode": 204}
        if body is None:
            return _problem(HTTPStatus(413), f"A request has at most {MAX_PAYLOAD} bytes.")
        for pattern, route in self._routes:
            match = pattern.fullmatch(path)
            if match and route.method == method:
                event = _event(self._url, route, scope, headers, body, match.groupdict())
                return self._invoke(route, event)
        page = self._pages(path) if method in ("GET", "HEAD") else None
        if page:
            return lambda_answer(page)
        return _problem(HTTPStatus.NOT_FOUND, f"There is no route {method} {path}.")

    def _invoke(self, route: Route, event: dict[str, Any]) -> dict[str, Any]:
        try:
            if route.authorizer:
                if "authorization" not in event["headers"]:
                    return _problem(HTTPStatus.UNAUTHORIZED, "A publisher's token is required.")
                authorizer = self._functions[self._authorizers[route.authorizer]]
                told = authorizer.invoke({**event, "type": "REQUEST"})
                if not told["isAuthorized"]:
                    return _problem(HTTPStatus.FORBIDDEN, "The publisher's token is wrong.")
                event["requestContext"]["authorizer"] = {"lambda": told.get("context", {})}
            answer: dict[str, Any] = self._functions[route.function].invoke(event)
        except FunctionFailed:
            return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The function failed; see the log.")
        return answer

    def _cors_headers(self, method: str, headers: Headers) -> Headers:
        origin = headers.get("origin")
        if origin is None or not {origin, "*"} & set(self._origins):
            return {}
        preflight = {
            "access-control-allow-methods": ",".join(self._cors["AllowMethods"]),
            "access-control-allow-headers": ",".join(self._cors["AllowHeaders"]),
            "access-control-max-age": str(self._cors["MaxAge"]),
        }
        return {
            "access-control-allow-origin": "*" if "*" in self._origins else origin,
            "access-control-expose-headers": ",".join(self._cors["ExposeHeaders"]),
        } | (preflight if method == "OPTIONS" else {})


def _pattern(path: str) -> re.Pattern[str]:
    """Turn /articles/{id} into a pattern with a group for each parameter; {path+} takes slashes."""
    greedy = re.sub(r"\\{(\w+)\\\+\\}", r"(?P<\1>.+)", re.escape(path))
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", greedy))


def _problem(status: HTTPStatus, detail: str) -> dict[str, Any]:
    return lambda_answer(problem_response(status, detail))


def _headers(scope: Scope) -> Headers:
    """Give the headers as API Gateway does: names in small letters, repeated ones joined."""
    headers: Headers = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _body(receive: Receive) -> bytes | None:
    """Read the body, or None when it is too long."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= MAX_PAYLOAD:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts) if size <= MAX_PAYLOAD else None


def _event(  # noqa: PLR0913, PLR0917  an event is made of all of it
    url: SplitResult,
    route: Route,
    scope: Scope,
    headers: Headers,
    body: bytes,
    path: Mapping[str, str],
) -> dict[str, Any]:
    """Make the event (API Gateway: Lambda proxy integrations for HTTP APIs, payload format 2.0).

    Where the API is reached is its own knowledge; what a Host header says would be anybody's.
    """
    query: dict[str, str] = {}
    raw_query = scope["query_string"].decode("latin-1")
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{route.method} {route.path}",
        "rawPath": scope["path"],
        "rawQueryString": raw_query,
        "headers": {**headers, "x-forwarded-proto": url.scheme},
        "requestContext": {
            "domainName": url.netloc,
            "http": {
                "method": scope["method"],
                "path": scope["path"],
                "protocol": f"HTTP/{scope['http_version']}",
                "sourceIp": scope["client"][0],
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex,
            "routeKey": f"{route.method} {route.path}",
            "stage": "$default",
            "timeEpoch": time.time_ns() // 1_000_000,
        },
        "isBase64Encoded": False,
    }
    if path:
        event["pathParameters"] = dict(path)
    if query:
        event["queryStringParameters"] = query
    if body:
        event |= _text_or_base64(body)
    return event


def _text_or_base64(body: bytes) -> dict[str, Any]:
    try:
        return {"body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
