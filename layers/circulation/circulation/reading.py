"""Read articles with their counts, one by one and in lists."""

from dataclasses import dataclass
from datetime import datetime

from circulation.article import Article
from circulation.count import Count
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.listing import Listing
from circulation.store import Store

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""Lambda answers with at most 6 MB; the bodies of a page leave room for their JSON escapes."""


@dataclass(frozen=True, slots=True)
class CountedArticle:
    """An article and its count."""

    article: Article
    count: Count


@dataclass(frozen=True, slots=True)
class Page:
    """Some articles of a list, and where the next page starts when there is one."""

    articles: list[CountedArticle]
    after: str | None


def read_article(article_id: str, store: Store, *, now: datetime) -> CountedArticle:
    """Give a published article.

    Raises ArticleNotFound, also before the article's time of publication, and ArticleGone.
    """
    shelved = store.library.find(article_id)
    if shelved is None:
        raise ArticleNotFound(article_id)
    if shelved.article is None:
        raise ArticleGone(article_id)
    if shelved.article.published > now:
        raise ArticleNotFound(article_id)
    return CountedArticle(shelved.article, store.counters.get(article_id))


def read_count(article_id: str, store: Store) -> Count:
    """Give an article's count. Raises ArticleNotFound and ArticleGone."""
    count = store.counters.get(article_id)
    if count.unpublished:
        raise ArticleGone(article_id)
    return count


def check_library(store: Store) -> None:
    """See whether the library answers. Raises StoreUnavailable."""
    store.library.find("health")


def list_articles(
    listing: Listing, store: Store, *, now: datetime, limit: int, after: str | None = None
) -> Page:
    """Give up to limit articles of a listing, newest first, from the place after names.

    A page ends early when its bodies grow too large for one answer; its after goes on from there.
    """
    places = store.library.places(listing, until=now, limit=limit + 1, after=after)
    found = store.library.with_counts(place.article for place in places[:limit])
    taken, size = 0, 0
    articles: list[CountedArticle] = []
    for place in places[:limit]:
        counted = found.get(place.article)
        # Unpublished since the listing was read: the place is passed over, not repeated.
        if counted:
            size += len(counted[0].body.encode())
            if articles and size > MAX_PAGE_BYTES:
                break
            articles.append(CountedArticle(*counted))
        taken += 1
    return Page(articles, places[taken - 1].key if taken < len(places) else None)
