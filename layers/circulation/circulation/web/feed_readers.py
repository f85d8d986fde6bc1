"""Feeds whose readers are noted, as far as their user agents tell for how many they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.segment import decode_segment, encode_segment
from circulation.statistics.noting_readers import note_feed_readers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circulation.statistics.feed_readers import FeedReaderBook
    from circulation.web.handler import Route
    from circulation.web.request import Request
    from circulation.web.response import Response


def noting_feed_readers(
    routes: Mapping[str, Route], book: Callable[[], FeedReaderBook]
) -> dict[str, Route]:
    """Make every route of feeds note who reads them; a feed that there is not has no readers."""
    return {key: _noting(route, book) for key, route in routes.items()}


def _noting(route: Route, book: Callable[[], FeedReaderBook]) -> Route:
    def answer(request: Request) -> Response:
        response = route(request)
        user_agent = request.headers.get("user-agent", "")
        note_feed_readers(_path_of(request), user_agent, book(), now=request.at)
        return response

    return answer


def _path_of(request: Request) -> str:
    """Give the path of the feed that is asked for, in one spelling whatever the request's."""
    path = request.route.partition(" ")[2]
    for name, segment in request.path.items():
        path = path.replace(f"{{{name}}}", encode_segment(decode_segment(segment)))
    return path
