"""An article's month: its views and visitors by UTC day, and the month's traits within bounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circulation.counting.breakdown import Breakdown, empty_breakdown, keep_largest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MONTH_HOSTS = 30
"""Referrer hosts of an article's month with a sum of their own; the rest is under OTHER."""
MONTH_CAMPAIGNS = 10
"""Likewise campaigns."""
MONTH_COUNTRIES = 30
"""Likewise countries."""


@dataclass(frozen=True, slots=True)
class ArticleMonth:
    """The settled days of an article in a month. Days are UTC dates: 2026-01-31."""

    days: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Views and visitors by day, of the days with views."""
    breakdown: Breakdown = field(default_factory=empty_breakdown)
    """Views by trait, of these days together."""

    @property
    def views(self) -> int:
        """The views of all days."""
        return sum(views for views, _ in self.days.values())

    @property
    def visitors(self) -> int:
        """The visitors of all days: who came on two days is two."""
        return sum(visitors for _, visitors in self.days.values())


@dataclass(frozen=True, slots=True)
class ArticleDay:
    """A sealed day of an article, as its page has it."""

    day: str
    views: int
    visitors: int
    breakdown: Breakdown


def with_day(month: ArticleMonth, added: ArticleDay) -> ArticleMonth:
    """Add a day to a month that does not have it."""
    days = {**month.days, added.day: (added.views, added.visitors)}
    return ArticleMonth(days, _bounded(_sum_of([month.breakdown, added.breakdown])))


def month_of_days(days: Iterable[ArticleDay]) -> ArticleMonth:
    """Sum up the days of a month; those without views are left out."""
    viewed = [day for day in days if day.views]
    breakdown = _bounded(_sum_of(day.breakdown for day in viewed))
    return ArticleMonth({day.day: (day.views, day.visitors) for day in viewed}, breakdown)


def _sum_of(breakdowns: Iterable[Breakdown]) -> Breakdown:
    total = empty_breakdown()
    for breakdown in breakdowns:
        for sums, added in zip(total, breakdown, strict=True):
            sums.update(added)
    return total


def _bounded(breakdown: Breakdown) -> Breakdown:
    return breakdown._replace(
        referrers=Counter(keep_largest(breakdown.referrers, MONTH_HOSTS)),
        countries=Counter(keep_largest(breakdown.countries, MONTH_COUNTRIES)),
        campaigns=Counter(keep_largest(breakdown.campaigns, MONTH_CAMPAIGNS)),
    )
