"""Publish and unpublish: articles into the library and its listings, each whole or not at all."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from circulation.article import MAX_BODY_BYTES, Article, Submission
from circulation.count import Count
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    CirculationError,
    Fault,
    InvalidInput,
    PreconditionFailed,
    PublishConflict,
)
from circulation.listing import ALL, Listing
from circulation.markup import sanitised
from circulation.precondition import Precondition
from circulation.revision import Revision
from circulation.store import Store
from circulation.store.editions import Announcement
from circulation.store.items import Shelved
from circulation.store.parallel import for_each
from circulation.text import legal
from circulation.times import day_of

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Published:
    """An article as it stands in the library now."""

    article: Article
    count: Count
    version: int
    created: bool
    changed: tuple[Listing, ...]
    """The listings that show something else now."""
    unchanged: bool = False
    """Nothing was written: the article stood there as it is."""


def publish(
    submission: Submission, store: Store, *, now: datetime, only_if: Precondition | None = None
) -> Published:
    """Create or replace an article; the same submission again writes nothing.

    Raises InvalidInput when no body is left once it is sanitised, PreconditionFailed when something
    else stands in the library, and PublishConflict when other requests kept changing the article.
    """
    (outcome,) = publish_all([submission], store, now=now, only_if=only_if)
    if isinstance(outcome, CirculationError):
        raise outcome
    return outcome


def publish_all(
    submissions: Sequence[Submission],
    store: Store,
    *,
    now: datetime,
    only_if: Precondition | None = None,
) -> list[Published | CirculationError]:
    """Create or replace articles, each with an id of its own; give what became of each, in order.

    One that cannot be published is told as the error that publish raises, and none of the others
    is kept from it. A total from an older counter only ever raises the count, as a lifetime number
    never decreases. Raises StoreUnavailable: then any of them may be published, and to publish
    them again does what is left.
    """
    outcomes: dict[str, Published | CirculationError] = {}
    waiting: dict[str, Submission] = {}
    for each in submissions:
        try:
            waiting[each.article.id] = replace(each, article=_cleaned(each.article))
        except InvalidInput as error:
            outcomes[each.article.id] = error
    for _ in range(ATTEMPTS):
        if not waiting:
            break
        shelved = store.library.find_many(waiting)
        revisions: dict[str, Revision] = {}
        for article_id, each in waiting.items():
            stands = shelved.get(article_id)
            if only_if and not only_if.holds(*_standing(stands)):
                outcomes[article_id] = PreconditionFailed(article_id)
            else:
                revisions[article_id] = _revision(each, stands)
        same = {name for name, each in revisions.items() if each.standing == each.fresh}
        refused = _shelve([revisions[name] for name in revisions.keys() - same], store, now)
        done = [waiting[name] for name in revisions if name not in refused]
        for told in _published(done, revisions, same, store, now):
            outcomes[told.article.id] = told
        waiting = {name: waiting[name] for name in waiting if name in refused}
    outcomes |= {name: PublishConflict(name) for name in waiting}
    return [outcomes[each.article.id] for each in submissions]


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
        revision = Revision(article_id, shelved.article, None, shelved.version)
        if not _shelve([revision], store, now):
            return tuple(revision.changed(now))
    raise PublishConflict(article_id)


def _cleaned(article: Article) -> Article:
    try:
        body = legal(sanitised(article.body, article.url))
    except ValueError as error:
        raise InvalidInput(Fault("body", str(error))) from error
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    return replace(article, body=body)


def _standing(stands: Shelved | None) -> tuple[Article | None, int]:
    return (stands.article, stands.version) if stands else (None, 0)


def _revision(submission: Submission, stands: Shelved | None) -> Revision:
    return Revision(
        submission.article.id,
        stands.article if stands else None,
        submission.article,
        stands.version if stands else None,
        submission.base(counted=0),
    )


def _shelve(revisions: Collection[Revision], store: Store, now: datetime) -> set[str]:
    """Make revisions, and name those that were refused.

    Before anything changes that the rankings go by, the article's page of the day is opened: that
    is where they look for changes. Every change is announced in the edition of each listing that it
    touches, so that it is seen in any case, and once it is made, seen at once. Many articles share
    a listing, so that its edition is no part of an article's transaction: two publishers would be
    in each other's way.
    """
    ranked = (each for each in revisions if _moves_in_rankings(each))
    for_each(ranked, lambda revision: store.day_book.open(revision.article, day_of(now)))
    touched = _by_listing(revisions).items()
    begun = for_each(touched, lambda entry: store.editions.begin(*entry, now))
    moment = max((each.moment(now) for each in begun), default=now)
    refused = store.library.shelve([each.stamped(moment) for each in revisions], now=now)
    made = _by_listing(each for each in revisions if each.article not in refused)

    def close(announcement: Announcement) -> None:
        _close(announcement, made[announcement.listing], store, now)

    done = [each for each in begun if each.listing in made]
    # The edition of everything is closed last: what is read of all listings goes by it.
    for_each((each for each in done if each.listing != ALL), close)
    for_each((each for each in done if each.listing == ALL), close)
    return refused


def _moves_in_rankings(revision: Revision) -> bool:
    return bool(revision.views_before if revision.version is None else revision.ranks_otherwise())


def _close(
    begun: Announcement, revisions: Collection[Revision], store: Store, now: datetime
) -> None:
    """Close what was begun in a listing, and retire it where its last article was taken out."""
    number = store.editions.close(begun, revisions, now)
    left = any(each.listings()[begun.listing][1] is None for each in revisions)
    if left and not store.library.holds(begun.listing):
        store.editions.retire(begun.listing, number)


def _by_listing(revisions: Iterable[Revision]) -> dict[Listing, list[Revision]]:
    touched: dict[Listing, list[Revision]] = {}
    for each in revisions:
        for listing in each.listings():
            touched.setdefault(listing, []).append(each)
    return touched


def _published(
    done: Sequence[Submission],
    revisions: dict[str, Revision],
    same: set[str],
    store: Store,
    now: datetime,
) -> Iterator[Published]:
    """Tell what became of submissions that stand in the library, with the totals they brought."""
    counts = store.counters.of((each.article.id for each in done), consistent=True)
    bases = {each.article.id: each.base(counts[each.article.id].counted) for each in done}
    raised = {article: base for article, base in bases.items() if base > counts[article].base}

    def raise_base(entry: tuple[str, int]) -> None:
        store.day_book.open(entry[0], day_of(now))
        store.counters.raise_base(*entry)

    for_each(raised.items(), raise_base)
    counts |= store.counters.of(raised, consistent=True)
    for each in done:
        told = each.article.id
        revision = revisions[told]
        yield Published(
            each.article,
            counts[told],
            version=(revision.version or 0) + (told not in same),
            created=revision.standing is None,
            changed=() if told in same else tuple(revision.changed(now)),
            unchanged=told in same,
        )
