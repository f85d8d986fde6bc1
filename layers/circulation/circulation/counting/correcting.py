"""Correct an article's number, and read how it was corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from circulation.counting.books import Books
from circulation.counting.correction import Correction, Proposal
from circulation.counting.corrections import Corrections, missing
from circulation.counting.counts import Count


@dataclass(frozen=True, slots=True)
class Corrected:
    """An article's count and its corrections, the oldest first."""

    count: Count
    corrections: Sequence[Correction]
    changed: bool = False


def correct(  # noqa: PLR0913  stores and time are arguments
    article_id: str,
    proposal: Proposal,
    books: Books,
    stored: Corrections,
    *,
    now: datetime,
    by: str,
) -> Corrected:
    """Correct a number, whether or not its article is visible; the same proposal counts once.

    By is the name of the publisher's token. Raises ArticleNotFound, InvalidInput and
    PublishConflict.
    """
    before = books.count(article_id, consistent=True)
    # The rankings look for changes on the pages of the day.
    books.day_book.announce(article_id, now=now)

    def choose(count: Count, known: Sequence[Correction]) -> list[Correction]:
        made = proposal.correction(count.views, count.base, known, at=now, by=by)
        return [made] if made else []

    count = stored.add(article_id, choose)
    corrections = stored.of(article_id)
    return Corrected(count, corrections, changed=count.corrections > before.corrections)


def read_corrected(article_id: str, books: Books, stored: Corrections) -> Corrected:
    """Read a count and its corrections, whether or not the article is visible.

    Raises ArticleNotFound.
    """
    count = books.count(article_id, consistent=True)
    return Corrected(count, stored.of(article_id) if count.corrections else ())


def import_corrections(
    article_id: str,
    corrections: Iterable[Correction],
    books: Books,
    stored: Corrections,
    *,
    now: datetime,
) -> Count:
    """Add those of an export's corrections that are not known here, and give the count.

    So an import undoes none, and makes none twice (docs/decisions/0017-corrections.md). Raises
    ArticleNotFound, InvalidInput and PublishConflict.
    """
    books.day_book.announce(article_id, now=now)
    return stored.add(article_id, missing(corrections))
