"""The articles that the page of an article leads on to."""

from datetime import datetime

from circulation.articles.article import Article
from circulation.articles.catalogue import Catalogue
from circulation.articles.listing import Kind, Listing
from circulation.articles.queries import list_articles
from circulation.counting.books import Books

RELATED = 3
CANDIDATES = 30
"""The newest articles of the section, and of each tag, that related ones are chosen from."""


def read_related(
    article: Article, catalogue: Catalogue, books: Books, *, now: datetime
) -> list[Article]:
    """Read up to three other articles of its section, those with its tags first.

    Where the section has no other, they are those of other sections with its tags.
    """
    section = Listing(Kind.SECTION, article.section)
    tags = [Listing(Kind.TAG, tag) for tag in article.tags]
    related = _read_others(article, [section], catalogue, books, now)
    return (related or _read_others(article, tags, catalogue, books, now))[:RELATED]


def _read_others(
    article: Article, listings: list[Listing], catalogue: Catalogue, books: Books, now: datetime
) -> list[Article]:
    """Read the newest other articles of listings, once each, those with most of its tags first."""
    others: dict[str, Article] = {}
    for listing in listings:
        page = list_articles(listing, catalogue, books, now=now, limit=CANDIDATES)
        others |= {entry.article.id: entry.article for entry in page.articles}
    others.pop(article.id, None)
    return sorted(others.values(), key=lambda other: -len(set(other.tags) & set(article.tags)))
