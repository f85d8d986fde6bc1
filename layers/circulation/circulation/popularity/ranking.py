"""Rank the most read articles and total the site's views from the day book, every few minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from circulation.articles.catalogue import Catalogue
from circulation.counting.books import Books
from circulation.counting.counts import PageViews, Standing, Total
from circulation.popularity.charts import Charts
from circulation.popularity.site_totals import remember_listed, total_site
from circulation.popularity.windows import (
    Memory,
    Ranking,
    Window,
    days_of_windows,
    rank_by_section,
    sum_by_days,
    sum_by_hours,
)
from circulation.times import day_of


@dataclass(frozen=True, slots=True)
class _DayBook:
    """What a run takes from the day book."""

    sums: dict[Window, dict[str, int]]
    """Views by article in every window except the lifetime."""
    sealed: dict[str, dict[str, int]]
    """Views by article on each day of which every page is sealed."""
    changed: set[str]
    """The articles whose counters may have changed since they were last read."""
    site: dict[str, Total]
    """The whole site's views and visitors on each day."""


def rank_popular(  # noqa: PLR0913  stores and time are arguments
    charts: Charts,
    catalogue: Catalogue,
    books: Books,
    memory: Memory,
    *,
    now: datetime,
    clock: datetime | None = None,
) -> int:
    """Bring every ranking and the site's totals up to date; answer with how many rankings changed.

    An article's count and standing change only on days on which it has a page in the day book. So a
    run reads the pages of the days that are not closed and the counters of the articles on them,
    and remembers closed days. The counters of all other articles, which the totals need, are read
    by a new container, on the first run of a day, and for articles that are new in the listing. The
    all-time ranking starts from the stored one: no article without new views can have risen into
    it, unless one in it was corrected down; then all articles are ranked. Running twice, or beside
    a twin, does no harm.

    Now is when the run was due, and clock the current time when it runs; None is the same.
    """
    stored = {window: charts.rankings.of(window) for window in Window}
    book = _read_day_book(books, memory, now)
    ranked_articles = {article for ranking in stored[Window.ALL].values() for article, _ in ranking}
    viewed = ranked_articles | book.sums[Window.MONTH].keys()
    remember_listed(catalogue, memory, now=now)
    standings = _read_standings(books, memory, viewed | memory.listed, book, now)
    clock = clock or now
    total_site(charts.site, memory, now=now, clock=clock)
    ranked_of_all_time = viewed
    if _has_fallen(stored[Window.ALL], standings):
        ranked_of_all_time = viewed | memory.listed
    lifetime = {
        article: standing.views
        for article in ranked_of_all_time
        if (standing := standings[article])
    }
    written = 0
    for window in Window:
        computed = rank_by_section(window, book.sums.get(window, lifetime), standings, now)
        for section in stored[window].keys() | computed.keys():
            ranking = computed.get(section, ())
            if ranking != stored[window].get(section, ()):
                written += charts.rankings.put(window, section, ranking, as_of=now, clock=clock)
    return written


def _has_fallen(
    stored: Mapping[str | None, Ranking], standings: Mapping[str, Standing | None]
) -> bool:
    """Tell whether an article has fewer views than in a stored ranking: by a correction."""
    return any(
        standing.views < views
        for ranking in stored.values()
        for article, views in ranking
        if (standing := standings.get(article))
    )


def _read_day_book(books: Books, memory: Memory, now: datetime) -> _DayBook:
    """Read the pages of the days that are not closed; take closed days from memory."""
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
        # Yesterday's first page may still be opened by a request from just before midnight, so
        # yesterday without pages is not sealed.
        if day < today and (pages or day < yesterday) and all(page.sealed for page in pages):
            sealed[day] = views[day]
        if remembered is None or day not in sealed:
            changed |= views[day].keys()
    sums = sum_by_hours(recent, now) | sum_by_days(views, now)
    return _DayBook(sums, sealed, changed, site)


def _read_standings(
    books: Books, memory: Memory, articles: set[str], book: _DayBook, now: datetime
) -> dict[str, Standing | None]:
    """Give the standing of every article that may be ranked or totalled, and remember it.

    Memory is updated in one step, the days with the standings. The first run of a day reads all
    standings anew, so that a counter that was changed by hand, without a page, is wrong for a day
    at most.
    """
    remembered = memory.standings if memory.day == day_of(now) else {}
    stale = book.changed | (articles - remembered.keys())
    current = books.counters.standings(stale)
    standings = {
        article: current.get(article) if article in stale else remembered[article]
        for article in articles
    }
    # A page is sealed before its counter is settled: until then the day is not closed.
    still_open = {day for standing in current.values() for day in standing.open_days}
    memory.days = {day: views for day, views in book.sealed.items() if day not in still_open}
    memory.site = book.site
    memory.standings = standings
    memory.day = day_of(now)
    return standings
