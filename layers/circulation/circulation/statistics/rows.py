"""The rows of tables: sections, sources and the like by views, and the list of articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.counting.breakdown import OTHER
from circulation.statistics.figures import ArticleRow, Change, Row
from circulation.times import day_of, hour_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from circulation.counting.counts import DayCount, Labels

DEFAULT_ROWS = 10
SPARKLINE = 24
"""Hours of a sparkline."""
_HOUR = timedelta(hours=1)


class Sort(StrEnum):
    """How articles are sorted, the largest first."""

    VIEWS = "views"
    GAIN = "gain"
    """By views of the last hour beyond those of the hour before."""
    PER_HOUR = "per_hour"
    """By views per hour since publication."""


@dataclass(frozen=True, slots=True)
class Usually:
    """What the names of a table amount to in the compared periods."""

    shares: Mapping[str, float]
    """The share of each name, 0 to 1."""
    total: float
    """What the table's sum is compared with."""


def sum_tables(tables: Iterable[Mapping[str, int]]) -> Counter[str]:
    """Add up tables of views by name."""
    sums: Counter[str] = Counter()
    for table in tables:
        sums.update(table)
    return sums


def rows_of(
    sums: Mapping[str, int],
    *,
    most: int = DEFAULT_ROWS,
    usually: Usually | None = None,
    closed: bool = False,
) -> tuple[Row, ...]:
    """List the names with the most views, and last the sum of the others.

    Of a closed list, all names stand in their place by size, OTHER among them. What is before is
    what a name would have, had it its usual share of what the sum is compared with: so a day that
    runs is compared with as much of the others.
    """
    total = sum(sums.values())
    ranked = sorted(
        (name for name, views in sums.items() if views > 0), key=lambda name: (-sums[name], name)
    )
    names = ranked if closed else [name for name in ranked if name != OTHER][:most]
    rows = [_row_of(name, sums[name], total, usually) for name in names]
    rest = total - sum(row.views for row in rows)
    if rest > 0:
        known = sum(usually.shares.get(name, 0) for name in names) if usually else 0
        before = max(0.0, 1 - known) * usually.total if usually else None
        rows.append(Row(OTHER, rest, rest / total, before))
    return tuple(rows)


def _row_of(name: str, views: int, total: int, usually: Usually | None) -> Row:
    before = usually.shares.get(name, 0) * usually.total if usually else None
    return Row(name, views, views / total, before)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The most read articles of a period, as far as they are listed."""

    views: Mapping[str, int]
    unlisted: int
    """The most views that an article may have which is not listed."""
    by_period: tuple[Mapping[str, int], ...] = ()
    """The listed views of each day or month of the period, in order; empty if it has one."""

    def most(self, number: int) -> Ranked:
        """Give so many of the articles, those with the most views."""
        ranked = sorted(self.views, key=lambda article: (-self.views[article], article))
        # Of the periods in which it was not listed, the next one's number lacks its views.
        beyond = self.views[ranked[number]] if number < len(ranked) else 0
        views = {article: self.views[article] for article in ranked[:number]}
        return Ranked(views, self.unlisted + beyond, self.by_period)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The listed articles of a day or a month."""

    ranking: Sequence[tuple[str, int]]
    unlisted: int
    """The most views that an article may have which is not listed."""


def rank(excerpts: Sequence[Excerpt]) -> Ranked:
    """Add up the lists of the days or months of a period."""
    sums = sum_tables(dict(excerpt.ranking) for excerpt in excerpts)
    by_period = tuple(dict(excerpt.ranking) for excerpt in excerpts)
    unlisted = sum(excerpt.unlisted for excerpt in excerpts)
    return Ranked(sums, unlisted, by_period if len(by_period) > 1 else ())


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list needs of an article: what it is called, its newest pages, and its mailings."""

    labels: Labels
    hours: Mapping[datetime, int] = field(default_factory=dict)
    """Views by UTC hour, of the pages that were read."""
    mailed: tuple[datetime, ...] = ()
    """When digests that had it were frozen."""


def hours_of_pages(pages: Mapping[str, DayCount]) -> dict[datetime, int]:
    """Give views by UTC hour from an article's pages by day."""
    return {
        start_of(day) + hour * _HOUR: views
        for day, page in pages.items()
        for hour, views in page.hours.items()
    }


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a period in UTC hours, as far as it has passed."""

    start: datetime
    end: datetime
    """The end of the period, or now."""
    until: datetime
    """The end of the last complete hour."""


def article_rows(
    ranked: Ranked,
    glances: Mapping[str, Glance],
    bounds: Bounds,
    *,
    hourly: bool,
    sort: Sort,
) -> tuple[ArticleRow, ...]:
    """Make the rows of articles, sorted; those that are in no library any more are left out.

    Hourly, the views are the exact ones of the period's hours; otherwise those that are listed.
    """
    rows = [
        _article_row(article, listed, ranked, glances[article], bounds, hourly=hourly)
        for article, listed in ranked.views.items()
        if article in glances and glances[article].labels.title
    ]
    rows.sort(key=lambda row: (-_measure_of(row, sort), -row.views, row.article))
    return tuple(row for row in rows if row.views > 0)


def _measure_of(row: ArticleRow, sort: Sort) -> float:
    if sort is Sort.GAIN:
        return row.last_hour.views - (row.last_hour.before or 0)
    return row.per_hour if sort is Sort.PER_HOUR else row.views


def _article_row(  # noqa: PLR0913  what a row is made of
    article: str,
    listed: int,
    ranked: Ranked,
    glance: Glance,
    bounds: Bounds,
    *,
    hourly: bool,
) -> ArticleRow:
    labels, hours = glance.labels, glance.hours
    views = listed
    if hourly:
        views = sum(number for hour, number in hours.items() if bounds.start <= hour < bounds.end)
    published = labels.published or bounds.start
    lived = (bounds.end - max(bounds.start, published)) / _HOUR
    last = bounds.until - _HOUR
    return ArticleRow(
        article,
        labels.title,
        labels.section,
        labels.authors,
        published,
        views,
        Change(hours.get(last, 0), float(hours.get(last - _HOUR, 0)) if hours else None),
        views / max(1.0, lived),
        _sparkline_of(article, ranked, hours, bounds, hourly=hourly),
    )


def _sparkline_of(
    article: str,
    ranked: Ranked,
    hours: Mapping[datetime, int],
    bounds: Bounds,
    *,
    hourly: bool,
) -> tuple[int, ...]:
    if not hourly:
        return tuple(views.get(article, 0) for views in ranked.by_period)
    first = hour_of(bounds.until) - SPARKLINE * _HOUR
    return tuple(hours.get(first + number * _HOUR, 0) for number in range(SPARKLINE))


def days_of_hours(first: datetime, last: datetime) -> list[str]:
    """Give the UTC days of the hours from first to last, both included."""
    days = {day_of(first), day_of(last)}
    moment = first
    while moment < last:
        days.add(day_of(moment))
        moment += timedelta(days=1)
    return sorted(days)
