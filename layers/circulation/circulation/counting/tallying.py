"""Fold ledger changes into the counters, each change once, however often it is delivered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circulation.counting.books import Books
from circulation.counting.tally import (
    Batch,
    Increment,
    LedgerLine,
    Refusal,
    by_article_day,
    increment,
    left_after,
)

Grow = Callable[[Increment], Refusal | None]


@dataclass(frozen=True, slots=True)
class Tallied:
    """What a batch came to; dropped lines were folded before or belong to a sealed day."""

    folded: int
    dropped: int
    malformed: int


def tally(batch: Batch, books: Books) -> Tallied:
    """Fold a batch into the lifetime counter and the day-book page of each article in it.

    Each counter guards itself by its mark, so a batch may come again, cut elsewhere, or run beside
    a timed-out twin. Raises StoreUnavailable when a table fails: the batch must come again.
    """
    folded = 0
    for lines in by_article_day(batch.lines).values():
        fold(books.day_book.grow, batch.shard, lines)
        folded += fold(books.counters.grow, batch.shard, lines)
    return Tallied(folded, dropped=len(batch.lines) - folded, malformed=batch.malformed)


def fold(grow: Grow, shard: str, lines: Sequence[LedgerLine]) -> int:
    """Grow one counter by the lines it does not hold yet; answer with how many those were."""
    while lines:
        refusal = grow(increment(shard, lines))
        if refusal is None:
            return len(lines)
        lines = left_after(lines, refusal)
    return 0
