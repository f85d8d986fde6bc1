"""Answer with the pages of statistics: the whole page, or a part that its script asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circulation.access.grant import Extent
from circulation.errors import ArticleNotFound, Fault, InvalidInput
from circulation.ids import is_id
from circulation.statistics.figures import SiteFigures
from circulation.statistics.queries import (
    read_article,
    read_article_now,
    read_now,
    read_section_names,
)
from circulation.statistics.rollup import THE_SITE
from circulation.statistics.site_queries import calendar_of
from circulation.web.pages.statistics.article_page import (
    OneArticle,
    article_now_sheet,
    article_sheet,
)
from circulation.web.pages.statistics.details import write_details
from circulation.web.pages.statistics.frame import Sheet, write_part, write_response
from circulation.web.pages.statistics.links import links_of
from circulation.web.pages.statistics.site_page import Site, now_sheet, site_sheet
from circulation.web.statistics_access import require, require_subject
from circulation.web.statistics_api import read_chosen
from circulation.web.statistics_parameters import choice

if TYPE_CHECKING:
    from circulation.access.grant import Grant
    from circulation.articles.publication import Publication
    from circulation.statistics.figure_stores import FigureStores
    from circulation.web.request import Request
    from circulation.web.response import Response
    from circulation.web.statistics_parameters import Choice

_DETAILS, _NOW = "details", "now"


def answer_page(
    request: Request,
    grant: Grant,
    stores: FigureStores,
    publication: Publication,
    *,
    refresh: int,
) -> Response:
    """Give the site's page or an article's, or a part of one.

    Refresh is in seconds: how often the last minutes can have something new. Raises InvalidInput,
    NotShared, ArticleNotFound and ArticleGone.
    """
    chosen = choice(request, calendar_of(publication))
    part = request.query.get("part", "")
    if part not in {"", _DETAILS, _NOW}:
        raise InvalidInput(Fault("part", f"must be one of {_DETAILS}, {_NOW}"))
    if "article" in request.query:
        return _answer_article(request, grant, stores, publication, chosen, refresh=refresh)
    subject = chosen.subject
    require_subject(grant, subject)
    today = calendar_of(publication).date_of(request.at)
    is_current = today in chosen.span
    site = Site(
        SiteFigures(chosen.span, chosen.against, subject),
        publication,
        grant,
        request.at,
        today,
        now=read_now(stores, now=request.at) if is_current and subject == THE_SITE else None,
        sort=chosen.sort,
        refresh=refresh,
    )
    if part == _NOW:
        return write_part(now_sheet(site))
    figures = read_chosen(chosen, stores, publication, now=request.at)
    sections: tuple[str, ...] = ()
    if subject != THE_SITE and grant.extent is Extent.SITE:
        sections = read_section_names(stores, now=request.at)
    site = replace(site, figures=figures, sections=sections)
    return write_response(site_sheet(site), publication)


def _answer_article(  # noqa: PLR0913  what is asked, by whom, and of what
    request: Request,
    grant: Grant,
    stores: FigureStores,
    publication: Publication,
    chosen: Choice,
    *,
    refresh: int,
) -> Response:
    article, part = request.query["article"], request.query.get("part", "")
    if not is_id(article):
        raise ArticleNotFound(article)
    require(grant, Extent.ARTICLE, article)
    if part == _NOW:
        views = read_article_now(article, stores, now=request.at)
        return write_part(article_now_sheet(article, views, publication, request.at))
    figures = read_article(
        article, chosen.span, stores, publication, now=request.at, limit=chosen.limit
    )
    today = calendar_of(publication).date_of(request.at)
    if part != _DETAILS:
        shown = OneArticle(
            figures,
            publication,
            grant,
            request.at,
            today,
            against=chosen.against,
            sort=chosen.sort,
            refresh=refresh,
        )
        return write_response(article_sheet(shown), publication)
    is_current = today in chosen.span
    links = links_of(chosen.span, chosen.against, grant, is_current=is_current, sort=chosen.sort)
    panels = write_details(figures, publication, links)
    return write_part(Sheet(figures.title, panels))
