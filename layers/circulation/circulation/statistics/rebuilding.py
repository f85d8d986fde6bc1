"""Rebuild the roll-ups of months from pages: of days that are settled, of articles, and curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.articles.listing import ALL
from circulation.aws.parallel import for_each
from circulation.counting.day_book import breakdown_of_sums
from circulation.counting.keys import BUCKETS
from circulation.popularity.periods import month_of
from circulation.statistics.article_month import ArticleDay, ArticleMonth, with_day
from circulation.statistics.curves import redraw_curves
from circulation.statistics.rolling_up import finals_of, sum_month
from circulation.times import LAST, day_of, end_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from circulation.articles.library import Library
    from circulation.counting.counters import Counters
    from circulation.counting.counts import PageViews, Standing
    from circulation.popularity.site import Site
    from circulation.statistics.rolling_up import RollupSources


def months_to_rebuild(
    site: Site, closed: str, *, first: str | None = None, last: str | None = None
) -> dict[str, list[str]]:
    """Give the UTC days up to the closed one of every month that is to be rebuilt, by month.

    They begin with the first day with views, or with the first month if that is later.
    """
    viewed = [name for name in site.since("0") if name[0].isdigit()]
    day = max(min(viewed, default=closed), f"{first}-01" if first else "")
    months: dict[str, list[str]] = {}
    while day <= closed and (last is None or day[: len(last)] <= last):
        months.setdefault(str(month_of(day)), []).append(day)
        day = day_of(end_of(day))
    return months


def read_all_standings(library: Library, counters: Counters) -> Mapping[str, Standing | None]:
    """Read the standing of every article that is published or will be."""
    return counters.standings(library.listed(ALL, until=LAST), ())


def rebuild_month(
    days: Sequence[str],
    closed: str,
    standings: Mapping[str, Standing | None],
    sources: RollupSources,
    *,
    now: datetime,
) -> Iterator[str]:
    """Set all roll-ups of a month's settled days anew; yield each step that is done.

    Closed is the day up to which all is settled. Doing it again changes nothing, so what was broken
    off is made good by repeating the month.
    """
    month = str(month_of(days[0]))
    for day in days:
        for subject, rollup in finals_of(day, sources).items():
            sources.rollups.put(subject, day, rollup, as_of=now, clock=now)
        yield day
    sum_month(days[-1], {}, sources.rollups, whole=True, now=now, clock=now)
    yield month
    for bucket in BUCKETS:
        _rebuild_articles(month, days, bucket, sources)
        yield f"articles {bucket}"
    redraw_curves(month, closed, standings, sources.rollups, sources.day_book, now=now, clock=now)


def _rebuild_articles(month: str, days: Sequence[str], bucket: str, sources: RollupSources) -> None:
    months: dict[str, ArticleMonth] = {}
    for day in days:
        for page in sources.day_book.read_wide(day, [bucket], consistent=True):
            if page.views:
                before = months.get(page.article, ArticleMonth())
                months[page.article] = with_day(before, _article_day(page, day))
    for_each(
        months, lambda article: sources.rollups.put_article_month(article, month, months[article])
    )


def _article_day(page: PageViews, day: str) -> ArticleDay:
    return ArticleDay(day, page.views, page.visitors, breakdown_of_sums(page.traits or {}))
