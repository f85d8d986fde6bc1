"""Read the days of the windows from the day book: each page once, whoever sums it up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circulation.aws.parallel import for_each
from circulation.counting.counts import Total
from circulation.popularity.day_views import DayViews
from circulation.popularity.memory import ClosedDay
from circulation.popularity.top import Top, top_of_day
from circulation.popularity.windows import days_of_windows
from circulation.times import day_of, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, timedelta

    from circulation.counting.counts import PageViews
    from circulation.counting.day_book import DayBook
    from circulation.popularity.day_views import ViewsByArticle
    from circulation.popularity.memory import Memory
    from circulation.popularity.tops import StoredTop, Tops


@dataclass(slots=True)
class RecentDays:
    """The numbers of the days of the windows, today first."""

    views: dict[str, ViewsByArticle] = field(default_factory=dict)
    """Views by article."""
    site: dict[str, Total] = field(default_factory=dict)
    """The whole site's views and visitors."""
    pages: dict[str, list[PageViews]] = field(default_factory=dict)
    """The pages of today and yesterday, with their hours, and of other days that were read and may
    not have been known to be settled."""
    over: set[str] = field(default_factory=set)
    """The days of which every page is sealed and, as the day book says, settled."""
    wide: set[str] = field(default_factory=set)
    """The days whose pages were read with their traits."""
    tops: dict[str, StoredTop] = field(default_factory=dict)
    """The stored tops of the days and of their months, where they were read."""

    @property
    def total_views(self) -> int:
        """The whole site's views of all days."""
        return sum(day.views for day in self.site.values())

    def came_since(self, memory: Memory, *, now: datetime) -> tuple[int, timedelta] | None:
        """Give the views that came since the last run, and the time since; None if unknown."""
        if memory.looked is None or day_of(memory.looked) != day_of(now):
            return None
        return self.total_views - memory.views, now - memory.looked

    def take(self, day: str, closed: ClosedDay) -> None:
        """Take over the numbers of a closed day."""
        self.views[day], self.site[day] = closed.views, closed.site
        self.over.add(day)
        if closed.pages is not None:
            self.pages[day] = list(closed.pages)

    def announced(self) -> dict[str, datetime]:
        """Give when a change other than by views was last announced, by article."""
        moments = {
            page.article: page.announced
            for pages in reversed(self.pages.values())
            for page in pages
            if page.announced is not None
        }
        return {article: moment_of(moment) for article, moment in moments.items()}

    def top(self, day: str, *, closed: bool) -> Top:
        """Give the top of a day."""
        return top_of_day(self.views[day], self.site[day].visitors, closed=closed)


def read_recent_days(
    day_book: DayBook, tops: Tops, memory: Memory, *, wide: bool, now: datetime
) -> RecentDays:
    """Read the pages of the days that are not closed, and take the closed ones from memory.

    Wide reads them with their traits; that takes no more units, and more time.

    A container that remembers none takes a closed day from its top if that lists every article,
    else it reads the pages. Yesterday's pages are needed for their hours. The day up to which all
    is settled is read before the pages. It reads the pages of several closed days at the same time.
    """
    today, yesterday, *earlier = days_of_windows(now)
    found = RecentDays()
    unknown = [day for day in (yesterday, *earlier) if day not in memory.days]
    closed_until = (day_book.closed_until() or "") if unknown else yesterday
    read: dict[str, ClosedDay] = {}
    if memory.looked is None:
        found.tops = tops.between(earlier[-1][:7], today)
        read = _read_closed([day for day in earlier if day <= closed_until], found.tops, day_book)
    for day in (today, yesterday, *earlier):
        remembered = memory.days.get(day)
        if remembered and (day < yesterday or remembered.pages is not None):
            found.take(day, remembered)
        elif day in read:
            found.take(day, read[day])
        else:
            if wide and day > closed_until:
                _take_pages(day, day_book.read_wide(day), found)
                found.wide.add(day)
            else:
                _take_pages(day, day_book.read(day, hourly=day >= yesterday), found)
            if day <= closed_until and all(page.sealed for page in found.pages[day]):
                found.over.add(day)
    return found


def _stands_for_pages(top: Top) -> bool:
    return top.closed and top.is_complete


def _read_closed(
    days: list[str], tops: Mapping[str, StoredTop], day_book: DayBook
) -> dict[str, ClosedDay]:
    """Give the numbers of closed days, of those all of whose pages are sealed.

    No page of them has to be remembered, as all counters are read after it.
    """
    from_tops = {
        day: ClosedDay(DayViews(stored.top.ranking), Total(stored.top.views, stored.top.visitors))
        for day in days
        if (stored := tops.get(day)) and _stands_for_pages(stored.top)
    }
    unlisted = [day for day in days if day not in from_tops]
    read = zip(unlisted, for_each(unlisted, lambda day: _sum_sealed(day, day_book)), strict=True)
    return from_tops | {day: closed for day, closed in read if closed}


def _sum_sealed(day: str, day_book: DayBook) -> ClosedDay | None:
    """Read the pages of a day and keep their sums alone; None if one is not sealed."""
    visitors, all_sealed = 0, True

    def read() -> Iterator[tuple[str, int]]:
        nonlocal visitors, all_sealed
        for page in day_book.read(day):
            visitors += page.visitors
            all_sealed = all_sealed and page.sealed
            yield page.article, page.views

    views = DayViews(read())
    total = Total(sum(number for _, number in views.items()), visitors)
    return ClosedDay(views, total) if all_sealed else None


def _take_pages(day: str, read: Iterable[PageViews], found: RecentDays) -> None:
    pages = list(read)
    found.pages[day] = pages
    found.views[day] = DayViews((page.article, page.views) for page in pages)
    found.site[day] = Total(sum(page.views for page in pages), sum(page.visitors for page in pages))
