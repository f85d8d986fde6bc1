"""Sitemaps: all articles for search engines, in several files if needed, and the news sitemap."""

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
"""In one sitemap at most (sitemaps.org, "Using Sitemap index files"). 50 MB would be allowed."""
MAX_NEWS = 1_000
"""In a news sitemap at most (Google Search Central: News sitemaps)."""

_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its address, and the time of its last change."""

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


def split(pages: Iterable[Page], *, urls: int = MAX_URLS, size: int = MAX_BYTES) -> list[bytes]:
    """Write pages in order as sitemaps, with at most that many URLs and bytes each.

    There is always one, which is empty if there are no pages. Pages added at the end do not change
    the earlier sitemaps.
    """
    sitemaps: list[bytes] = []
    lines: list[str] = []
    length = 0
    for page in pages:
        line = _write_url(page)
        if lines and (len(lines) == urls or length + len(line) > size):
            sitemaps.append(_write_urlset(lines))
            lines, length = [], 0
        lines.append(line)
        length += len(line)  # of ASCII without a quote
    return [*sitemaps, _write_urlset(lines)] if lines or not sitemaps else sitemaps


def index(urls: Sequence[str]) -> bytes:
    """Write the index of sitemaps by their addresses."""
    lines = (f"<sitemap>{element('loc', url)}</sitemap>" for url in urls)
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


def _write_urlset(lines: Sequence[str]) -> bytes:
    return document([f"<urlset {_SITEMAPS}>", *lines, "</urlset>"])


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
