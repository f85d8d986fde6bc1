"""ReadStatistics: what a publisher alone may know of an article's readers."""

from circulation.access.tokens import Scope
from circulation.runtime import container, warm_up
from circulation.statistics.queries import read_statistics
from circulation.web import parameters
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.json.statistics import statistics_json
from circulation.web.publisher import requiring
from circulation.web.request import Request
from circulation.web.response import Response, json_response


def statistics(request: Request) -> Response:
    """Give an article's statistics."""
    runtime = container()
    statistics = read_statistics(
        request.article_id,
        parameters.days(request),
        runtime.books,
        runtime.filtered,
        now=request.at,
    )
    return json_response(statistics_json(statistics))


handler = http_handler(
    "ReadStatistics",
    requiring(
        Scope.READ,
        following_former_ids(
            {"GET /articles/{id}/statistics": statistics}, lambda: container().addresses
        ),
    ),
)
warm_up()
