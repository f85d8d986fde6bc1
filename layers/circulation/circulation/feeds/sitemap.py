"""Sitemaps: all articles for search engines, by month and in parts, and the news sitemap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from circulation.articles.publication import Publication
from circulation.feeds.channel import uri
from circulation.feeds.xml import MAX_BYTES, answered_length, document, element
from circulation.times import format_time

CONTENT_TYPE = "application/xml; charset=utf-8"
MAX_URLS = 50_000
"""In one sitemap at most (sitemaps.org, "Using Sitemap index files"). 50 MB would be allowed."""
PART_MILESTONES = 4
"""Milestones in a part of a month's sitemap, some 1,600 articles; in the last part up to seven."""
MAX_NEWS = 1_000
"""In a news sitemap at most (Google Search Central: News sitemaps)."""

_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site, or a sitemap: its address, and the time of its last change."""

    url: str
    changed: datetime


class News(Protocol):
    """The data of an article in the news sitemap."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def language(self) -> str | None:
        """Its language (BCP 47); None if it is the publication's."""

    @property
    def published(self) -> datetime:
        """When it appeared."""


def sitemap(pages: Iterable[Page], *, size: int = MAX_BYTES) -> bytes:
    """Write pages in order, at most MAX_URLS in so many bytes; further ones are left out."""
    lines: list[str] = []
    for page in pages:
        line = _write_url(page)
        size -= len(line) + len("\\n")  # of ASCII without a quote, in a JSON string
        if len(lines) == MAX_URLS or size < 0:
            break
        lines.append(line)
    return document([f"<urlset {_SITEMAPS}>", *lines, "</urlset>"])


def bounds_of_parts(milestones: Sequence[str], first: str, end: str) -> list[tuple[str, str]]:
    """Divide what stands from a sort key up to one before another at every fourth milestone.

    Gives the same two keys of each part, at least one. Milestones are chosen by chance, one in
    50,000 bytes of a sitemap: that a part with less than eight of them has more than 5 MB has a
    probability below 1 in 10^9.
    """
    cuts = milestones[PART_MILESTONES : len(milestones) - PART_MILESTONES + 1 : PART_MILESTONES]
    return list(pairwise([first, *cuts, end]))


def index(sitemaps: Iterable[Page]) -> bytes:
    """Write the index of sitemaps by their addresses and the times of their last changes."""
    lines = (
        f"<sitemap>{element('loc', sitemap.url)}"
        f"{element('lastmod', format_time(sitemap.changed))}</sitemap>"
        for sitemap in sitemaps
    )
    return document([f"<sitemapindex {_SITEMAPS}>", *lines, "</sitemapindex>"])


def news_sitemap(
    articles: Iterable[News], publication: Publication, *, size: int = MAX_BYTES
) -> bytes:
    """Write the news sitemap of articles; the caller decides which of them are news.

    Size limits its bytes, as Lambda answers them; the last articles are left out beyond it.
    """
    lines: list[str] = []
    length = 0
    for article in articles:
        url = "\n".join(_write_news(article, publication))
        length += answered_length(url)
        if lines and length > size:
            break
        lines.append(url)
    return document([f"<urlset {_SITEMAPS} {_NEWS}>", *lines, "</urlset>"])


def news_language(tag: str) -> str:
    """Give a language (BCP 47) as news sitemaps name it: an ISO 639 code; of Chinese, zh-cn or -tw.

    https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
    """
    language, *others = tag.lower().split("-")
    if language != "zh":
        return language
    is_traditional = "hant" in others or (
        "hans" not in others and any(region in others for region in ("hk", "mo", "tw"))
    )
    return "zh-tw" if is_traditional else "zh-cn"


def _write_url(page: Page) -> str:
    return (
        f"<url>{element('loc', uri(page.url))}{element('lastmod', format_time(page.changed))}</url>"
    )


def _write_news(article: News, publication: Publication) -> Iterator[str]:
    language = news_language(article.language or publication.language)
    yield f"<url>\n{element('loc', uri(article.url))}\n<news:news>\n<news:publication>"
    yield element("news:name", publication.title)
    yield element("news:language", language)
    yield "</news:publication>"
    published = format_time(publication.local(article.published))
    yield element("news:publication_date", published)
    yield element("news:title", article.title)
    yield "</news:news>\n</url>"
