"""The windows over which articles are ranked, the sums of views in them, and the ranks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import nsmallest
from typing import TYPE_CHECKING

from circulation.times import day_of, days_until, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circulation.counting.counts import PageViews, Standing
    from circulation.popularity.day_views import ViewsByArticle


class Window(StrEnum):
    """A span of time up to now, at least as long as named, which starts at a whole UTC hour or day.

    1h and 24h cover the current UTC hour and the 1 or 24 whole hours before it; 7d and 30d the
    current UTC day and the 7 or 30 whole days before it; all is the lifetime count.
    """

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Among:
    """Which articles are wanted, beside those of a section."""

    tag: str | None = None
    within: timedelta | None = None
    """How long before the window's end they were published at most."""


EVERYTHING = Among()


_HOURS_BACK = {Window.HOUR: 1, Window.DAY: 24}
_DAYS_BACK = {Window.WEEK: 7, Window.MONTH: 30}
_MAX_RANKED = 150
_MAX_RANKED_OF_ALL_TIME = 500
"""More than are shown, as the next all-time ranking is made from the stored one."""

Ranking = tuple[tuple[str, int], ...]
"""Pairs of an article's id and its views in the window, most views first."""


def days_of_windows(now: datetime) -> list[str]:
    """Give the days that the windows take from the day book, today first."""
    return list(reversed(days_until(day_of(now), 1 + max(_DAYS_BACK.values()))))


def hours_of(window: Window, day: str, now: datetime) -> range:
    """Give the hours of a UTC day that lie in a window of hours."""
    running = hour_of(now)
    start = running - timedelta(hours=_HOURS_BACK[window])
    first = start.hour if day_of(start) == day else 0
    last = running.hour if day_of(running) == day else 23
    return range(first, last + 1) if day_of(start) <= day <= day_of(running) else range(0)


def sum_by_hours(
    pages_by_day: Mapping[str, Iterable[PageViews]], now: datetime
) -> dict[Window, dict[str, int]]:
    """Sum the pages of today and yesterday, by day, over the windows of hours; none is 0."""
    sums: dict[Window, dict[str, int]] = {window: {} for window in _HOURS_BACK}
    for window, views in sums.items():
        for day, pages in pages_by_day.items():
            hours = hours_of(window, day, now)
            for page in pages if hours else ():
                inside = sum(page.hours[hours.start : hours.stop])
                if inside:
                    views[page.article] = views.get(page.article, 0) + inside
    return sums


def sum_by_days(
    views_by_day: Mapping[str, ViewsByArticle], now: datetime
) -> dict[Window, dict[str, int]]:
    """Sum the views of each day, by article, over the windows of days."""
    sums: dict[Window, dict[str, int]] = {}
    for window, back in _DAYS_BACK.items():
        views = sums[window] = {}
        for day in days_until(day_of(now), 1 + back):
            for article, number in views_by_day[day].items():
                views[article] = views.get(article, 0) + number
    return sums


def rank_by_section(
    window: Window,
    views: Mapping[str, int],
    standings: Mapping[str, Standing | None],
    now: datetime,
) -> dict[str | None, Ranking]:
    """Rank articles in each section, by its name, and over the whole site, under None.

    Articles with most views come first, then the newest, then by id. Only articles that are
    published by now and have been viewed are ranked.
    """
    by_section: dict[str | None, list[tuple[int, timedelta, str]]] = {None: []}
    for article, number in views.items():
        standing = standings.get(article)
        if number and standing and not standing.is_unpublished and standing.published <= now:
            rank = (-number, now - standing.published, article)
            for section in (None, standing.section):
                by_section.setdefault(section, []).append(rank)
    return {
        section: tuple(
            (article, -negative)
            for negative, _, article in nsmallest(_max_ranked(window, section), ranks)
        )
        for section, ranks in by_section.items()
    }


def _max_ranked(window: Window, section: str | None) -> int:
    return _MAX_RANKED_OF_ALL_TIME if (window, section) == (Window.ALL, None) else _MAX_RANKED
