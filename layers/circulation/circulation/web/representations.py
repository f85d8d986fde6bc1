"""How articles and counts look in JSON; docs/api.md shows each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from circulation.count import DayCount
from circulation.listing import Kind, Listing
from circulation.popularity import Window
from circulation.publication import Publication
from circulation.reading import CountedArticle, Page, Popular, Statistics
from circulation.times import format_time
from circulation.web.cursors import cursor_of
from circulation.web.request import Request

Json = dict[str, Any]


def article_json(counted: CountedArticle, publication: Publication) -> Json:
    """Show an article with its views; times are in the publication's zone."""
    article = counted.article
    authors = list(article.authors)
    return _present(
        {
            "id": article.id,
            "section": article.section,
            "title": article.title,
            "summary": article.summary,
            "author": authors[0] if len(authors) == 1 else authors,
            "published": format_time(publication.local(article.published)),
            "updated": article.updated and format_time(publication.local(article.updated)),
            "language": article.language or publication.language,
            "url": article.url,
            "tags": list(article.tags),
            "image": article.image,
            "body": article.body,
            "views": counted.count.views,
        }
    )


def page_json(page: Page, publication: Publication) -> Json:
    """Show a page of articles, with the next page's cursor where there is one."""
    shown: Json = {"articles": [article_json(each, publication) for each in page.articles]}
    return shown | ({"cursor": cursor_of(page.after)} if page.after else {})


def next_link(request: Request, listing: Listing, page: Page, limit: int) -> dict[str, str]:
    """Give the Link header to the next page (RFC 8288), nothing on the last one."""
    if not page.after:
        return {}
    query = {} if listing.kind is Kind.ALL else {str(listing.kind): listing.name}
    target = urlencode({**query, "limit": limit, "cursor": cursor_of(page.after)})
    return {"link": f'<{request.base_url}/articles?{target}>; rel="next"'}


def statistics_json(statistics: Statistics) -> Json:
    """Show an article's statistics, the largest sums first."""
    told = statistics.readership
    return {
        "article": statistics.article,
        "from": statistics.first,
        "to": statistics.last,
        "views": told.views,
        "visitors": told.visitors,
        "filtered": statistics.filtered,
        "referrers": dict(told.referrers.most_common()),
        "countries": dict(told.countries.most_common()),
        "form_factors": dict(told.form_factors.most_common()),
    }


def popular_json(
    popular: Popular, window: Window, section: str | None, publication: Publication
) -> Json:
    """Show the most read articles in their order, without their texts."""
    articles = []
    for each in popular.articles:
        shown = article_json(each.counted, publication) | {"window_views": each.window_views}
        del shown["body"]
        articles.append(shown)
    return {
        "window": window,
        **({"section": section} if section else {}),
        "as_of": popular.as_of and format_time(popular.as_of),
        "articles": articles,
    }


def days_json(article_id: str, days: Mapping[str, DayCount]) -> Json:
    """Show an article's views by day, oldest first."""
    return {
        "article": article_id,
        "from": min(days),
        "to": max(days),
        "days": [
            {"day": day, "views": count.views, "visitors": count.visitors}
            for day, count in days.items()
        ],
    }


def hours_json(article_id: str, hours: Mapping[datetime, int]) -> Json:
    """Show an article's views by hour, oldest first."""
    return {
        "article": article_id,
        "hours": [{"hour": format_time(hour), "views": views} for hour, views in hours.items()],
    }


def _present(fields: Json) -> Json:
    """Leave out what an article does not have."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
