"""A count: the lifetime views and visitors of one article, as far as they are tallied."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from circulation.counting.view import Entry
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.times import day_of


@dataclass(frozen=True, slots=True)
class Count:
    """Lifetime numbers of an article: an older counter's total, settled days and open days.

    as_of is the time of the newest view inside the number, None before the first one.
    """

    article: str
    views: int
    visitors: int
    as_of: datetime | None = None
    published: datetime | None = None
    """When its article appears: before that nobody can have viewed it."""
    unpublished: datetime | None = None
    """When its article was taken out, where it was."""
    section: str = ""
    """The section that its article stands in, or stood in last."""
    base: int = 0
    """What an older counter had counted; in views."""
    open_days: frozenset[str] = frozenset()
    """The days that have tallied views and are not settled yet."""
    settled_days: frozenset[str] = frozenset()
    """The newest days whose final numbers are inside; every day up to the horizon is, too."""
    horizon: str = ""

    @property
    def counted(self) -> int:
        """The views that were counted here."""
        return self.views - self.base

    def check_public(self, now: datetime) -> None:
        """See whether the article can be read. Raises ArticleGone and ArticleNotFound.

        Of one whose time has not come, or that was taken out before it had, nothing is told.
        """
        if self.published and self.published > (self.unpublished or now):
            raise ArticleNotFound(self.article)
        if self.unpublished:
            raise ArticleGone(self.article)

    def is_public(self, now: datetime) -> bool:
        """Tell whether the article can be read."""
        return not self.unpublished and not (self.published and self.published > now)

    def including(self, entry: Entry) -> "Count":
        """Give the count with a visitor's own view in it, whether or not it is tallied yet.

        A view that was entered after this count was read, or is newer than any that is tallied, is
        not inside yet; but all views of a settled day are, whatever the tally saw of them. An older
        one may be one shard's delay away; it is then shown a moment later.
        """
        is_newer = self.as_of is None or entry.at > self.as_of
        if not (entry.fresh or (is_newer and not self._has_settled(day_of(entry.at)))):
            return self
        return replace(
            self,
            views=self.views + 1,
            visitors=self.visitors + entry.is_new_visitor,
            as_of=max(self.as_of or entry.at, entry.at),
        )

    def _has_settled(self, day: str) -> bool:
        return day in self.settled_days or day <= self.horizon


TOTAL = "TOTAL"
"""Stands for the lifetime where a day of the whole site is named."""


@dataclass(frozen=True, slots=True)
class Total:
    """The views and visitors of an article or the whole site, over its lifetime or some days.

    A visitor is one article's on one day: who reads two articles is two of the site's visitors.
    as_of is when the numbers were found so, None where they were never written. Counts with the
    same numbers are equal.
    """

    views: int
    visitors: int
    as_of: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The views of one article on one UTC day."""

    views: int
    visitors: int
    hours: dict[int, int]
    """Views by hour of the UTC day, 0 to 23."""


class PageViews(NamedTuple):
    """An article's views on a UTC day, as its page in the day book has them."""

    article: str
    views: int
    visitors: int
    hours: Mapping[int, int]
    """Views by hour of the day, where they were asked for."""
    sealed: bool


class Standing(NamedTuple):
    """What a ranking has to know of a published article."""

    section: str
    published: datetime
    views: int
    """Lifetime views."""
    visitors: int
    """Lifetime visitors."""
    open_days: tuple[str, ...]
    """The days that are not settled in the lifetime views yet."""


def final_count(tallied: DayCount, recounted: DayCount, *, complete: bool) -> DayCount:
    """Give a day's final numbers: the ledger's, which are complete until its lines expire.

    After that a number is never lowered. The tallied hours stay where they add up, as the ledger
    knows only the hour of each visitor's last view.
    """
    views, visitors = recounted.views, recounted.visitors
    if not complete:
        views, visitors = max(views, tallied.views), max(visitors, tallied.visitors)
    adds_up = sum(tallied.hours.values()) == views
    return DayCount(views, visitors, tallied.hours if adds_up else recounted.hours)
