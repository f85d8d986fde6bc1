"""Rank the most read articles and total the site's views from the day book, every few minutes."""

from dataclasses import dataclass
from datetime import datetime

from circulation.articles.catalogue import Catalogue
from circulation.counting.books import Books
from circulation.counting.counts import PageViews, Standing, Total
from circulation.popularity.charts import Charts
from circulation.popularity.site_totals import remember_listed, total_site
from circulation.popularity.windows import (
    Memory,
    Window,
    days_of_windows,
    ranked,
    summed_by_days,
    summed_by_hours,
)
from circulation.times import day_of


@dataclass(frozen=True, slots=True)
class _DayBook:
    """What the day book says of the windows."""

    sums: dict[Window, dict[str, int]]
    """Views by article, of every window but the lifetime."""
    sealed: dict[str, dict[str, int]]
    """Views by article, of each day that is sealed on every page."""
    changed: set[str]
    """The articles whose counters may have changed since they were remembered."""
    site: dict[str, Total]
    """The whole site's views and visitors on each day."""


def rank_popular(  # noqa: PLR0913  what is kept and time are arguments
    charts: Charts,
    catalogue: Catalogue,
    books: Books,
    memory: Memory,
    *,
    now: datetime,
    clock: datetime | None = None,
) -> int:
    """Bring every ranking and the site's totals up to now; answer with how many rankings changed.

    An article's count and standing change only on days on which it has a page in the day book. So
    what is read is the pages of the days that are not closed, and the counters of the articles on
    them; what a closed day says is remembered. The rest of the catalogue is looked at for the
    totals, by a new container and on the first run of a day, else only for who is new in it. The
    all-time ranking goes on from the one that was written last: nothing else can have risen into
    it. Running twice, or beside a twin, does no harm.

    Now is when the run was due, and the clock what time it is when it runs; None is the same.
    """
    before = {window: charts.rankings.of(window) for window in Window}
    book = _read_day_book(books, memory, now)
    ranked_before = {each for told in before[Window.ALL].values() for each, _ in told}
    viewed = ranked_before | book.sums[Window.MONTH].keys()
    remember_listed(catalogue, memory, now=now)
    standings = _read_standings(books, memory, viewed | memory.listed, book, now)
    clock = clock or now
    total_site(charts.site, memory, now=now, clock=clock)
    lifetime = {each: standing.views for each in viewed if (standing := standings[each])}
    written = 0
    for window in Window:
        after = ranked(window, book.sums.get(window, lifetime), standings, now)
        for section in before[window].keys() | after.keys():
            ranking = after.get(section, ())
            if ranking != before[window].get(section, ()):
                written += charts.rankings.put(window, section, ranking, as_of=now, clock=clock)
    return written


def _read_day_book(books: Books, memory: Memory, now: datetime) -> _DayBook:
    """Read the pages of the days that are not closed, and remember the others."""
    today, yesterday, *_ = days = days_of_windows(now)
    recent: dict[str, list[PageViews]] = {}
    views: dict[str, dict[str, int]] = {}
    sealed: dict[str, dict[str, int]] = {}
    changed: set[str] = set()
    site = {day: memory.site[day] for day in days if day in memory.site}
    for day in days:
        remembered = memory.days.get(day)
        if remembered is not None and day < yesterday:
            views[day] = sealed[day] = remembered
            continue
        pages = list(books.day_book.read(day, hourly=day >= yesterday))
        views[day] = {page.article: page.views for page in pages}
        site[day] = Total(sum(views[day].values()), sum(page.visitors for page in pages))
        if day >= yesterday:
            recent[day] = pages
        # The first page of yesterday may still be opened, by a request from just before midnight.
        if day < today and (pages or day < yesterday) and all(page.sealed for page in pages):
            sealed[day] = views[day]
        if remembered is None or day not in sealed:
            changed |= views[day].keys()
    sums = summed_by_hours(recent, now) | summed_by_days(views, now)
    return _DayBook(sums, sealed, changed, site)


def _read_standings(
    books: Books, memory: Memory, known: set[str], book: _DayBook, now: datetime
) -> dict[str, Standing | None]:
    """Give how every article stands that may be ranked or totalled.

    Remember that, and what the days say, all at once. The first run of a day remembers nobody, so
    that a counter that was changed by hand, without a page, is off for a day at most.
    """
    remembered = memory.standings if memory.day == day_of(now) else {}
    asked = book.changed | (known - remembered.keys())
    told = books.counters.standings(asked)
    standings = {each: told.get(each) if each in asked else remembered[each] for each in known}
    # A day is sealed on an article's page and on its counter one after the other.
    still_open = {day for standing in told.values() for day in standing.open_days}
    memory.days = {day: views for day, views in book.sealed.items() if day not in still_open}
    memory.site = book.site
    memory.standings = standings
    memory.day = day_of(now)
    return standings
