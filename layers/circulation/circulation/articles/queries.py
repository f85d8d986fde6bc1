"""Read articles with their counts, one by one and in lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from circulation.articles.article import Article
from circulation.articles.catalogue import Catalogue
from circulation.articles.listing import Kind, Listing
from circulation.counting.books import Books
from circulation.counting.counts import Count
from circulation.errors import ArticleGone, ArticleNotFound, PageNotFound

MAX_PAGE_BYTES = 1_400_000
"""Of texts: Lambda answers with at most 6 MB, in which a quote takes four bytes: it is escaped
twice."""


CHUNK = 20
"""Articles read at once: what is read and not shown, because the page was full, is less than so
many."""


MAX_SECTIONS = 1_000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CountedArticle:
    """An article and its count."""

    article: Article
    count: Count
    version: int = 0
    """Of the article, 0 where it was not asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some articles of a list, and where the next page starts when there is one."""

    articles: list[CountedArticle]
    after: str | None


def read_article(
    article_id: str, catalogue: Catalogue, books: Books, *, now: datetime
) -> CountedArticle:
    """Give a published article.

    Raises ArticleNotFound, also before the article's time of publication, and ArticleGone.
    """
    shelved = catalogue.library.find(article_id)
    if shelved is None:
        raise ArticleNotFound(article_id)
    if shelved.article is None:
        raise (ArticleGone if shelved.was_public else ArticleNotFound)(article_id)
    if shelved.article.published > now:
        raise ArticleNotFound(article_id)
    return CountedArticle(shelved.article, books.counters.get(article_id), shelved.version)


def read_page_article(
    url: str, article_id: str | None, catalogue: Catalogue, books: Books, *, now: datetime
) -> Article:
    """Give the published article that an address is or was of; None is an address of none.

    Raises PageNotFound, also before the article's time, as nobody is told its id then; ArticleGone.
    """
    if article_id is None:
        raise PageNotFound(url)
    try:
        return read_article(article_id, catalogue, books, now=now).article
    except ArticleNotFound as error:
        raise PageNotFound(url) from error


def read_sections(catalogue: Catalogue, *, now: datetime) -> dict[str, int]:
    """Give the number of articles in each section that has any, by its name: at most 1,000.

    It reads every section's listing, so that what it gives is to be kept for as long as the edition
    of the whole site stays the same.
    """
    editions = catalogue.editions.all(now=now, kind=Kind.SECTION, limit=MAX_SECTIONS)
    sections = [listing for listing, edition in editions if edition.shown]
    return {each.name: catalogue.library.count(each, until=now) for each in sections}


def check_library(catalogue: Catalogue) -> None:
    """See whether the library answers. Raises StoreUnavailable."""
    catalogue.library.find("health")


def list_articles(  # noqa: PLR0913  what a list is made of
    listing: Listing,
    catalogue: Catalogue,
    *,
    now: datetime,
    limit: int,
    after: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """Give up to limit articles of a listing, newest first, from the place after names.

    Since and until bound when they were published, both included. A page ends early when its
    bodies grow too large for one answer; its after goes on from there.
    """
    latest = min(now, until) if until else now
    places = list(
        catalogue.library.places(listing, until=latest, since=since, limit=limit + 1, after=after)
    )
    articles, taken = fitting(
        [place.article for place in places[:limit]],
        catalogue.library.with_counts,
        lambda found: found[0],
    )
    after = places[taken - 1].key if taken < len(places) else None
    return Page([CountedArticle(*each) for each in articles], after)


def fitting(
    article_ids: Sequence[str],
    read: Callable[[Sequence[str]], Mapping[str, T]],
    article_of: Callable[[T], Article],
) -> tuple[list[T], int]:
    """Read articles in their order until one answer is full: give them, and how many were passed.

    One that is not found any more is passed over.
    """
    size, taken = 0, list[T]()
    for start in range(0, len(article_ids), CHUNK):
        asked = article_ids[start : start + CHUNK]
        found = read(asked)
        for passed, article_id in enumerate(asked, start):
            if article_id not in found:
                continue
            size += _size(article_of(found[article_id]))
            if taken and size > MAX_PAGE_BYTES:
                return taken, passed
            taken.append(found[article_id])
    return taken, len(article_ids)


def _size(article: Article) -> int:
    """Give the bytes of an article's texts."""
    texts = (
        article.body, article.title, article.summary, article.url, article.image, article.section,
        *article.tags, *article.authors,
    )  # fmt: skip
    return sum(len(text.encode()) for text in texts if text)


def is_shown(article: Article, section: str | None, now: datetime) -> bool:
    """Tell whether an article's time has come and it is in the section that is asked for."""
    return article.published <= now and section in (None, article.section)
