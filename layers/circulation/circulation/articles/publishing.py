"""Publish and unpublish: articles into the library and its listings, each whole or not at all."""

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
from circulation.articles.sanitising import sanitised
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
    """An article as it stands in the library now."""

    article: Article
    count: Count
    version: int
    created: bool
    changed: tuple[Listing, ...]
    """The listings that show something else now."""
    unchanged: bool = False
    """Nothing was written: the article stood there as it is."""


Outcome = Published | CirculationError
"""What became of a submission."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A submission, and the revision that it is of what stands in the library."""

    submission: Submission
    revision: Revision

    @property
    def article(self) -> Article:
        return self.submission.article

    @property
    def is_change(self) -> bool:
        """Whether anything is to be written for the article itself."""
        return self.revision.standing != self.revision.fresh

    def outcome(self, count: Count, now: datetime) -> Published:
        """Say what became of it, once it was made."""
        return Published(
            self.article,
            count,
            version=(self.revision.version or 0) + self.is_change,
            created=self.revision.standing is None,
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
    """Create or replace an article; the same submission again writes nothing.

    Raises InvalidInput when no body is left once it is sanitised, PreconditionFailed when something
    else stands in the library, and PublishConflict when other requests kept changing the article.
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
    """Create or replace articles, each with an id of its own; give what became of each, in order.

    One that cannot be published is told as the error that publish raises, and none of the others
    is kept from it. A total from an older counter only ever raises the count, as a lifetime number
    never decreases. Raises StoreUnavailable: then any of them may be published, and to publish
    them again does what is left.
    """
    outcomes: dict[str, Outcome] = {}
    waiting: list[Submission] = []
    for submission in submissions:
        try:
            waiting.append(replace(submission, article=_cleaned(submission.article)))
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
        done = [edit for edit in edits if edit.article.id not in refused]
        counts = _raise_totals(done, books, now)
        outcomes |= {edit.article.id: edit.outcome(counts[edit.article.id], now) for edit in done}
        waiting = [edit.submission for edit in edits if edit.article.id in refused]
    for submission in waiting:
        outcomes[submission.article.id] = PublishConflict(submission.article.id)
    return [outcomes[submission.article.id] for submission in submissions]


def changed_by(outcomes: Iterable[Outcome]) -> tuple[Listing, ...]:
    """Name every listing that shows something else now, once."""
    published = [outcome for outcome in outcomes if isinstance(outcome, Published)]
    return tuple(dict.fromkeys(listing for article in published for listing in article.changed))


def unpublish(
    article_id: str, catalogue: Catalogue, books: Books, *, now: datetime
) -> tuple[Listing, ...]:
    """Take an article out of the library and its listings; its count stays.

    Answers with the listings that show something else now.
    Raises ArticleNotFound when it never was there and ArticleGone when it already went.
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


def _cleaned(article: Article) -> Article:
    try:
        body = legal(sanitised(article.body, article.url))
    except ValueError as error:
        raise InvalidInput(Fault("body", str(error))) from error
    if not body.strip() or len(body.encode()) > MAX_BODY_BYTES:
        raise InvalidInput(Fault("body", f"must hold 1 to {MAX_BODY_BYTES} bytes of safe HTML"))
    return replace(article, body=body)


def _plan(
    submissions: Sequence[Submission], catalogue: Catalogue, only_if: Precondition | None
) -> tuple[list[_Edit], list[str]]:
    """Read what stands there; give what is to be done, and the articles of which only_if is not so.

    Nothing is written.
    """
    shelved = catalogue.library.find_many([submission.article.id for submission in submissions])
    edits: list[_Edit] = []
    unmet: list[str] = []
    for submission in submissions:
        stands = shelved.get(submission.article.id)
        article, version = (stands.article, stands.version) if stands else (None, 0)
        if only_if and not only_if.holds(article, version):
            unmet.append(submission.article.id)
        else:
            edits.append(_Edit(submission, _revision(submission, stands)))
    return edits, unmet


def _revision(submission: Submission, stands: Shelved | None) -> Revision:
    return Revision(
        submission.article.id,
        stands.article if stands else None,
        submission.article,
        stands.version if stands else None,
        submission.base(counted=0),
    )


def _shelve(
    revisions: Collection[Revision], catalogue: Catalogue, books: Books, now: datetime
) -> set[str]:
    """Make revisions, and name those that were refused.

    Before anything changes that the rankings go by, the article's page of the day is opened: that
    is where they look for changes. Every change is announced in the edition of each listing that it
    touches, so that it is seen in any case, and once it is made, seen at once. Many articles share
    a listing, so that its edition is no part of an article's transaction: two publishers would be
    in each other's way.
    """
    ranked = (each for each in revisions if _moves_in_rankings(each))
    for_each(ranked, lambda revision: books.day_book.open(revision.article, day_of(now)))
    touched = _by_listing(revisions).items()
    begun = for_each(touched, lambda entry: catalogue.editions.begin(*entry, now))
    moment = max((each.moment(now) for each in begun), default=now)
    refused = catalogue.library.shelve([each.stamped(moment) for each in revisions], now=now)
    made = _by_listing(each for each in revisions if each.article not in refused)

    def close(announcement: Announcement) -> None:
        _close(announcement, made[announcement.listing], catalogue, now)

    done = [each for each in begun if each.listing in made]
    # The edition of everything is closed last: what is read of all listings goes by it.
    for_each((each for each in done if each.listing != ALL), close)
    for_each((each for each in done if each.listing == ALL), close)
    return refused


def _moves_in_rankings(revision: Revision) -> bool:
    return bool(revision.views_before if revision.version is None else revision.ranks_otherwise())


def _close(
    begun: Announcement, revisions: Collection[Revision], catalogue: Catalogue, now: datetime
) -> None:
    """Close what was begun in a listing, and retire it where its last article was taken out."""
    number = catalogue.editions.close(begun, revisions, now)
    left = any(each.listings()[begun.listing][1] is None for each in revisions)
    if left and not catalogue.library.holds(begun.listing):
        catalogue.editions.retire(begun.listing, number)


def _by_listing(revisions: Iterable[Revision]) -> dict[Listing, list[Revision]]:
    touched: dict[Listing, list[Revision]] = {}
    for each in revisions:
        for listing in each.listings():
            touched.setdefault(listing, []).append(each)
    return touched


def _raise_totals(edits: Sequence[_Edit], books: Books, now: datetime) -> dict[str, Count]:
    """Raise the counts of articles to the totals of an older counter; give all their counts.

    The article's page of the day is opened before: that is where the rankings look for changes.
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
