"""Add ledger changes to pages and counters, each change once, however often it is delivered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circulation.counting.books import Books
from circulation.counting.tally import (
    Batch,
    Increment,
    LedgerLine,
    Refusal,
    group_by_article_day,
    increment_of,
    lines_after,
)

Grow = Callable[[Increment], Refusal | None]


@dataclass(frozen=True, slots=True)
class Tallied:
    """The result of a batch, in lines of the lifetime counters."""

    folded: int
    """Lines that were added."""
    dropped: int
    """Lines that were added before, or belong to a settled day or to no counter."""
    malformed: int
    """Records that could not be read."""


def tally(batch: Batch, books: Books) -> Tallied:
    """Add a batch to the day-book page and the lifetime counter of each article in it.

    Marks guard each of them, so a batch may be delivered again, divided differently, or run beside
    a call that timed out. Raises StoreUnavailable if a table fails: then the batch has to be
    delivered again.
    """
    folded = 0
    for lines in group_by_article_day(batch.lines).values():
        fold(books.day_book.grow, batch.shard, lines)
        folded += fold(books.counters.grow, batch.shard, lines)
    return Tallied(folded, dropped=len(batch.lines) - folded, malformed=batch.malformed)


def fold(grow: Grow, shard: str, lines: Sequence[LedgerLine]) -> int:
    """Add lines of a shard by a function that adds increments; give how many were added."""
    while lines:
        refusal = grow(increment_of(shard, lines))
        if refusal is None:
            return len(lines)
        lines = lines_after(lines, refusal)
    return 0
