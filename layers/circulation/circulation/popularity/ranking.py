"""Rank the most read articles and total the site's views from the day book, every few minutes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from circulation.articles.catalogue import Catalogue
from circulation.counting.books import Books
from circulation.counting.counts import Standing, Total
from circulation.popularity.charts import Charts
from circulation.popularity.lifetimes import read_standings, sum_lifetimes
from circulation.popularity.memory import ClosedDay, Memory
from circulation.popularity.pace import PACE_OF_TOPS, PACES, can_rest, is_due, is_time_for_traits
from circulation.popularity.periods import Period, days_of, month_of
from circulation.popularity.rankings import Ranked
from circulation.popularity.recent_days import RecentDays, read_recent_days
from circulation.popularity.site_totals import total_site
from circulation.popularity.top import Top, top_of_month
from circulation.popularity.tops import StoredTop
from circulation.popularity.windows import (
    Ranking,
    Window,
    days_of_windows,
    rank_by_section,
    sum_by_days,
    sum_by_hours,
)
from circulation.times import hour_of


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found, for whoever sums it up further."""

    written: int
    """The rankings that changed."""
    days: RecentDays
    standings: Mapping[str, Standing | None]
    """Of every article that is published or was viewed, by id."""
    closed: frozenset[str]
    """Those of the days whose numbers are final."""


def rank_popular(  # noqa: PLR0913  stores and time are arguments
    charts: Charts,
    catalogue: Catalogue,
    books: Books,
    memory: Memory,
    *,
    now: datetime,
    clock: datetime | None = None,
) -> Findings | None:
    """Bring rankings, tops and the site's totals up to date; give what was found for that.

    Views change pages alone. So a run reads the pages of the days that are not closed, and the
    counters that a publisher or a seal may have changed, and remembers the rest. A ranking that
    differs is written as soon as the views since it was written pay for that, or it is too old
    (pace). The all-time ranking starts from the stored one: no article without new views can have
    risen into it, unless one in it was corrected down; then all articles are ranked. Running twice,
    or beside a twin, does no harm. A run that can expect few views leaves all to the next one, and
    gives None.

    Now is when the run was due, and clock the current time when it runs; None is the same.
    """
    if memory.looked and memory.came and can_rest(*memory.came, since=now - memory.looked):
        return None
    run = _Run(charts, memory, now, clock or now)
    stored = run.stored_rankings()
    wide = is_time_for_traits(memory.traits, memory.views, now=now)
    days = read_recent_days(books.day_book, charts.tops, memory, wide=wide, now=now)
    sums = sum_by_hours(days.pages, now) | sum_by_days(days.views, now)
    viewed = sums[Window.MONTH].keys() | _articles_of(stored[Window.ALL].values())
    standings = read_standings(viewed, days, catalogue, books, memory, now=now)
    totals = sum_lifetimes(standings, days, books.day_book)
    came = days.came_since(memory, now=now)
    run.remember(days, standings)
    total_site(charts.site, days.site, totals.values(), now=now, clock=run.clock)
    run.write_tops(days)
    fallen = _has_fallen(stored[Window.ALL].values(), totals)
    of_all_time = totals.keys() if fallen else totals.keys() & viewed
    sums[Window.ALL] = {article: totals[article].views for article in of_all_time}
    announced = days.announced()
    written = sum(
        run.write_rankings(window, rank_by_section(window, sums[window], standings, now), announced)
        for window in Window
    )
    memory.came = came
    return Findings(written, days, standings, frozenset(memory.days))


def _articles_of(stored: Iterable[Ranked]) -> set[str]:
    return {article for ranked in stored for article, _ in ranked.ranking}


