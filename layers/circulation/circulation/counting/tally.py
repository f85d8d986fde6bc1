"""The tally: ledger changes summed into what a counter grows by."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from circulation.counting.breakdown import Breakdown, broken_down
from circulation.counting.traits import UNTOLD, Traits

SEQUENCE_DIGITS = 40
"""Sequence numbers have up to 40 digits (API_streams_StreamRecord); a DynamoDB number keeps 38."""


def mark_of(sequence_number: str) -> str:
    """Pad a sequence number so that marks compare as text in the order of the numbers."""
    return sequence_number.zfill(SEQUENCE_DIGITS)


class LedgerLine(NamedTuple):
    """One ledger change as the stream tells it: one view."""

    article: str
    day: str
    mark: str
    """The padded sequence number within the shard."""
    new_visitor: bool
    at: datetime
    traits: Traits = UNTOLD


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of one shard, in the shard's order."""

    shard: str
    lines: Sequence[LedgerLine]
    malformed: int = 0
    """Records that could not be read; they were logged and are no lines."""


@dataclass(frozen=True, slots=True)
class Increment:
    """What one article's counters of one day grow by, folded from lines first to last."""

    article: str
    day: str
    shard: str
    first: str
    last: str
    views: int
    visitors: int
    hours: dict[int, int]
    """Views by hour of the UTC day, 0 to 23."""
    as_of: datetime
    breakdown: Breakdown


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a counter did not grow: it has folded up to the mark, or takes nothing of the day."""

    mark: str | None
    sealed: bool
    """The day is sealed, or there is no such counter and none is made."""

    def holds_against(self, increment: Increment) -> bool:
        """Tell whether the counter must not take the increment as it is, now or ever."""
        return self.sealed or (self.mark is not None and self.mark >= increment.first)


def by_article_day(lines: Iterable[LedgerLine]) -> dict[tuple[str, str], list[LedgerLine]]:
    """Group lines by the counter they belong to, keeping their order."""
    groups: dict[tuple[str, str], list[LedgerLine]] = {}
    for line in lines:
        groups.setdefault((line.article, line.day), []).append(line)
    return groups


def increment(shard: str, lines: Sequence[LedgerLine]) -> Increment:
    """Sum the lines, at least one, of one article and day."""
    return Increment(
        article=lines[0].article,
        day=lines[0].day,
        shard=shard,
        first=lines[0].mark,
        last=lines[-1].mark,
        views=len(lines),
        visitors=sum(line.new_visitor for line in lines),
        hours=dict(Counter(line.at.hour for line in lines)),
        as_of=max(line.at for line in lines),
        breakdown=broken_down(line.traits for line in lines),
    )


def left_after(lines: Sequence[LedgerLine], refusal: Refusal) -> Sequence[LedgerLine]:
    """Give the lines that a counter has not folded yet after it refused them.

    Raises ValueError for a refusal without a reason: to drop the lines would lose views, and to
    offer all of them again would never end.
    """
    if refusal.sealed:
        return ()
    left = [line for line in lines if refusal.mark is None or line.mark > refusal.mark]
    if len(left) == len(lines):
        raise ValueError("a counter refused lines that it does not hold")
    return left
