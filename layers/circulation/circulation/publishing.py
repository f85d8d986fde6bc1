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
from circulation.markup import sanitised
from circulation.store import Store

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Published:
    """An article as it stands in the library now."""

    article: Article
    count: Count
    created: bool


def publish(submission: Submission, store: Store, *, now: datetime) -> Published:
    """Create or replace an article; the same submission again writes no article.

    A total from an older counter only ever raises the count, as a lifetime number never decreases.
    Raises InvalidInput when no body is left once it is sanitised, and PublishConflict when other
    requests kept changing the article.
    """
    body = sanitised(submission.article.body)
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    article = replace(submission.article, body=body, changed=now)
    created = _shelve(article, store)
    if submission.views_before:
        store.counters.raise_base(article.id, submission.views_before)
    return Published(article, store.counters.get(article.id, consistent=True), created)


def unpublish(article_id: str, store: Store, *, now: datetime) -> None:
    """Take an article out of the library and its listings; its count stays.

    Raises ArticleNotFound when it never was there and ArticleGone when it already went.
    """
    for _ in range(ATTEMPTS):
        shelved = store.library.find(article_id, consistent=True)
        if shelved is None:
            raise ArticleNotFound(article_id)
        if shelved.article is None:
            raise ArticleGone(article_id)
        if store.library.remove(shelved.article, shelved.version, now=now):
            return
    raise PublishConflict(article_id)


def _shelve(article: Article, store: Store) -> bool:
    """Put the article in the library; tell whether there was none before."""
    for _ in range(ATTEMPTS):
        shelved = store.library.find(article.id, consistent=True)
        standing = shelved.article if shelved else None
        if standing == article:
            return False
        version = shelved.version if shelved else None
        if store.library.put(article, replacing=standing, version=version):
            return standing is None
    raise PublishConflict(article.id)
