"""Sitemaps: every article for search engines, split where one would grow too long, and the news."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from circulation.articles.publication import Publication
from circulation.feeds.channel import uri
from circulation.feeds.xml import MAX_BYTES, answered_length, document, element
from circulation.times import format_time

CONTENT_TYPE = "application/xml; charset=utf-8"
MAX_URLS = 50_000
"""sitemaps.org, "Using Sitemap index files"; they may have 50 MB."""
MAX_NEWS = 1_000
"""Google Search Central: News sitemaps."""

_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its address, and when it last changed."""

    url: str
    changed: datetime


class News(Protocol):
    """What the news sitemap tells of an article."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def language(self) -> str | None:
        """Its language (BCP 47), None where it is the publication's."""

    @property
    def published(self) -> datetime:
        """When it appeared."""


def split(pages: Iterable[Page], *, urls: int = MAX_URLS, size: int = MAX_BYTES) -> list[bytes]:
    """Write the pages in their order as one sitemap, or as many as they need; none has none.

    The first ones stay as they are when further pages follow.
    """
    sitemaps: list[bytes] = []
    lines: list[str] = []
    length = 0
    for each in pages:
        line = _url(each)
        if lines and (len(lines) == urls or length + len(line) > size):
            sitemaps.append(_urlset(lines))
            lines, length = [], 0
        lines.append(line)
        length += len(line)  # of ASCII without a quote
    return [*sitemaps, _urlset(lines)] if lines or not sitemaps else sitemaps


def index(urls: Sequence[str]) -> bytes:
    """Write the index of the sitemaps that are found at some addresses."""
    lines = (f"<sitemap>{element('loc', each)}</sitemap>" for each in urls)
    return document([f"<sitemapindex {_SITEMAPS}>", *lines, "</sitemapindex>"])


def news_sitemap(
    articles: Iterable[News], publication: Publication, *, size: int = MAX_BYTES
) -> bytes:
    """Write the news sitemap of some articles; which of them are news is the caller's to say.

    The last ones are left out where it would grow too long to be answered.
    """
    lines: list[str] = []
    length = 0
    for each in articles:
        url = "\n".join(_news(each, publication))
        length += answered_length(url)
        if lines and length > size:
            break
        lines.append(url)
    return document([f"<urlset {_SITEMAPS} {_NEWS}>", *lines, "</urlset>"])


def _urlset(lines: Sequence[str]) -> bytes:
    return document([f"<urlset {_SITEMAPS}>", *lines, "</urlset>"])


def _url(page: Page) -> str:
    return (
        f"<url>{element('loc', uri(page.url))}{element('lastmod', format_time(page.changed))}</url>"
    )


def _news(article: News, publication: Publication) -> Iterator[str]:
    language = (article.language or publication.language).partition("-")[0].lower()
    yield f"<url>\n{element('loc', uri(article.url))}\n<news:news>\n<news:publication>"
    yield element("news:name", publication.title)
    yield element("news:language", language)
    yield "</news:publication>"
    published = format_time(publication.local(article.published))
    yield element("news:publication_date", published)
    yield element("news:title", article.title)
    yield "</news:news>\n</url>"
