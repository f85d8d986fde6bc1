"""ReadStatistics: what editors see of the readers; who may see it is decided here."""

from functools import partial

from circulation.access.grant import Grant
from circulation.access.tokens import Scope
from circulation.articles.publication import Publication
from circulation.runtime import container, warm_up
from circulation.statistics.figure_stores import FigureStores
from circulation.statistics.queries import read_statistics
from circulation.web import parameters
from circulation.web.conditional import prefers
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.json.statistics import statistics_json
from circulation.web.pages.statistics.states import file_problem_page, problem_page
from circulation.web.publisher import requiring
from circulation.web.request import Request
from circulation.web.response import JSON, Response, json_response
from circulation.web.statistics_access import admit, keep_private
from circulation.web.statistics_api import ANSWERS, Answer
from circulation.web.statistics_pages import answer_page


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


def answer_admitted(answer: Answer, request: Request) -> Response:
    """Give an answer to whoever bears a token or a share link's key."""
    runtime = container()
    settings = runtime.settings
    grant = admit(
        request,
        lambda: runtime.tokens,
        lambda: runtime.shares,
        is_public=settings.public_statistics,
    )
    response = answer(request, grant, runtime.figure_stores, settings.publication)
    return keep_private(grant, response)


def page(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the page, or a part of it."""
    refresh = container().settings.tally_window
    return answer_page(request, grant, stores, publication, refresh=refresh)


def show_problem(request: Request, problem: Response) -> Response:
    """Give the page of a problem."""
    return problem_page(request, problem, container().settings.publication)


def show_problem_of_file(request: Request, problem: Response) -> Response:
    """Give a browser that follows a link to a file the page of its problem."""
    if not prefers(request, HTML, JSON):
        return problem
    return file_problem_page(request, problem, container().settings.publication)


HTML = "text/html"
PAGES = ("GET /statistics", "GET /statistics/")

handler = http_handler(
    "ReadStatistics",
    following_former_ids(
        {
            **requiring(Scope.READ, {"GET /articles/{id}/statistics": statistics}),
            **{key: partial(answer_admitted, answer) for key, answer in ANSWERS.items()},
            **dict.fromkeys(PAGES, partial(answer_admitted, page)),
        },
        lambda: container().addresses,
    ),
    displays={
        **dict.fromkeys(PAGES, show_problem),
        **dict.fromkeys(ANSWERS, show_problem_of_file),
    },
)
warm_up()