def _has_fallen(stored: Iterable[Ranked], totals: Mapping[str, Total]) -> bool:
    """Tell whether an article has fewer views than in a stored ranking: by a correction."""
    return any(
        totals[article].views < views
        for ranked in stored
        for article, views in ranked.ranking
        if article in totals
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: where it writes, what it remembers, when it was due, and the current time."""

    charts: Charts
    memory: Memory
    now: datetime
    clock: datetime

    def stored_rankings(self) -> Mapping[Window, dict[str | None, Ranked]]:
        """Give the stored rankings; they are read by the first run of an hour."""
        looked = self.memory.looked
        if not (looked and looked <= self.now and hour_of(looked) == hour_of(self.now)):
            self.memory.rankings = {}
        for window in Window:
            if window not in self.memory.rankings:
                self.memory.rankings[window] = self.charts.rankings.of(window)
        return self.memory.rankings

    def remember(self, days: RecentDays, standings: dict[str, Standing | None]) -> None:
        """Remember what was read, in one step, the days with the standings.

        A day is closed when the day book says so and no counter calls it open.
        """
        _today, yesterday, *_earlier = days_of_windows(self.now)
        still_open = {day for entry in standings.values() if entry for day in entry.open_days}
        self.memory.days = {
            day: ClosedDay(
                days.views[day], days.site[day], days.pages[day] if day == yesterday else None
            )
            for day in days.over - still_open
        }
        self.memory.standings = standings
        self.memory.views, self.memory.came = days.total_views, None
        if days.wide:
            self.memory.traits = self.now, days.total_views
        self.memory.tops = days.tops | {
            name: stored for name, stored in self.memory.tops.items() if name >= min(days.views)[:7]
        }
        self.memory.looked = self.now

    def write_rankings(
        self,
        window: Window,
        computed: Mapping[str | None, Ranking],
        announced: Mapping[str, datetime],
    ) -> int:
        """Write those rankings of a window that are due; give how many."""
        stored, written = self.memory.rankings[window], 0
        for section in stored.keys() | computed.keys():
            ranking, before = computed.get(section, ()), stored.get(section)
            if before is None:
                due = bool(ranking)
            else:
                due = is_due(PACES[window], before, ranking, announced, now=self.now)
            if due:
                written += self.charts.rankings.put(
                    window, section, ranking, as_of=self.now, clock=self.clock
                )
                # If a later run had written one, the next comparison is with this all the same.
                stored[section] = Ranked(ranking, self.now)
        return written

    def write_tops(self, days: RecentDays) -> None:
        """Write the tops of the days that are due, and of their months."""
        months = set()
        for day in sorted(days.views):
            closed = day in self.memory.days
            stored = self.memory.tops.get(day)
            if not (stored and stored.top.closed) and self._write_top(
                Period(day), days.top(day, closed=closed)
            ):
                months.add(month_of(day))
        months |= {month for month in map(month_of, days.views) if self._is_to_close(month)}
        for month in months:
            first, last = days_of(month)
            tops = self.charts.tops.between(first, last)
            tops |= {day: top for day, top in self.memory.tops.items() if first <= day <= last}
            over = month.end <= self.now and all(stored.top.closed for stored in tops.values())
            self._write_top(month, top_of_month((s.top for s in tops.values()), closed=over))

    def _is_to_close(self, month: Period) -> bool:
        """Tell whether a month is over and its stored top is not final yet."""
        if month.end > self.now:
            return False
        stored = self.memory.tops.get(month.name)
        return stored is not None and not stored.top.closed

    def _write_top(self, period: Period, top: Top) -> bool:
        """Write the top of a period if it is due; say whether it was."""
        stored = self.memory.tops.get(period.name)
        if stored is None:
            due = bool(top.ranking)
        elif top.closed != stored.top.closed:
            due = True
        else:
            before = Ranked(stored.top.ranking, stored.as_of)
            due = is_due(PACE_OF_TOPS, before, top.ranking, {}, now=self.now)
        if due:
            self.charts.tops.put(period, top, as_of=self.now, clock=self.clock)
            self.memory.tops[period.name] = StoredTop(top, self.now)
        return due
