"""How articles and counts look in JSON; docs/api.md shows each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from circulation.articles.article import JSON_NAMES
from circulation.articles.publication import Publication
from circulation.articles.queries import CountedArticle, Page
from circulation.counting.counts import DayCount
from circulation.popularity.queries import Popular
from circulation.popularity.windows import Window
from circulation.statistics.queries import Statistics
from circulation.text import paragraphs
from circulation.times import format_time
from circulation.web.cursors import cursor_of, cursor_of_rank
from circulation.web.request import Request

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which fields an article is shown with, and its body as HTML or as text.

    Unless told it has all but PARTS.
    """

    fields: frozenset[str] | None = None
    as_text: bool = False


WHOLE = Shape()
PARTS = frozenset({"views_before", "views_counted"})
"""Of views: an older counter's total, and what was counted here. An export keeps them apart."""
SHOWN = PARTS | {"id", "views", *JSON_NAMES.values()}


def article_json(counted: CountedArticle, publication: Publication, shape: Shape = WHOLE) -> Json:
    """Show an article with its views; times are in the publication's zone."""
    article = counted.article
    shown = {json: _shown(getattr(article, name), publication) for name, json in JSON_NAMES.items()}
    if len(article.authors) == 1:
        shown["author"] = article.authors[0]
    shown["language"] = article.language or publication.language
    if shape.as_text:
        shown["body"] = paragraphs(article.body)
    body = shown.pop("body")  # after what is short
    shown = _present({"id": article.id, **shown, "body": body}) | {
        "views": counted.count.views,
        "views_before": counted.count.base,
        "views_counted": counted.count.counted,
    }
    fields = SHOWN - PARTS if shape.fields is None else shape.fields
    return {name: value for name, value in shown.items() if name in fields}


def _shown(value: object, publication: Publication) -> object:
    """Give the value of a field as JSON has it, times in the publication's zone."""
    if isinstance(value, datetime):
        return format_time(publication.local(value))
    return list(value) if isinstance(value, tuple) else value


def article_ld_json(counted: CountedArticle, publication: Publication) -> Json:
    """Show an article as schema.org's NewsArticle, its views as an InteractionCounter."""
    article = counted.article
    publisher = {"@type": "Organization", "name": publication.title, "url": publication.url}
    return _present(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": article.url,
            "identifier": article.id,
            "url": article.url,
            "mainEntityOfPage": article.url,
            "headline": article.title,
            "description": article.summary,
            "articleSection": article.section,
            "articleBody": paragraphs(article.body),
            "datePublished": format_time(publication.local(article.published)),
            "dateModified": format_time(publication.local(article.revised())),
            "inLanguage": article.language or publication.language,
            "author": [{"@type": "Person", "name": each} for each in article.authors],
            "publisher": publisher | ({"logo": publication.image} if publication.image else {}),
            "keywords": list(article.tags),
            "image": [article.image] if article.image else [],
            "interactionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": {"@type": "ReadAction"},
                "userInteractionCount": counted.count.views,
            },
        }
    )


def page_json(page: Page, publication: Publication, shape: Shape = WHOLE) -> Json:
    """Show a page of articles, with the next page's cursor where there is one."""
    shown: Json = {"articles": [article_json(each, publication, shape) for each in page.articles]}
    return shown | ({"cursor": cursor_of(page.after)} if page.after else {})


def ranked_json(popular: Popular, publication: Publication, shape: Shape = WHOLE) -> Json:
    """Show a page of the most read articles, with the next page's cursor where there is one."""
    shown: Json = {
        "articles": [
            article_json(each.counted, publication, shape) | {"window_views": each.window_views}
            for each in popular.articles
        ]
    }
    if popular.after is None:
        return shown
    article, views = popular.after
    return shown | {"cursor": cursor_of_rank(views, article)}


def next_link(request: Request, query: Mapping[str, str], shown: Json) -> dict[str, str]:
    """Give the Link header to the next page of a list (RFC 8288), nothing on the last one."""
    if "cursor" not in shown:
        return {}
    target = urlencode({**query, "cursor": shown["cursor"]})
    return {"link": f'<{request.base_url}/articles?{target}>; rel="next"'}


def sections_json(sections: Mapping[str, int]) -> Json:
    """Show the sections with the number of their articles."""
    return {
        "sections": [{"section": name, "articles": number} for name, number in sections.items()]
    }


def statistics_json(statistics: Statistics) -> Json:
    """Show an article's statistics, the largest sums first."""
    readership = statistics.readership
    return {
        "article": statistics.article,
        "from": statistics.first,
        "to": statistics.last,
        "views": readership.views,
        "visitors": readership.visitors,
        "filtered": statistics.filtered,
        **{name: dict(sums.most_common()) for name, sums in readership.breakdown._asdict().items()},
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
