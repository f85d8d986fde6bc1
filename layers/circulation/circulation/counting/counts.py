"""Counts: an article's lifetime views and visitors, its days, and totals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from circulation.counting.view import Entry
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.times import day_of


@dataclass(frozen=True, slots=True)
class Count:
    """An article's lifetime numbers: an older counter's total, settled days and open days.

    Views are the sum of the older total, the corrections and what was counted, and never negative.
    as_of is the time of the newest view in it, None before the first one. Days are UTC dates:
    2026-01-31.
    """

    article: str
    views: int
    visitors: int
    as_of: datetime | None = None
    published: datetime | None = None
    """When the article appears; before that it cannot be viewed."""
    unpublished: datetime | None = None
    """When the article was unpublished; None if it was not."""
    section: str = ""
    """The article's section; of an unpublished article, its last one."""
    base: int = 0
    """The views that an older counter had counted: the highest total ever imported."""
    adjust: int = 0
    """The sum of the corrections; negative if they take views off."""
    counted: int = 0
    """The views that Circulation counted."""
    corrections: int = 0
    """How many corrections there are."""
    open_days: frozenset[str] = frozenset()
    """The days that have tallied views and are not settled yet."""
    settled_days: frozenset[str] = frozenset()
    """The days after the horizon whose final numbers are included."""
    horizon: str = ""
    """The day up to which the final numbers of every day are included."""

    def check_public(self, now: datetime) -> None:
        """Check that the article can be read. Raises ArticleGone and ArticleNotFound.

        The latter if it appears later, or was unpublished before it appeared: then even its
        existence is not disclosed.
        """
        if self.published and self.published > (self.unpublished or now):
            raise ArticleNotFound(self.article)
        if self.unpublished:
            raise ArticleGone(self.article)

    def is_public(self, now: datetime) -> bool:
        """Tell whether the article can be read."""
        return not self.unpublished and not (self.published and self.published > now)

    def including(self, entry: Entry) -> "Count":
        """Give the count including a visitor's own view, whether or not that is tallied yet.

        A view is added if it was entered after this count was read, or is newer than any tallied
        view; but never one of a settled day, all of whose views are included. An older view of a
        delayed shard may be missing; it is shown a moment later.
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
"""Stands for the lifetime in place of a day of the whole site."""


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
    """An article's views on a UTC day, read from its page in the day book."""

    article: str
    views: int
    visitors: int
    hours: Mapping[int, int]
    """Views by hour of the UTC day, 0 to 23; empty unless they were asked for."""
    sealed: bool


class Standing(NamedTuple):
    """What a ranking needs of a published article."""

    section: str
    published: datetime
    views: int
    """Lifetime views."""
    visitors: int
    """Lifetime visitors."""
    open_days: tuple[str, ...]
    """The UTC days that are not settled yet."""


def final_count(tallied: DayCount, recounted: DayCount, *, complete: bool) -> DayCount:
    """Choose a day's final numbers: those recounted from the ledger if it is complete.

    If lines may have expired, no number becomes lower than the tallied one. The tallied hours are
    kept if they add up, as the ledger has only the hour of each visitor's last view.
    """
    views, visitors = recounted.views, recounted.visitors
    if not complete:
        views, visitors = max(views, tallied.views), max(visitors, tallied.visitors)
    adds_up = sum(tallied.hours.values()) == views
    return DayCount(views, visitors, tallied.hours if adds_up else recounted.hours)
