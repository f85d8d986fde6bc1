"""Articles in JSON, as docs/api.md describes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from circulation.articles.article import JSON_NAMES
from circulation.text import paragraphs
from circulation.times import format_time
from circulation.web.cursors import cursor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulation.articles.publication import Publication
    from circulation.articles.queries import CountedArticle, Page

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which fields an article is written with, and its body as HTML or as text.

    Without fields it has all but PARTS.
    """

    fields: frozenset[str] | None = None
    as_text: bool = False

    @property
    def has_body(self) -> bool:
        """Whether the body is among the fields."""
        return self.fields is None or "body" in self.fields


WHOLE = Shape()
PARTS = frozenset({"views_before", "views_counted"})
"""The parts of views: an older counter's total, and what was counted here. For exports."""
SHOWN = PARTS | {"id", "views", *JSON_NAMES.values()}


def article_json(counted: CountedArticle, publication: Publication, shape: Shape = WHOLE) -> Json:
    """Write an article with its views; times are in the publication's zone."""
    article = counted.article
    document = {
        json: _json_of(getattr(article, name), publication) for name, json in JSON_NAMES.items()
    }
    if len(article.authors) == 1:
        document["author"] = article.authors[0]
    document["language"] = article.language or publication.language
    if shape.as_text:
        document["body"] = paragraphs(article.body)
    body = document.pop("body")  # the longest field comes last
    document = _drop_missing({"id": article.id, **document, "body": body}) | {
        "views": counted.count.views,
        "views_before": counted.count.base,
        "views_counted": counted.count.counted,
    }
    fields = SHOWN - PARTS if shape.fields is None else shape.fields
    return {name: value for name, value in document.items() if name in fields}


def _json_of(value: object, publication: Publication) -> object:
    """Convert the value of a field to JSON, times in the publication's zone."""
    if isinstance(value, datetime):
        return format_time(publication.local(value))
    return list(value) if isinstance(value, tuple) else value


def article_ld_json(counted: CountedArticle, publication: Publication) -> Json:
    """Write an article as schema.org's NewsArticle, its views as an InteractionCounter."""
    article = counted.article
    publisher = {"@type": "Organization", "name": publication.title, "url": publication.url}
    return _drop_missing(
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
            "author": [{"@type": "Person", "name": author} for author in article.authors],
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
    """Write a page of articles, with the cursor of the next page if there is one."""
    document: Json = {
        "articles": [article_json(counted, publication, shape) for counted in page.articles]
    }
    return document | ({"cursor": cursor_of(page.after)} if page.after else {})


def next_link(base_url: str, query: Mapping[str, str], document: Json) -> dict[str, str]:
    """Give the Link header to the next page of a list (RFC 8288); no header on the last page.

    Base URL is the API's, query what the list was asked for, and document the page's JSON.
    """
    if "cursor" not in document:
        return {}
    target = urlencode({**query, "cursor": document["cursor"]})
    return {"link": f'<{base_url}/articles?{target}>; rel="next"'}


def sections_json(sections: Mapping[str, int]) -> Json:
    """Write the sections with the numbers of their articles."""
    return {
        "sections": [{"section": name, "articles": number} for name, number in sections.items()]
    }


def _drop_missing(fields: Json) -> Json:
    """Leave out the fields that an article does not have."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
