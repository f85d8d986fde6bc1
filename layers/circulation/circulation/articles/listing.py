"""A listing: the articles of the site, a section, a tag or an author, by publication time."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from circulation.articles.article import Article
from circulation.times import day_of


class Kind(StrEnum):
    """What the articles of a listing have in common."""

    ALL = "all"
    SECTION = "section"
    TAG = "tag"
    AUTHOR = "author"
    MONTH = "month"
    """Published in one UTC month: a part of the listing of the whole site, with an edition of its
    own for the sitemaps."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles of a section, tag, author or month; the name is empty for the whole site."""

    kind: Kind
    name: str = ""


ALL = Listing(Kind.ALL)

MILESTONE_BYTES = 50_000
"""Of a sitemap, between two milestones on average."""
URL_MARKUP_BYTES = 66
"""What a sitemap has of an article beside its address."""


def month_of(article: Article) -> Listing:
    """Give the month that an article was or will be published in."""
    return Listing(Kind.MONTH, day_of(article.published)[:7])


def is_milestone(article_id: str, url: str) -> bool:
    """Say whether an article is one of those that divide a large month's sitemap into parts.

    A hash of the id chooses them, so that they are spread evenly however many articles have the
    same time; the longer their addresses, the more of them. One in some 400 is chosen.
    """
    address = url.encode()
    escaped = len(address) + 2 * sum(byte > 127 for byte in address)  # noqa: PLR2004  not ASCII
    share = (escaped + URL_MARKUP_BYTES) / MILESTONE_BYTES
    return crc32(article_id.encode()) < share * 2**32


def listings_of(article: Article) -> Iterator[Listing]:
    """Give every listing that an article is in."""
    yield ALL
    yield Listing(Kind.SECTION, article.section)
    for tag in article.tags:
        yield Listing(Kind.TAG, tag)
    for author in article.authors:
        yield Listing(Kind.AUTHOR, author)
