"""ReadArticles: the articles and their counts as JSON."""

from circulation.container import container, warm_up
from circulation.reading import (
    check_library,
    list_articles,
    read_article,
    read_count,
    read_days,
    read_hours,
    read_popular,
)
from circulation.web import parameters
from circulation.web.counts import count_json
from circulation.web.cursors import cursor
from circulation.web.handler import http_handler
from circulation.web.representations import (
    article_json,
    days_json,
    hours_json,
    next_link,
    page_json,
    popular_json,
)
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_AGE_COUNT = 10
MAX_AGE_ARTICLES = 60
MAX_AGE_CHARTS = 60
POPULAR_LIMIT = 10


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
    found = read_article(request.article_id, container().store, now=request.at)
    shown = article_json(found, container().settings.publication)
    return json_response(shown, max_age=MAX_AGE_ARTICLES)


def views(request: Request) -> Response:
    """Give an article's count."""
    count = read_count(request.article_id, container().store, now=request.at)
    return json_response(count_json(count), max_age=MAX_AGE_COUNT)


def daily_views(request: Request) -> Response:
    """Give an article's views by day."""
    article_id = request.article_id
    days = read_days(article_id, parameters.days(request), container().store, now=request.at)
    return json_response(days_json(article_id, days), max_age=MAX_AGE_CHARTS)


def hourly_views(request: Request) -> Response:
    """Give an article's views by hour."""
    article_id = request.article_id
    hours = read_hours(article_id, parameters.hours(request), container().store, now=request.at)
    return json_response(hours_json(article_id, hours), max_age=MAX_AGE_CHARTS)


def popular(request: Request) -> Response:
    """Give the most read articles."""
    window, section = parameters.window(request), parameters.section(request)
    limit = parameters.limit(request, POPULAR_LIMIT)
    found = read_popular(window, section, container().store, now=request.at, limit=limit)
    shown = popular_json(found, window, section, container().settings.publication)
    return json_response(shown, max_age=MAX_AGE_ARTICLES)


def health(_request: Request) -> Response:
    """Tell whether the library answers."""
    check_library(container().store)
    return json_response({"status": "ok"})


handler = http_handler(
    {
        "GET /articles": articles,
        "GET /articles/{id}": article,
        "GET /articles/{id}/views": views,
        "GET /articles/{id}/views/daily": daily_views,
        "GET /articles/{id}/views/hourly": hourly_views,
        "GET /popular": popular,
        "GET /health": health,
    }
)
warm_up()
