"""The tally: ledger changes summed to increments of pages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from circulation.counting.breakdown import Gains, gains_of
from circulation.counting.traits import NO_TRAITS, Traits

SEQUENCE_DIGITS = 40
"""Sequence numbers have up to 40 digits (API_streams_StreamRecord); a DynamoDB number has 38."""


def mark_of(sequence_number: str) -> str:
    """Pad a sequence number so that marks compare as text in the order of the numbers."""
    return sequence_number.zfill(SEQUENCE_DIGITS)


class LedgerLine(NamedTuple):
    """One change of a ledger line in the stream: one view."""

    article: str
    day: str
    mark: str
    """The padded sequence number within the shard."""
    new_visitor: bool
    """Whether it is the visitor's first view of the article on the day."""
    at: datetime
    traits: Traits = NO_TRAITS


class Batch(NamedTuple):
    """Changes of one stream shard, in the shard's order."""

    shard: str
    lines: Sequence[LedgerLine]
    malformed: int = 0
    """How many records could not be read; they were logged, and are not among the lines."""


class Increment(NamedTuple):
    """The sums of lines of one article and day, to be added to its page.

    First and last are the marks of the first and the last line.
    """

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
    gains: Gains


class Refusal(NamedTuple):
    """Why an increment was not added: lines up to the mark were, or the page is sealed."""

    mark: str | None
    """The last mark that was added of the shard; None if there is none."""
    sealed: bool

    def holds_against(self, increment: Increment) -> bool:
        """Tell whether the increment can never be added as it is."""
        return self.sealed or (self.mark is not None and self.mark >= increment.first)


def group_by_article_day(lines: Iterable[LedgerLine]) -> dict[tuple[str, str], list[LedgerLine]]:
    """Group lines by article and day, in their order."""
    groups: dict[tuple[str, str], list[LedgerLine]] = {}
    for line in lines:
        groups.setdefault((line.article, line.day), []).append(line)
    return groups


def increment_of(shard: str, lines: Sequence[LedgerLine]) -> Increment:
    """Sum one or more lines of one article and day."""
    moments = [line.at for line in lines]
    hours: dict[int, int] = {}
    for moment in moments:
        hours[moment.hour] = hours.get(moment.hour, 0) + 1
    return Increment(
        article=lines[0].article,
        day=lines[0].day,
        shard=shard,
        first=lines[0].mark,
        last=lines[-1].mark,
        views=len(lines),
        visitors=sum([line.new_visitor for line in lines]),
        hours=hours,
        as_of=max(moments),
        gains=gains_of([line.traits for line in lines]),
    )


def lines_after(lines: Sequence[LedgerLine], refusal: Refusal) -> Sequence[LedgerLine]:
    """Give the lines that still have to be added after a refusal of all of them.

    Raises ValueError if that is all lines: dropping them would lose views, and trying again would
    never end.
    """
    if refusal.sealed:
        return ()
    remaining = [line for line in lines if refusal.mark is None or line.mark > refusal.mark]
    if len(remaining) == len(lines):
        raise ValueError("a page refused lines that it does not hold")
    return remaining
