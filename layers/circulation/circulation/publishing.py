"""Publish and unpublish: one article into the library and its listings, whole or not at all."""

from dataclasses import dataclass, replace
from datetime import datetime

from circulation.article import MAX_BODY_BYTES, Article, Submission
from circulation.count import Count
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    Fault,
    InvalidInput,
    PublishConflict,
)
from circulation.listing import Listing, listings_of
from circulation.markup import sanitised
from circulation.store import Store
from circulation.text import legal
from circulation.times import day_of

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Published:
    """An article as it stands in the library now."""

    article: Article
    count: Count
    created: bool
    changed: tuple[Listing, ...]
    """The listings that show something else now."""


def publish(submission: Submission, store: Store, *, now: datetime) -> Published:
    """Create or replace an article; the same submission again writes no article.

    A total from an older counter only ever raises the count, as a lifetime number never decreases.
    Before anything changes that the rankings go by, the article's page of the day is opened: that
    is where they look for changes.
    Raises InvalidInput when no body is left once it is sanitised, and PublishConflict when other
    requests kept changing the article.
    """
    body = legal(sanitised(submission.article.body, submission.article.url))
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    article = replace(submission.article, body=body, changed=now)
    created, changed = _shelve(article, store, now)
    count = store.counters.get(article.id, consistent=True)
    if submission.views_before and submission.views_before > count.base:
        store.day_book.open(article.id, day_of(now))
        store.counters.raise_base(article.id, submission.views_before)
        count = store.counters.get(article.id, consistent=True)
    return Published(article, count, created, changed)


def unpublish(article_id: str, store: Store, *, now: datetime) -> tuple[Listing, ...]:
    """Take an article out of the library and its listings; its count stays.

    Answers with the listings that show something else now.
    Raises ArticleNotFound when it never was there and ArticleGone when it already went.
    """
    for _ in range(ATTEMPTS):
        shelved = store.library.find(article_id, consistent=True)
        if shelved is None:
            raise ArticleNotFound(article_id)
        if shelved.article is None:
            raise ArticleGone(article_id)
        store.day_book.open(article_id, day_of(now))
        change = _Reshelving(shelved.article, None, store, now)
        change.begin()
        if store.library.remove(shelved.article, shelved.version, now=now):
            return change.close()
    raise PublishConflict(article_id)


def _shelve(article: Article, store: Store, now: datetime) -> tuple[bool, tuple[Listing, ...]]:
    """Put the article in the library; tell whether there was none before, and what changed."""
    for _ in range(ATTEMPTS):
        shelved = store.library.find(article.id, consistent=True)
        standing = shelved.article if shelved else None
        if standing == article:
            return False, ()
        if shelved and _ranks_otherwise(standing, article):
            store.day_book.open(article.id, day_of(now))
        version = shelved.version if shelved else None
        change = _Reshelving(standing, article, store, now)
        change.begin()
        if store.library.put(article, replacing=standing, version=version):
            return standing is None, change.close()
    raise PublishConflict(article.id)


@dataclass(frozen=True, slots=True)
class _Reshelving:
    """A change of one article, announced in the edition of every listing that it is or was in.

    Many articles share a listing, so that its edition is no part of an article's transaction: two
    publishers would be in each other's way.
    """

    standing: Article | None
    fresh: Article | None
    store: Store
    now: datetime

    def begin(self) -> None:
        """Announce it, so that it is seen in any case."""
        article = self.fresh or self.standing
        for each, (_, fresh) in self._listings().items():
            self.store.editions.begin(each, fresh, article.id if article else "", self.now)

    def close(self) -> tuple[Listing, ...]:
        """Make it seen at once; give the listings that show something else now."""
        editions = self.store.editions
        for each, (standing, fresh) in self._listings().items():
            number = editions.close(each, standing, fresh, self.now)
            if fresh is None and not self.store.library.holds(each):
                editions.retire(each, number)
        return tuple(
            each
            for each, versions in self._listings().items()
            if any(told and told.published <= self.now for told in versions)
        )

    def _listings(self) -> dict[Listing, tuple[Article | None, Article | None]]:
        """Give every listing with the article as it stands there and as it will."""
        before = set(listings_of(self.standing)) if self.standing else set()
        after = set(listings_of(self.fresh)) if self.fresh else set()
        return {
            each: (
                self.standing if each in before else None,
                self.fresh if each in after else None,
            )
            for each in sorted(before | after, key=lambda each: (each.kind, each.name))
        }


def _ranks_otherwise(standing: Article | None, article: Article) -> bool:
    """Tell whether the article moves in the rankings by more than its views."""
    return standing is None or (standing.section, standing.published) != (
        article.section,
        article.published,
    )
