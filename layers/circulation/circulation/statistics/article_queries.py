"""Read the figures of one article.

At most seven calls beside the check who asks: its counter and text, its changes, its months, its
pages, its section's curve, and the last minutes. Of its life the pages of the first days, of the
days with changes, of open days and of a short period are read; of all other days the months.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.errors import ArticleNotFound
from circulation.statistics.article_life import (
    Life,
    ages_of,
    days_of_changes,
    mailings_of,
    versions_of,
)
from circulation.statistics.comparing import Series, slots_of, utc_days
from circulation.statistics.curve import HOURS
from circulation.statistics.figures import ArticleFigures, Point, Span, Unit
from circulation.statistics.now import RECENT_MINUTES, now_of
from circulation.statistics.rows import DEFAULT_ROWS, days_of_hours, hours_of_pages, rows_of
from circulation.statistics.site_queries import calendar_of
from circulation.statistics.spans import dates_of, days_of, span_of
from circulation.times import day_of, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.counting.breakdown import Breakdown
    from circulation.statistics.article_month import ArticleMonth
    from circulation.statistics.article_pages import DayPages
    from circulation.statistics.curve import Curve
    from circulation.statistics.figure_stores import FigureStores
    from circulation.statistics.figures import Row
    from circulation.statistics.live import Minute
    from circulation.statistics.spans import Calendar

MAX_PAGED = 31
"""Days of a period whose pages are read; of longer ones the months."""
MAX_CHANGE_DAYS = 30
_MONTH_LENGTH = len("2026-11")


def read_article(  # noqa: PLR0913  what an editor may choose
    article: str,
    span: Span,
    stores: FigureStores,
    publication: Publication,
    *,
    now: datetime,
    limit: int = DEFAULT_ROWS,
) -> ArticleFigures:
    """Read an article's figures, those of a period among them.

    Raises ArticleNotFound and ArticleGone.
    """
    calendar = calendar_of(publication)
    head = stores.article_pages.head(article)
    if head.counter is None:
        raise ArticleNotFound(article)
    head.counter.shown({}).check_public(now)
    labels = head.counter.labels
    published = labels.published or now
    history = stores.changes.of(article)
    months = stores.rollups.article_months(article)
    paged = utc_days(span, calendar) if days_of(span) <= MAX_PAGED else []
    dates = [day.isoformat() for day in dates_of(span)] if paged else []
    first_days = days_of_hours(published, published + timedelta(hours=HOURS))
    today = utc_days(span_of(Unit.DAY, calendar.date_of(now)), calendar)
    wanted = {
        *first_days,
        *paged,
        *today,
        *head.counter.open_days,
        *days_of_changes(history, MAX_CHANGE_DAYS),
    }
    asked = sorted(day for day in wanted if day <= day_of(now))
    read = stores.article_pages.of(article, asked, dates)
    life = _life_of(read, months)
    minutes = stores.live_views.since(now)
    count = head.counter.shown(read.pages)
    series = _series_of(read, months, [*asked, *paged])
    points = _points_of(span, series, calendar, now=now)
    traits = read.breakdown(dates) if paged else _traits_of(months, read, span)
    tables = _tables_of(traits, limit)
    curve = _read_curve(labels.section, published, stores)
    return ArticleFigures(
        article,
        labels.title,
        labels.section,
        labels.authors,
        labels.tags,
        head.url,
        calendar.local(published),
        count.views,
        series.day(calendar.date_of(now), calendar),
        count.visitors,
        span,
        sum(point.views or 0 for point in points),
        ages=ages_of(life.hours, published, curve, until=hour_of(now)),
        days=points,
        versions=versions_of(history, life),
        mailings=mailings_of(history),
        filtered=dict(read.filtered),
        now=_recent(article, minutes, now),
        as_of=count.as_of,
        **tables,
    )


def _life_of(read: DayPages, months: Mapping[str, ArticleMonth]) -> Life:
    """Put an article's life together: by hour where pages were read, else by day."""
    hours = hours_of_pages({day: page.count for day, page in read.pages.items()})
    days = {
        day: views
        for month in months.values()
        for day, (views, _) in month.days.items()
        if day not in read.pages
    }
    return Life(hours, days)


def _series_of(read: DayPages, months: Mapping[str, ArticleMonth], days: Iterable[str]) -> Series:
    """Give an article's views; of days that were asked for and have no page there are none."""
    series = Series(hourly={day: {} for day in days})
    series.add_sums(
        {day: views for month in months.values() for day, (views, _) in month.days.items()}
    )
    for day, page in read.pages.items():
        series.hourly[day] = page.count.hours
        series.sums[day] = page.count.views
        if not page.sealed:
            series.unsettled[day] = page.newest
    return series


def _points_of(
    span: Span, series: Series, calendar: Calendar, *, now: datetime
) -> tuple[Point, ...]:
    return tuple(
        Point(
            calendar.local(slot.start),
            slot.views if slot.start < now else None,
            complete=slot.end <= now,
            settled=slot.end <= now and not slot.names & series.unsettled.keys(),
        )
        for slot in slots_of(span, series, calendar)
    )


def _traits_of(months: Mapping[str, ArticleMonth], read: DayPages, span: Span) -> Breakdown:
    """Sum the traits of the months that a period is in, and of their days that are not settled."""
    first, last = (day.isoformat()[:_MONTH_LENGTH] for day in (span.first, span.last))
    within = [name for name in months if first <= name <= last]
    settled = {day for name in within for day in months[name].days}
    total = read.breakdown(
        day
        for day in read.breakdowns
        if first <= day[:_MONTH_LENGTH] <= last and day not in settled
    )
    for name in within:
        for sums, more in zip(total, months[name].breakdown, strict=True):
            sums.update(more)
    return total


def _tables_of(breakdown: Breakdown, limit: int) -> dict[str, tuple[Row, ...]]:
    return {
        "sources": rows_of(breakdown.sources, closed=True),
        "hosts": rows_of(breakdown.referrers, most=limit),
        "campaigns": rows_of(breakdown.campaigns, most=limit),
        "countries": rows_of(breakdown.countries, most=limit),
        "devices": rows_of(breakdown.form_factors, closed=True),
    }


def _read_curve(section: str, published: datetime, stores: FigureStores) -> Curve | None:
    """Read the section's newest curve of the year up to the month of the publication."""
    last = day_of(published)[:_MONTH_LENGTH]
    curves = stores.rollups.curves(section, f"{published.year - 1:04}{last[4:]}", last)
    return curves[max(curves)] if curves else None


def read_article_now(article: str, stores: FigureStores, *, now: datetime) -> int:
    """Read an article's views of the last five minutes."""
    return _recent(article, stores.live_views.since(now), now)


def _recent(article: str, minutes: Mapping[datetime, Minute], now: datetime) -> int:
    """Sum an article's views of the minutes that the site shows as the last five."""
    shown = now_of(minutes, {}, now).minutes[-RECENT_MINUTES:]
    return sum(minutes[start].articles[article] for start, _ in shown if start in minutes)
