"""A listing: the articles of the site, a section, a tag or an author, by publication time."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from circulation.articles.article import Article


class Kind(StrEnum):
    """What the articles of a listing have in common."""

    ALL = "all"
    SECTION = "section"
    TAG = "tag"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles of one section, tag or author; the name is empty for the whole site."""

    kind: Kind
    name: str = ""


ALL = Listing(Kind.ALL)


def listings_of(article: Article) -> Iterator[Listing]:
    """Give every listing that an article is in."""
    yield ALL
    yield Listing(Kind.SECTION, article.section)
    for tag in article.tags:
        yield Listing(Kind.TAG, tag)
    for author in article.authors:
        yield Listing(Kind.AUTHOR, author)
