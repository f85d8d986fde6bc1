"""The gateway: HTTP in, payload 2.0 events to the functions, HTTP out. An ASGI application.

It behaves as API Gateway and Lambda do between a client and a function, with the source beside each
rule. Their own errors, {"message": …}, are problems (RFC 9457) here, with the same status.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib.parse import urlsplit

from circulation.web.response import Response, lambda_answer
from circulation_cli.local_stack.exchange import (
    MAX_EVENT,
    Answer,
    Receive,
    Send,
    cors_headers,
    read_body,
    refused,
    send_answer,
    size_of,
)
from circulation_cli.local_stack.function import FunctionFailed
from circulation_cli.local_stack.http_event import (
    Event,
    Headers,
    Scope,
    authorizer_event,
    http_event,
    request_headers,
    routed_path,
)
from circulation_cli.local_stack.template import Route, Template

# Quotas for configuring and running an HTTP API (API Gateway developer guide).
MAX_PAYLOAD = 10 * 1024 * 1024
MAX_HEADERS = 10_240
"""Bytes of the request line and the values of headers; the same limit holds for a response's."""

# As large as the runtime's own error says (DataBiosphere/azul#8258).
MAX_ANSWER = 6_291_556
THREADS = 32

Pages = Callable[[str], Response | None]

_log = logging.getLogger(__name__)


class Gateway:
    """The template's HTTP API at a URL; pages responds to paths that are no route of it."""

    def __init__(self, template: Template, pages: Pages, url: str) -> None:
        self._url = urlsplit(url)
        # The most specific path first: a literal segment before a parameter before a greedy one
        # (Create routes for HTTP APIs: Routing API requests).
        self._routes = [
            (_pattern(route.path), route)
            for route in sorted(template.routes(), key=lambda route: _specificity(route.path))
        ]
        self._authorizers = template.authorizers()
        names = {route.function for _, route in self._routes} | {*self._authorizers.values()}
        self._functions = {name: template.function(name) for name in names}
        self._cors = template.cors()
        self._pages = pages
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="function")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        headers = request_headers(scope)
        body = await read_body(receive, MAX_PAYLOAD)
        answer = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._answer, scope, headers, body
        )
        # "If you configure CORS for an API, API Gateway ignores CORS headers returned from your
        # backend integration" (Configure CORS for HTTP APIs).
        allowed = cors_headers(self._cors, scope["method"], headers)
        await send_answer(answer, allowed, send)

    def _answer(self, scope: Scope, headers: Headers, body: bytes | None) -> Answer:
        method, path = scope["method"], routed_path(scope)
        if _size_of_headers(scope) > MAX_HEADERS:
            return refused(
                HTTPStatus(431), f"A request's headers have at most {MAX_HEADERS} bytes."
            )
        if method == "OPTIONS":
            return {"statusCode": 204}
        if body is None:
            return refused(HTTPStatus(413), f"A request has at most {MAX_PAYLOAD} bytes.")
        for pattern, route in self._routes:
            match = pattern.fullmatch(path)
            if match and route.method == method:
                event = http_event(self._url, route, scope, headers, body, match.groupdict())
                return self._answer_route(route, event)
        # The demo is no part of the API, so its paths are used as they are.
        page = self._pages(scope["path"]) if method in ("GET", "HEAD") else None
        if page:
            return lambda_answer(page)
        return refused(HTTPStatus.NOT_FOUND, f"There is no route {method} {path}.")

    def _answer_route(self, route: Route, event: Event) -> Answer:
        try:
            if route.authorizer:
                # The authorizer is not invoked without the header that it reads (Control access to
                # HTTP APIs with AWS Lambda authorizers: Identity sources).
                if "authorization" not in event["headers"]:
                    return refused(HTTPStatus.UNAUTHORIZED, "A publisher's token is required.")
                authorizer = self._functions[self._authorizers[route.authorizer]]
                decision = authorizer.invoke(authorizer_event(event))
                if not decision["isAuthorized"]:
                    return refused(HTTPStatus.FORBIDDEN, "The publisher's token is wrong.")
                event["requestContext"]["authorizer"] = {"lambda": decision.get("context", {})}
            if size_of(event) > MAX_EVENT:
                return refused(HTTPStatus(413), f"A function takes at most {MAX_EVENT} bytes.")
            answer: Answer = self._functions[route.function].invoke(event)
        except FunctionFailed:
            return refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The function failed; see the log.")
        return self._within_limits(route, answer)

    def _within_limits(self, route: Route, answer: Answer) -> Answer:
        """Replace a response that is too large by a problem: Lambda drops it, and responds 500."""
        size = size_of(answer)
        headers = sum(len(value.encode()) for value in answer.get("headers", {}).values())
        if size <= MAX_ANSWER and headers <= MAX_HEADERS:
            return answer
        _log.error("%s answered with %s bytes, %s of them headers", route.key, size, headers)
        return refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The answer is too large; see the log.")


def _pattern(path: str) -> re.Pattern[str]:
    """Compile a path to a pattern with a group for each parameter {id}; {path+} takes slashes."""
    greedy = re.sub(r"\\{(\w+)\\\+\\}", r"(?P<\1>.+)", re.escape(path))
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", greedy)
    return re.compile(pattern, flags=re.DOTALL)  # a line break is a character like any other


def _specificity(path: str) -> list[int]:
    """Rank each segment of a path: 0 for a literal, 1 for a parameter, 2 for a greedy one."""
    return [("{" in segment) + ("+}" in segment) for segment in path.split("/")]


def _size_of_headers(scope: Scope) -> int:
    line = f"{scope['method']} {scope['http_version']}".encode()
    target = scope["raw_path"] + scope["query_string"]
    return len(line) + len(target) + sum(len(value) for _, value in scope["headers"])
