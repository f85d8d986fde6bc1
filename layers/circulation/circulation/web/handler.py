"""The frame of every HTTP function: find the route, answer, and write errors as problems."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from circulation import metrics
from circulation.errors import CirculationError
from circulation.web.conditional import apply_coding, negotiate
from circulation.web.problems import problem
from circulation.web.request import Request, request_of_event
from circulation.web.response import Response, lambda_answer

_log = logging.getLogger(__name__)

Route = Callable[[Request], Response]
Display = Callable[[Request, Response], Response]
"""Turns a problem into an answer of the same status that a browser can display."""
URL_KEY = "$default"
"""The routeKey of a request by the function's own URL."""
Event = Mapping[str, Any]
Handler = Callable[[Event, object], dict[str, Any]]


def http_handler(
    service: str, routes: Mapping[str, Route], *, displays: Mapping[str, Display] | None = None
) -> Handler:
    """Make a Lambda handler of routes by their keys, such as GET /articles/{id}.

    HEAD is answered by the route of GET. A route that pages embed has a display, because an image
    or a frame shows what it gets, whatever the status, and should not show a problem in JSON. An
    error that is no CirculationError is a bug: it is left to Lambda, which logs it and answers 500.
    To Lambda, a problem with a status of 5xx is no error, so it is counted in a metric of the
    service, the function's name in template.yaml. What comes by the function's own URL, if it has
    one, has the same routes.
    """

    def handler(event: Event, _context: object) -> dict[str, Any]:
        if event["routeKey"] == URL_KEY:
            from circulation.web.function_url import (  # noqa: PLC0415  see decision 4
                routed_event,
                unrouted,
            )

            routed = routed_event(event, routes)
            if routed is None:
                return lambda_answer(unrouted(event))
            event = routed
        method, _, path = event["routeKey"].partition(" ")
        reads = method in ("GET", "HEAD")
        key = f"GET {path}" if reads else event["routeKey"]
        route, display = routes[key], (displays or {}).get(key)
        request = None
        try:
            request = request_of_event(event)
            response = route(request)
        except CirculationError as error:
            refusal = problem(error)
            if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.error("%s: %s", event["routeKey"], error)
                metrics.emit(service, {metrics.REQUESTS_REFUSED: 1})
            return lambda_answer(display(request, refusal) if display and request else refusal)
        # Conditional requests are for answers that may be cached; a feed already has its ETag.
        keepable = reads and response.max_age is not None and "etag" not in response.headers
        if keepable:
            response = negotiate(request, response)
        elif method == "HEAD" and "content-length" not in response.headers:
            response = apply_coding(request, response, "")
        return lambda_answer(response)

    return handler
