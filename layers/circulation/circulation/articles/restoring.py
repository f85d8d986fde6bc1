"""Restore what only an export has: unpublished articles, and corrections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from circulation.articles.article import Submission
from circulation.articles.catalogue import Catalogue
from circulation.articles.publishing import Outcome, Published
from circulation.articles.remains import Remains
from circulation.counting.books import Books
from circulation.counting.correcting import import_corrections
from circulation.counting.corrections import Corrections
from circulation.counting.counts import Count
from circulation.errors import (
    ArticleNotFound,
    CirculationError,
    InvalidInput,
    PublishConflict,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """The count of an unpublished article; created if nothing was known of it before."""

    count: Count
    created: bool


def restore(
    remains: Remains,
    catalogue: Catalogue,
    books: Books,
    corrections: Corrections,
    *,
    now: datetime,
) -> Restored:
    """Restore an unpublished article, which is gone at once, with its count.

    An article that is known here stays as it is, published or not; only its count is raised, as by
    a submission, and corrections are added. Raises InvalidInput, PublishConflict and
    StoreUnavailable.
    """
    created = catalogue.library.restore_unpublished(
        remains.id,
        section=remains.section,
        published=remains.published,
        unpublished=remains.unpublished,
        source_ids=remains.source_ids,
    )
    counted = books.count(remains.id, consistent=True).counted
    books.day_book.announce(remains.id, now=now)
    total = remains.views_before + remains.views_counted
    books.counters.raise_base(remains.id, max(0, total - counted))
    count = import_corrections(remains.id, remains.corrections, books, corrections, now=now)
    return Restored(count, created)


def restore_all(
    entries: Sequence[Remains],
    catalogue: Catalogue,
    books: Books,
    corrections: Corrections,
    *,
    now: datetime,
) -> list[Restored | CirculationError]:
    """Restore unpublished articles, each for itself; give the results in order."""

    def attempt(remains: Remains) -> Restored | CirculationError:
        try:
            return restore(remains, catalogue, books, corrections, now=now)
        except (ArticleNotFound, InvalidInput, PublishConflict) as error:
            return error

    return [attempt(remains) for remains in entries]


def corrected_count(
    submission: Submission,
    published: Published,
    books: Books,
    corrections: Corrections,
    *,
    now: datetime,
) -> Count:
    """Add the corrections of a submission that was published, and give the article's count.

    Raises InvalidInput if the article would have too many, and PublishConflict; it is published all
    the same.
    """
    if not submission.corrections:
        return published.count
    article_id = published.article.id
    return import_corrections(article_id, submission.corrections, books, corrections, now=now)


def add_corrections(
    submissions: Sequence[Submission],
    outcomes: Sequence[Outcome],
    books: Books,
    corrections: Corrections,
    *,
    now: datetime,
) -> list[Outcome]:
    """Add the corrections of submissions that were published; give the outcomes with the counts.

    The outcome of an article that would have too many is that error; it is published all the same.
    """

    def attempt(submission: Submission, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Published):
            return outcome
        try:
            count = corrected_count(submission, outcome, books, corrections, now=now)
        except (InvalidInput, PublishConflict) as error:
            return error
        return replace(outcome, count=count)

    return list(map(attempt, submissions, outcomes))
