"""ReadArticles: the articles and their counts as JSON."""

from circulation.container import container, warm_up
from circulation.reading import check_library, list_articles, read_article, read_count
from circulation.web import parameters
from circulation.web.cursors import cursor
from circulation.web.handler import http_handler
from circulation.web.representations import article_json, count_json, next_link, page_json
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_AGE_COUNT = 10
MAX_AGE_ARTICLES = 60


def articles(request: Request) -> Response:
    """List articles, newest first."""
    listing, limit = parameters.listing(request), parameters.limit(request)
    page = list_articles(
        listing, container().store, now=request.at, limit=limit, after=cursor(request)
    )
    return json_response(
        page_json(page, container().settings.publication),
        max_age=MAX_AGE_ARTICLES,
        headers=next_link(request, listing, page, limit),
    )


def article(request: Request) -> Response:
    """Give one article."""
    found = read_article(parameters.article_id(request), container().store, now=request.at)
    shown = article_json(found, container().settings.publication)
    return json_response(shown, max_age=MAX_AGE_ARTICLES)


def views(request: Request) -> Response:
    """Give an article's count."""
    count = read_count(parameters.article_id(request), container().store)
    return json_response(count_json(count), max_age=MAX_AGE_COUNT)


def health(_request: Request) -> Response:
    """Tell whether the library answers."""
    check_library(container().store)
    return json_response({"status": "ok"})


handler = http_handler(
    {
        "GET /articles": articles,
        "GET /articles/{id}": article,
        "GET /articles/{id}/views": views,
        "GET /health": health,
    }
)
warm_up()
