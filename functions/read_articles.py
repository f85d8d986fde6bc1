"""ReadArticles: the articles and their counts as JSON."""

from dataclasses import replace
from typing import Any

from circulation.articles.listing import ALL
from circulation.articles.lookup import article_at, follow_if_public
from circulation.articles.queries import (
    check_library,
    list_articles,
    read_article,
    read_page_article,
    read_sections,
)
from circulation.counting.queries import read_count, read_counts, read_days, read_hours
from circulation.feeds.selection import read_edition
from circulation.popularity.queries import read_popular
from circulation.runtime import container, warm_up
from circulation.web import parameters
from circulation.web.conditional import prefers
from circulation.web.cursors import cursor, cursor_rank
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.json.articles import (
    article_json,
    article_ld_json,
    next_link,
    page_json,
    sections_json,
)
from circulation.web.json.counts import (
    count_json,
    counts_json,
    days_json,
    hours_json,
    page_count_json,
)
from circulation.web.json.popularity import popular_json, ranked_json
from circulation.web.openapi import contract
from circulation.web.page_url import page_host, page_url
from circulation.web.pages.print_page import CONTENT_TYPE, HEADERS, print_page
from circulation.web.renditions import Rendition
from circulation.web.request import Request
from circulation.web.response import JSON, Response, json_response

LD_JSON = "application/ld+json"
MAX_AGE_COUNT = 10
MAX_AGE_ARTICLES = 60
MAX_AGE_CHARTS = 60
MAX_AGE_SECTIONS = 300
MAX_AGE_CONTRACT = 3600
POPULAR_LIMIT = 10


def articles(request: Request) -> Response:
    """List articles, newest first or most read first."""
    by = parameters.order(request)
    shown = (_ranked if by is parameters.Order.VIEWS else _newest)(request)
    base_url = request.public_url(container().settings.api_url)
    link = next_link(base_url, parameters.list_query(request), shown)
    return json_response(shown, max_age=MAX_AGE_ARTICLES, headers=link)


def _newest(request: Request) -> dict[str, Any]:
    shape = parameters.shape(request)
    page = list_articles(
        parameters.listing(request),
        container().catalogue,
        container().books,
        now=request.at,
        limit=parameters.limit(request),
        after=cursor(request),
        since=parameters.since(request),
        until=parameters.until(request),
        bodies=shape.has_body,
    )
    return page_json(page, container().settings.publication, shape)


def _ranked(request: Request) -> dict[str, Any]:
    window, section = parameters.window(request), parameters.section(request)
    limit, after = parameters.limit(request), cursor_rank(request)
    runtime, shape = container(), parameters.shape(request)
    found = read_popular(
        window,
        section,
        *(runtime.charts, runtime.catalogue, runtime.books),
        now=request.at,
        limit=limit,
        after=after,
        bodies=shape.has_body,
    )
    return ranked_json(found, runtime.settings.publication, shape)


def article(request: Request) -> Response:
    """Give one article, as JSON or as a NewsArticle of schema.org."""
    runtime = container()
    found = read_article(request.article_id, runtime.catalogue, runtime.books, now=request.at)
    publication = runtime.settings.publication
    linked = prefers(request, LD_JSON, JSON)
    shown = (
        article_ld_json(found, publication)
        if linked
        else article_json(found, publication, parameters.shape(request))
    )
    content_type = LD_JSON if linked else JSON
    response = json_response(shown, max_age=MAX_AGE_ARTICLES, content_type=content_type)
    return replace(response, version=found.version, negotiated=True)


def article_by_url(request: Request) -> Response:
    """Lead from an address that a page has or had to its article."""
    url, runtime = page_url(request), container()
    article_id = article_at(url, runtime.addresses, host=page_host(request))
    found = read_page_article(
        url, article_id, runtime.addresses, runtime.catalogue, runtime.books, now=request.at
    )
    shown = {"id": found.id, "url": found.url}
    location = f"{request.public_url(runtime.settings.api_url)}/articles/{found.id}"
    headers = {"location": location}
    return replace(json_response(shown, max_age=MAX_AGE_ARTICLES, headers=headers), status=302)


