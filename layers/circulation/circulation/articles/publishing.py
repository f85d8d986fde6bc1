"""Publish and unpublish articles, each as a whole or not at all."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from circulation.articles.article import Article, Submission
from circulation.articles.catalogue import Catalogue
from circulation.articles.change import Revision
from circulation.articles.editions import Announcement
from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.items import Shelved
from circulation.articles.listing import ALL, Listing
from circulation.articles.precondition import Precondition
from circulation.articles.sanitising import sanitise
from circulation.aws.parallel import for_each
from circulation.counting.books import Books
from circulation.counting.counts import Count
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    CirculationError,
    Fault,
    InvalidInput,
    PreconditionFailed,
    PublishConflict,
)
from circulation.text import legal
from circulation.times import day_of

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Published:
    """A published article as it is stored now."""

    article: Article
    count: Count
    version: int
    created: bool
    changed: tuple[Listing, ...]
    """The listings whose visible articles changed."""
    unchanged: bool = False
    """Nothing was written, as the stored article is the same."""


Outcome = Published | CirculationError
"""The result of a submission."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A submission, and the revision that it makes of the stored article."""

    submission: Submission
    revision: Revision

    @property
    def article(self) -> Article:
        return self.submission.article

    @property
    def is_change(self) -> bool:
        """Whether the article itself has to be written."""
        return self.revision.before != self.revision.after

    def outcome(self, count: Count, now: datetime) -> Published:
        """Give the result once the revision was made."""
        return Published(
            self.article,
            count,
            version=(self.revision.version or 0) + self.is_change,
            created=self.revision.before is None,
            changed=tuple(self.revision.changed(now)) if self.is_change else (),
            unchanged=not self.is_change,
        )


def publish(
    submission: Submission,
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    only_if: Precondition | None = None,
) -> Published:
    """Create or replace an article; publishing the same submission again writes nothing.

    Raises InvalidInput if nothing is left of the body once it is sanitised, PreconditionFailed if
    only_if does not hold, and PublishConflict if other requests kept changing the article.
    """
    (outcome,) = publish_all([submission], catalogue, books, now=now, only_if=only_if)
    if isinstance(outcome, CirculationError):
        raise outcome
    return outcome


def publish_all(
    submissions: Sequence[Submission],
    catalogue: Catalogue,
    books: Books,
    *,
    now: datetime,
    only_if: Precondition | None = None,
) -> list[Outcome]:
    """Create or replace articles, each with a different id; give their results in order.

    The result of an article that cannot be published is the error that publish would raise; the
    others are published all the same. An older counter's total only ever raises the count, as a
    lifetime number never decreases. Raises StoreUnavailable: then any of them may have been
    published, and publishing them again completes the rest.
    """
    outcomes: dict[str, Outcome] = {}
    waiting: list[Submission] = []
    for submission in submissions:
        try:
            waiting.append(replace(submission, article=sanitise_article(submission.article)))
        except InvalidInput as error:
            outcomes[submission.article.id] = error
    for _ in range(ATTEMPTS):
        if not waiting:
            break
        edits, unmet = _plan(waiting, catalogue, only_if)
        outcomes |= {article_id: PreconditionFailed(article_id) for article_id in unmet}
        refused = _shelve(
            [edit.revision for edit in edits if edit.is_change], catalogue, books, now
        )
        made = [edit for edit in edits if edit.article.id not in refused]
        counts = _raise_totals(made, books, now)
        outcomes |= {edit.article.id: edit.outcome(counts[edit.article.id], now) for edit in made}
        waiting = [edit.submission for edit in edits if edit.article.id in refused]
    for submission in waiting:
        outcomes[submission.article.id] = PublishConflict(submission.article.id)
    return [outcomes[submission.article.id] for submission in submissions]


def changed_by(outcomes: Iterable[Outcome]) -> tuple[Listing, ...]:
    """Give every listing that any of the results changed, once."""
    published = [outcome for outcome in outcomes if isinstance(outcome, Published)]
    return tuple(dict.fromkeys(listing for article in published for listing in article.changed))


def unpublish(
    article_id: str, catalogue: Catalogue, books: Books, *, now: datetime
) -> tuple[Listing, ...]:
    """Take an article out of the library and its listings; its count stays.

    Answers with the listings whose visible articles changed.
    Raises ArticleNotFound if it never existed and ArticleGone if it is already unpublished.
    """
    for _ in range(ATTEMPTS):
        shelved = catalogue.library.find(article_id, consistent=True)
        if shelved is None:
            raise ArticleNotFound(article_id)
        if shelved.article is None:
            raise ArticleGone(article_id)
        revision = Revision(article_id, shelved.article, None, shelved.version)
        if not _shelve([revision], catalogue, books, now):
            return tuple(revision.changed(now))
    raise PublishConflict(article_id)


