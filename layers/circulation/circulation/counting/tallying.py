"""Fold ledger changes into pages, each change once, however often it is delivered."""

from collections.abc import Sequence
from dataclasses import dataclass

from circulation.aws.parallel import for_each
from circulation.counting.books import Books
from circulation.counting.tally import (
    Batch,
    LedgerLine,
    group_by_article_day,
    increment_of,
    lines_after,
)


@dataclass(frozen=True, slots=True)
class Tallied:
    """The result of a batch, in lines."""

    folded: int
    """Lines that were added."""
    dropped: int
    """Lines that were added before, or belong to a sealed page."""
    malformed: int
    """Records that could not be read."""


def tally(batch: Batch, books: Books) -> Tallied:
    """Fold a batch into the day-book page of each article and day in it, several at the same time.

    Marks guard the pages, so a batch may be delivered again, divided differently, or run beside a
    call that timed out. One thread folds all lines of a page, in their order: a mark that is ahead
    of lines would refuse them for ever. All pages are tried, so that one that always fails holds up
    no other; then its error is raised, which is StoreUnavailable unless the code is at fault, and
    the batch has to be delivered again.
    """

    def attempt(lines: Sequence[LedgerLine]) -> int | Exception:
        try:
            return fold(batch.shard, lines, books)
        except Exception as error:  # noqa: BLE001  whatever it is, other pages have no part in it
            return error

    groups = group_by_article_day(batch.lines)
    books.day_book.learn_names(page for page, lines in groups.items() if _bring_names(lines))
    results = for_each(groups.values(), attempt)
    folded = 0
    for result in results:
        if isinstance(result, Exception):
            raise result
        folded += result
    return Tallied(folded, dropped=len(batch.lines) - folded, malformed=batch.malformed)


def _bring_names(lines: Sequence[LedgerLine]) -> bool:
    """Tell whether lines bring names of which a page has so many and no more."""
    return any(line.traits.referrer or line.traits.campaign for line in lines)


def fold(shard: str, lines: Sequence[LedgerLine], books: Books) -> int:
    """Add a shard's lines of one article and day to the page; give how many were added.

    The counter then names the day as open, if these were the page's first lines. A refusal may be
    the second delivery of lines that were added by a run which died before the day was named, so
    then it is named, too.
    """
    article, day = lines[0].article, lines[0].day
    to_name = False
    folded = 0
    while lines:
        increment = increment_of(shard, lines)
        grown = books.day_book.grow(increment)
        if isinstance(grown, int):
            to_name = to_name or grown == increment.views
            folded, lines = len(lines), ()
        else:
            to_name = to_name or not grown.sealed
            lines = lines_after(lines, grown)
    if to_name:
        books.counters.open(article, day)
    return folded
