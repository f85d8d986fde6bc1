"""The lifetime numbers of all articles: what their counters have settled, and their open pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from circulation.articles.listing import ALL
from circulation.counting.counts import Total
from circulation.popularity.pace import REVISED
from circulation.times import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circulation.articles.catalogue import Catalogue
    from circulation.counting.books import Books
    from circulation.counting.counts import PageViews, Standing
    from circulation.counting.day_book import DayBook
    from circulation.popularity.memory import Memory
    from circulation.popularity.recent_days import RecentDays

_ALWAYS = datetime.max.replace(tzinfo=UTC)


def read_standings(  # noqa: PLR0913  stores and time are arguments
    viewed: set[str],
    days: RecentDays,
    catalogue: Catalogue,
    books: Books,
    memory: Memory,
    *,
    now: datetime,
) -> dict[str, Standing | None]:
    """Give the standing of every article that is published or was viewed in the windows.

    The first run of a day, and of a container, reads all of them, so that a counter that was
    changed by hand, without an announcement, is wrong for a day at most. The others read those
    alone that may have changed since.
    """
    if memory.looked and memory.looked <= now and day_of(memory.looked) == day_of(now):
        remembered, stale = memory.standings, set[str]()
    else:
        remembered = {}
        stale = set(catalogue.library.listed(ALL, until=_ALWAYS))
    stale |= viewed  # one set, as it may be of a million articles
    stale.update(page.article for pages in days.pages.values() for page in pages)
    stale.difference_update(remembered)
    stale.update(_changed(remembered, days, memory))
    return remembered | books.counters.standings(stale, days.pages.keys())


def _changed(
    remembered: Mapping[str, Standing | None], days: RecentDays, memory: Memory
) -> Iterator[str]:
    """Give the articles whose counters may have changed since a time, other than by views.

    A view changes the page alone, except the first one of a day, which the counter then calls open.
    If the tally did not run that day, the counter has it only when it is settled: so the pages of a
    day are looked through once more when it is over.
    """
    for article, standing in remembered.items():
        if standing and not days.over.isdisjoint(standing.open_days):
            yield article  # it has settled a day since
    for day, pages in days.pages.items():
        if day not in memory.days:
            for page in pages:
                standing = remembered.get(page.article)
                if standing is None or (page.views and standing.lacks(day)):
                    yield page.article
    for article, moment in days.announced().items():
        if memory.looked is None or moment > memory.looked - REVISED:
            yield article


class Lifetimes(Mapping[str, Total]):
    """The lifetime numbers of the published articles, each summed up when it is asked for.

    They are what the counter has settled, and the pages of the days that the counter calls open,
    whatever the pages say of themselves.
    """

    def __init__(
        self,
        standings: Mapping[str, Standing | None],
        pages: Mapping[str, Mapping[str, PageViews]],
    ) -> None:
        self._standings, self._pages = standings, pages

    def __getitem__(self, article: str) -> Total:
        """Sum up an article's numbers. Raises KeyError if it is not published."""
        standing = self._standings[article]
        if standing is None or standing.is_unpublished:
            raise KeyError(article)
        views, visitors = standing.views, standing.visitors
        for day in standing.open_days:
            page = self._pages[day].get(article)
            if page:
                views += page.views
                visitors += page.visitors
        return Total(max(0, views), visitors)

    def __iter__(self) -> Iterator[str]:
        """Give the published articles."""
        for article, standing in self._standings.items():
            if standing and not standing.is_unpublished:
                yield article

    def __len__(self) -> int:
        """Count the published articles."""
        return sum(1 for _ in self)


def sum_lifetimes(
    standings: Mapping[str, Standing | None], days: RecentDays, day_book: DayBook
) -> Lifetimes:
    """Give the lifetime numbers of the published articles; read pages of open days that lack."""
    named: set[str] = set()
    for standing in standings.values():
        if standing and not standing.is_unpublished:
            named |= standing.open_days
    pages = {}
    for day in named:
        read = days.pages.get(day)
        if read is None:  # it is long past, or was remembered as closed
            read = list(day_book.read(day))
        pages[day] = {page.article: page for page in read}
    return Lifetimes(standings, pages)
