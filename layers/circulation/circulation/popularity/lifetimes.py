"""The lifetime numbers of all articles: what their counters have settled, and their open pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from circulation.articles.listing import ALL
from circulation.counting.counts import Total
from circulation.popularity.pace import REVISED
from circulation.times import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
        remembered, listed = memory.standings, set[str]()
    else:
        remembered = {}
        places = catalogue.library.places(ALL, until=_ALWAYS)
        listed = {place.article for place in places}
    on_pages = {page.article for pages in days.pages.values() for page in pages}
    wanted = remembered.keys() | viewed | listed | on_pages
    stale = (wanted - remembered.keys()) | set(_changed(remembered, days, memory))
    current = books.counters.of(stale)
    standings = dict(remembered)
    for article in wanted & stale:
        counter = current.get(article)
        standings[article] = counter.standing(days.pages.keys()) if counter else None
    return standings


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


def sum_lifetimes(
    standings: Mapping[str, Standing | None], days: RecentDays, day_book: DayBook
) -> dict[str, Total]:
    """Give the lifetime numbers of the published articles.

    They are what the counter has settled, and the pages of the days that the counter calls open,
    whatever the pages say of themselves.
    """
    published = {
        article: standing
        for article, standing in standings.items()
        if standing and not standing.is_unpublished
    }
    pages = {day: _by_article(found) for day, found in days.pages.items()}
    named = {day for standing in published.values() for day in standing.open_days}
    for day in named - pages.keys():  # it is long past, or was remembered as closed
        pages[day] = _by_article(day_book.read(day, hourly=False))
    return {article: _lifetime(article, standing, pages) for article, standing in published.items()}


def _by_article(pages: Iterable[PageViews]) -> dict[str, PageViews]:
    return {page.article: page for page in pages}


def _lifetime(
    article: str, standing: Standing, pages: Mapping[str, Mapping[str, PageViews]]
) -> Total:
    added = [page for day in standing.open_days if (page := pages[day].get(article))]
    views = standing.views + sum(page.views for page in added)
    return Total(max(0, views), standing.visitors + sum(page.visitors for page in added))