def sanitise_article(article: Article) -> Article:
    """Sanitise an article's body. Raises InvalidInput if too little or too much is left of it."""
    try:
        body = legal(sanitise(article.body, article.url))
    except ValueError as error:
        raise InvalidInput(Fault("body", str(error))) from error
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    return replace(article, body=body)


def _plan(
    submissions: Sequence[Submission], catalogue: Catalogue, only_if: Precondition | None
) -> tuple[list[_Edit], list[str]]:
    """Read the stored articles; give the edits, and the ids for which only_if does not hold.

    Nothing is written.
    """
    shelved = catalogue.library.find_many([submission.article.id for submission in submissions])
    edits: list[_Edit] = []
    unmet: list[str] = []
    for submission in submissions:
        stored = shelved.get(submission.article.id)
        article, version = (stored.article, stored.version) if stored else (None, 0)
        if only_if and not only_if.holds(article, version):
            unmet.append(submission.article.id)
        else:
            edits.append(_Edit(submission, _revision_of(submission, stored)))
    return edits, unmet


def _revision_of(submission: Submission, stored: Shelved | None) -> Revision:
    return Revision(
        submission.article.id,
        stored.article if stored else None,
        submission.article,
        stored.version if stored else None,
        submission.base(counted=0),
    )


def _shelve(
    revisions: Collection[Revision], catalogue: Catalogue, books: Books, now: datetime
) -> set[str]:
    """Make revisions, and give the ids of those that were refused.

    Before a change that affects rankings, the article's page of the day is opened, because the
    rankings look for changes there. Every change is announced in the edition of each of its
    listings before it is made, so that it cannot be missed, and closed afterwards, so that it is
    seen at once. Many articles share a listing; so that their publishers do not conflict, its
    edition is not part of an article's transaction.
    """
    ranked = (revision for revision in revisions if _moves_in_rankings(revision))
    for_each(ranked, lambda revision: books.day_book.open(revision.article, day_of(now)))
    touched = _group_by_listing(revisions).items()
    announcements = for_each(touched, lambda entry: catalogue.editions.begin(*entry, now))
    moment = max((announcement.moment(now) for announcement in announcements), default=now)
    refused = catalogue.library.shelve(
        [revision.stamped(moment) for revision in revisions], now=now
    )
    made_by_listing = _group_by_listing(
        revision for revision in revisions if revision.article not in refused
    )

    def close(announcement: Announcement) -> None:
        _close(announcement, made_by_listing[announcement.listing], catalogue, now)

    closing = [
        announcement for announcement in announcements if announcement.listing in made_by_listing
    ]
    # The edition of the whole site is closed last: what is read of all listings is versioned by it.
    for_each((announcement for announcement in closing if announcement.listing != ALL), close)
    for_each((announcement for announcement in closing if announcement.listing == ALL), close)
    return refused


def _moves_in_rankings(revision: Revision) -> bool:
    return bool(revision.views_before if revision.version is None else revision.affects_rankings())


def _close(
    announcement: Announcement, revisions: Collection[Revision], catalogue: Catalogue, now: datetime
) -> None:
    """Close changes of a listing, and retire it if its last article was taken out."""
    number = catalogue.editions.close(announcement, revisions, now)
    removed = any(revision.listings()[announcement.listing][1] is None for revision in revisions)
    if removed and not catalogue.library.holds(announcement.listing):
        catalogue.editions.retire(announcement.listing, number)


def _group_by_listing(revisions: Iterable[Revision]) -> dict[Listing, list[Revision]]:
    touched: dict[Listing, list[Revision]] = {}
    for revision in revisions:
        for listing in revision.listings():
            touched.setdefault(listing, []).append(revision)
    return touched


def _raise_totals(edits: Sequence[_Edit], books: Books, now: datetime) -> dict[str, Count]:
    """Raise the counts of articles to an older counter's totals; give the counts of all.

    The article's page of the day is opened before, because the rankings look for changes there.
    """
    counts = books.counters.of((edit.article.id for edit in edits), consistent=True)
    bases = {
        edit.article.id: edit.submission.base(counts[edit.article.id].counted) for edit in edits
    }
    raised = {
        article_id: base for article_id, base in bases.items() if base > counts[article_id].base
    }

    def raise_base(entry: tuple[str, int]) -> None:
        article_id, base = entry
        books.day_book.open(article_id, day_of(now))
        books.counters.raise_base(article_id, base)

    for_each(raised.items(), raise_base)
    return counts | books.counters.of(raised, consistent=True)
