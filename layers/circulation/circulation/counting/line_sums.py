"""Sums over the ledger lines of an article's day, which a recount may add up in several goes."""

from collections.abc import Iterable
from typing import NamedTuple

from circulation.counting.counts import DayCount

HOUR_MS = 3_600_000


class Numbers(NamedTuple):
    """The numbers of one ledger line."""

    visitor: str
    """The sort key of the line, by which lines are ordered."""
    views: int
    at: int
    """The visitor's last view, in ms since 1970-01-01T00:00:00Z."""
    anonymous: bool


class LineSum(NamedTuple):
    """The sums over the first lines of a ledger partition.

    The day is over, so that no line changes: a sum over the lines up to one of them is a fact.
    """

    views: int = 0
    visitors: int = 0
    hours: tuple[int, ...] = (0,) * 24
    """Views by hour of the UTC day."""
    last: str = ""
    """The visitor of the last line that was added; empty before the first one."""
    done: bool = False
    """Whether all lines of the partition were added."""

    def plus(self, lines: Iterable[Numbers], *, at_most: int | None) -> "LineSum":
        """Add the lines that follow, of which there are at most so many, or all for None.

        If there were fewer, the partition has no more. An anonymous line is no visitor. All views
        of a line count in the hour of the visitor's last one, as a line has no other time.
        """
        views, visitors, hours, last, added = self.views, self.visitors, [*self.hours], self.last, 0
        for visitor, number, at, anonymous in lines:
            views += number
            visitors += not anonymous
            hours[at // HOUR_MS % 24] += number
            last = visitor
            added += 1
        done = at_most is None or added < at_most
        return LineSum(views, visitors, tuple(hours), last, done)


def total_of(sums: Iterable[LineSum]) -> DayCount:
    """Sum up the partitions of an article's day."""
    views, visitors, hours = 0, 0, [0] * 24
    for part in sums:
        views += part.views
        visitors += part.visitors
        hours = [one + other for one, other in zip(hours, part.hours, strict=True)]
    return DayCount(views, visitors, {hour: number for hour, number in enumerate(hours) if number})
