"""Answer the routes of statistics that give data: JSON, or one of its lists as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from circulation.access.grant import Extent, Grant
from circulation.articles.publication import Publication
from circulation.errors import Fault, InvalidInput
from circulation.statistics.figure_stores import FigureStores
from circulation.statistics.queries import read_article, read_now, read_site
from circulation.statistics.site_queries import calendar_of
from circulation.statistics.wording import write_sentences
from circulation.web.csv_table import csv_response
from circulation.web.json.figures import article_json, now_json, site_json, table_json, top_json
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.statistics_access import require, require_subject
from circulation.web.statistics_parameters import Choice, Form, choice
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.statistics.figures import SiteFigures

Json = dict[str, Any]
Answer = Callable[[Request, Grant, FigureStores, Publication], Response]
"""Answers a request with a grant."""

MAX_AGE = 60
"""Seconds for which public numbers may be cached."""
MAX_AGE_LIVE = 10
"""Likewise those of the last minutes."""


def answer_site(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the figures of the site, or of a section, author or tag."""
    chosen, figures = _read(request, grant, stores, publication)
    words = words_in(publication.language)
    sentences = write_sentences(figures, words, publication.language)
    return _answer(request, chosen.form, "points", site_json(figures, sentences))


def answer_sections(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the views of the sections."""
    return _answer_table("sections", request, grant, stores, publication)


def answer_authors(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the views of the authors."""
    return _answer_table("authors", request, grant, stores, publication)


def answer_tags(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the views of the tags."""
    return _answer_table("tags", request, grant, stores, publication)


def answer_top(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the most read articles."""
    chosen, figures = _read(request, grant, stores, publication)
    return _answer(request, chosen.form, "top", top_json(figures))


def answer_live(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the last half hour."""
    require(grant, Extent.SITE)
    chosen = choice(request, calendar_of(publication))
    now = now_json(read_now(stores, now=request.at))
    return _answer(request, chosen.form, "movers", now, max_age=MAX_AGE_LIVE)


def answer_article(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    """Give the figures of one article. Raises ArticleNotFound and ArticleGone."""
    require(grant, Extent.ARTICLE, request.article_id)
    chosen = choice(request, calendar_of(publication))
    figures = read_article(
        request.article_id,
        chosen.span,
        stores,
        publication,
        now=request.at,
        limit=chosen.limit,
    )
    return _answer(request, chosen.form, "points", article_json(figures))


ANSWERS: dict[str, Answer] = {
    "GET /statistics/site": answer_site,
    "GET /statistics/sections": answer_sections,
    "GET /statistics/authors": answer_authors,
    "GET /statistics/tags": answer_tags,
    "GET /statistics/top": answer_top,
    "GET /statistics/live": answer_live,
    "GET /statistics/articles/{id}": answer_article,
}
"""The answers by their routes."""


def read_chosen(
    chosen: Choice, stores: FigureStores, publication: Publication, *, now: datetime
) -> SiteFigures:
    """Read the figures that a request chose."""
    return read_site(
        chosen.subject,
        chosen.span,
        chosen.against,
        stores,
        publication,
        now=now,
        sort=chosen.sort,
        limit=chosen.limit,
    )


def _read(
    request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> tuple[Choice, SiteFigures]:
    """Read the figures that a request asks for, if its grant opens them. Raises NotShared."""
    chosen = choice(request, calendar_of(publication))
    require_subject(grant, chosen.subject)
    return chosen, read_chosen(chosen, stores, publication, now=request.at)


def _answer_table(
    name: str, request: Request, grant: Grant, stores: FigureStores, publication: Publication
) -> Response:
    chosen, figures = _read(request, grant, stores, publication)
    return _answer(request, chosen.form, name, table_json(name, figures))


def _answer(
    request: Request, form: Form, table: str, data: Json, *, max_age: int = MAX_AGE
) -> Response:
    """Write an answer as JSON; as CSV the list that `table` names, or the usual one."""
    if form is Form.JSON:
        return json_response(data, max_age=max_age)
    table = request.query.get("table", table)
    tables = [name for name, value in data.items() if isinstance(value, list)]
    if table not in tables:
        raise InvalidInput(Fault("table", f"must be one of {', '.join(tables)}"))
    objects = [item if isinstance(item, dict) else {table: item} for item in data[table]]
    return csv_response(table.replace("_", "-"), objects, max_age=max_age)
