"""Routes of requests by a function's own URL, which come without any: only an API finds them.

The event is one of payload format 2.0 with the routeKey $default, as of an API's route for whatever
is left, which the template has none of (Lambda developer guide: Invoking Lambda function URLs).
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from circulation.web.problems import problem_response
from circulation.web.response import Response

Event = Mapping[str, Any]


def routed_event(event: Event, keys: Iterable[str]) -> Event | None:
    """Make a request's event that of its route, one of keys such as POST /articles/{id}/views.

    A URL gives the path still percent-encoded, unlike an HTTP API (middleapi/standard-server#93),
    and may write null for what a request has not. Slashes before the path are one, so that the
    address that a page names may end with a slash. None if the request has no route.
    """
    method = event["requestContext"]["http"]["method"]
    path = unquote(event["rawPath"]).lstrip("/")
    asked = f"{'GET' if method == 'HEAD' else method} /{path}".split("/")
    for key in keys:
        segments = key.split("/")
        if len(segments) == len(asked) and all(map(_matches, segments, asked)):
            named = zip(segments, asked, strict=True)
            found = {name: value for name, value in event.items() if value is not None}
            return found | {
                "routeKey": f"{method} {key.partition(' ')[2]}",
                "pathParameters": {name[1:-1]: text for name, text in named if name[:1] == "{"},
            }
    return None


def unrouted(event: Event) -> Response:
    """Answer a request that has no route: OPTIONS is let pass, as a browser may have to ask first.

    Lambda itself answers that, and writes the headers that allow anything; a function's own of the
    same name would stand beside them, and browsers refuse two (KensioSoftware/yulin#1217).
    """
    if event["requestContext"]["http"]["method"] == "OPTIONS":
        return Response(HTTPStatus.NO_CONTENT)
    return problem_response(HTTPStatus.NOT_FOUND, "There is no such route at this address.")


def _matches(segment: str, text: str) -> bool:
    return bool(text) if segment[:1] == "{" else segment == text
