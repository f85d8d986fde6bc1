"""Popularity: which articles are read most, in the last hours or days, and of all time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.times import day_of, days_until, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circulation.articles.edition import Edition
    from circulation.counting.counts import PageViews, Standing, Total


class Window(StrEnum):
    """How far back views are counted: at least as far as the name says, from a whole hour or day.

    1h and 24h take the UTC hour that is running and the 1 or 24 whole hours before it; 7d and 30d
    the UTC day that is running and the 7 or 30 whole days before it; all is the lifetime count.
    """

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    ALL = "all"


_HOURS_BACK = {Window.HOUR: 1, Window.DAY: 24}
_DAYS_BACK = {Window.WEEK: 7, Window.MONTH: 30}
_KEPT = 150
_KEPT_OF_ALL_TIME = 500
"""The all-time ranking goes on from what it was, so that it keeps more than anybody is shown."""

Ranking = tuple[tuple[str, int], ...]
"""Articles with their views in the window, most first."""


@dataclass(slots=True)
class Memory:
    """What a container remembers from one run to the next and need not read again."""

    days: dict[str, dict[str, int]] = field(default_factory=dict)
    """Views by article of each closed day: sealed on every page and settled in every counter."""
    standings: dict[str, Standing | None] = field(default_factory=dict)
    """Every article of the last ranking and of the listing; None is one that is not published."""
    day: str = ""
    """The UTC day on which they were all read anew."""
    listed: frozenset[str] = frozenset()
    """The articles in the listing of everything, whether or not their time has come."""
    edition: Edition | None = None
    """The edition of the listing of everything in which they stood there."""
    site: dict[str, Total] = field(default_factory=dict)
    """The whole site's views and visitors on each day of the windows, as they were read last."""


def days_of_windows(now: datetime) -> list[str]:
    """Name the days that the windows take from the day book: today, then back."""
    return list(reversed(days_until(day_of(now), 1 + max(_DAYS_BACK.values()))))


def hours_of(window: Window, day: str, now: datetime) -> range:
    """Give the hours of a day that lie in a window of hours."""
    running = hour_of(now)
    start = running - timedelta(hours=_HOURS_BACK[window])
    first = start.hour if day_of(start) == day else 0
    last = running.hour if day_of(running) == day else 23
    return range(first, last + 1) if day_of(start) <= day <= day_of(running) else range(0)


def summed_by_hours(
    pages_by_day: Mapping[str, Iterable[PageViews]], now: datetime
) -> dict[Window, dict[str, int]]:
    """Sum the pages of today and yesterday over the windows of hours."""
    sums: dict[Window, dict[str, int]] = {window: {} for window in _HOURS_BACK}
    for window, views in sums.items():
        for day, pages in pages_by_day.items():
            hours = hours_of(window, day, now)
            for page in pages:
                inside = sum(number for hour, number in page.hours.items() if hour in hours)
                views[page.article] = views.get(page.article, 0) + inside
    return sums


def summed_by_days(
    views_by_day: Mapping[str, Mapping[str, int]], now: datetime
) -> dict[Window, dict[str, int]]:
    """Sum the views of each day, by article, over the windows of days."""
    sums: dict[Window, dict[str, int]] = {}
    for window, back in _DAYS_BACK.items():
        views = sums[window] = {}
        for day in days_until(day_of(now), 1 + back):
            for article, number in views_by_day[day].items():
                views[article] = views.get(article, 0) + number
    return sums


def ranked(
    window: Window,
    views: Mapping[str, int],
    standings: Mapping[str, Standing | None],
    now: datetime,
) -> dict[str | None, Ranking]:
    """Rank articles in each section, by its name, and over the whole site, under None.

    Most views come first, then the newest, then the ids in their order. Only what is published by
    now and has been viewed is ranked.
    """
    shown = {
        article: standing
        for article, number in views.items()
        if number and (standing := standings.get(article)) and standing.published <= now
    }
    order = sorted(shown)
    order.sort(key=lambda article: (views[article], shown[article].published), reverse=True)
    rankings: dict[str | None, list[tuple[str, int]]] = {None: []}
    for article in order:
        for section in (None, shown[article].section):
            ranking = rankings.setdefault(section, [])
            if len(ranking) < _kept(window, section):
                ranking.append((article, views[article]))
    return {section: tuple(ranking) for section, ranking in rankings.items()}


def _kept(window: Window, section: str | None) -> int:
    return _KEPT_OF_ALL_TIME if (window, section) == (Window.ALL, None) else _KEPT