def print_version(request: Request) -> Response:
    """Give an article as a page made for paper."""
    runtime = container()
    found = read_article(request.article_id, runtime.catalogue, runtime.books, now=request.at)
    body = print_page(found.article, runtime.settings.publication)
    return Response(200, body, CONTENT_TYPE, MAX_AGE_ARTICLES, HEADERS)


def sections(request: Request) -> Response:
    """List the sections with the number of their articles."""
    runtime, now = container(), request.at
    edition = read_edition(ALL, runtime.catalogue, now=now).name
    rendition = runtime.renditions.find("sections", edition)
    if rendition is None:
        shown = sections_json(read_sections(runtime.catalogue, now=now))
        rendition = Rendition(json_response(shown).body)
        runtime.renditions.keep("sections", edition, rendition)
    return Response(200, rendition.body, JSON, MAX_AGE_SECTIONS)


def many_views(request: Request) -> Response:
    """Give the counts of several articles, or that of the one at an address."""
    runtime = container()
    if "url" in request.query:
        article = article_at(page_url(request), runtime.addresses, host=page_host(request))
        count = follow_if_public(
            article,
            runtime.addresses,
            lambda found: read_count(found, runtime.books, now=request.at),
        )
        return json_response(page_count_json(count), max_age=MAX_AGE_COUNT)
    found = read_counts(parameters.ids(request), runtime.books, now=request.at)
    return json_response(counts_json(*found), max_age=MAX_AGE_COUNT)


def views(request: Request) -> Response:
    """Give an article's count."""
    count = read_count(request.counted_id, container().books, now=request.at)
    return json_response(count_json(count), max_age=MAX_AGE_COUNT)


def daily_views(request: Request) -> Response:
    """Give an article's views by day."""
    article_id = request.article_id
    days = read_days(article_id, parameters.days(request), container().books, now=request.at)
    return json_response(days_json(article_id, days), max_age=MAX_AGE_CHARTS)


def hourly_views(request: Request) -> Response:
    """Give an article's views by hour."""
    article_id = request.article_id
    hours = read_hours(article_id, parameters.hours(request), container().books, now=request.at)
    return json_response(hours_json(article_id, hours), max_age=MAX_AGE_CHARTS)


def popular(request: Request) -> Response:
    """Give the most read articles."""
    runtime, limit = container(), parameters.limit(request, POPULAR_LIMIT)
    window, section = parameters.window_or_period(request), parameters.section(request)
    among, sources = parameters.among(request), (runtime.charts, runtime.catalogue, runtime.books)
    found = read_popular(
        window, section, *sources, now=request.at, limit=limit, among=among, bodies=False
    )
    shown = popular_json(found, window, section, among, runtime.settings.publication)
    return json_response(shown, max_age=MAX_AGE_ARTICLES)


def openapi(_request: Request) -> Response:
    """Give the contract of this API."""
    return Response(200, contract(), JSON, MAX_AGE_CONTRACT)


def health(_request: Request) -> Response:
    """Tell whether the library answers."""
    check_library(container().catalogue)
    return json_response({"status": "ok"})


handler = http_handler(
    "ReadArticles",
    following_former_ids(
        {
            "GET /articles": articles,
            "GET /articles/by-url": article_by_url,
            "GET /articles/{id}": article,
            "GET /articles/{id}/print": print_version,
            "GET /articles/{id}/views": views,
            "GET /articles/{id}/views/daily": daily_views,
            "GET /articles/{id}/views/hourly": hourly_views,
            "GET /views": many_views,
            "GET /sections": sections,
            "GET /popular": popular,
            "GET /openapi.json": openapi,
            "GET /health": health,
        },
        lambda: container().addresses,
    ),
)
warm_up()
