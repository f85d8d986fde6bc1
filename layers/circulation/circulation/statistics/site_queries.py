"""Read the figures of the site, or of one section, author or tag, in a period.

A view of them takes at most 120 read units and, with what its other parts take, 8 calls, however
many articles there are: one or two queries of roll-ups and one of the slim days of the site, one of
tops, and one call for what the listed articles are called. Roll-ups are read by day for up to two
months, and by month for longer periods.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.articles.change import ChangeKind
from circulation.popularity.periods import Period
from circulation.statistics.comparing import (
    Comparison,
    Series,
    compare,
    open_days,
    shares_of_others,
    utc_days,
)
from circulation.statistics.figures import Against, Event, SiteFigures, Span, Unit
from circulation.statistics.rollup import OLDEST, THE_SITE, StoredRollup
from circulation.statistics.rollups import months_between
from circulation.statistics.rows import (
    DEFAULT_ROWS,
    SPARKLINE,
    Bounds,
    Excerpt,
    Glance,
    Ranked,
    Sort,
    Usually,
    article_rows,
    days_of_hours,
    rank,
    rows_of,
    sum_tables,
)
from circulation.statistics.spans import (
    Calendar,
    compared,
    days_of,
    is_monthly,
    is_single_day,
    month_starts,
    months_of,
)
from circulation.statistics.summing import sum_days
from circulation.times import day_before, day_of, days_between, days_until, hour_of
from circulation.words.customs import first_weekday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.statistics.figure_stores import FigureStores
    from circulation.statistics.figures import Row
    from circulation.statistics.rollup import Rollup, Subject

MAX_WIDE = 64
"""Roll-ups of the whole site that one view reads at most: each takes about one read unit."""
MAX_TOPS = 14
"""Days whose tops are read; longer ranges list what their roll-ups do."""
MAX_TOP_MONTHS = 12
"""Months whose tops are read: each takes two to three read units. Of more, no article is listed."""
RECENT_DAYS = 3
"""UTC days that may be in no month yet, as they are not closed; more only where a seal is late."""
MAX_ARTICLES = 25
"""Articles in a list."""
MAX_EVENTS = 20
_HOUR = timedelta(hours=1)
_YEAR = 12


def calendar_of(publication: Publication) -> Calendar:
    """Give the calendar of a publication's time zone and language."""
    return Calendar(publication.zone, first_weekday(publication.language))


@dataclass(slots=True)
class Material:
    """What was read of a subject's period and of those that it is compared with."""

    series: Series
    current: dict[str, StoredRollup] = field(default_factory=dict)
    others: list[dict[str, StoredRollup]] = field(default_factory=list)
    """Of each compared period, if their roll-ups were read and not only their views."""


def read_site(  # noqa: PLR0913  what an editor may choose
    subject: Subject,
    span: Span,
    against: Against,
    stores: FigureStores,
    publication: Publication,
    *,
    now: datetime,
    sort: Sort = Sort.VIEWS,
    limit: int = DEFAULT_ROWS,
) -> SiteFigures:
    """Read the figures of a subject in a period, with so many rows in each table of dimensions."""
    calendar = calendar_of(publication)
    if against is Against.USUAL and months_of(span) > _YEAR:
        against = Against.PREVIOUS  # four times five years before say nothing of what is usual
    others = compared(span, against)
    if is_monthly(span):
        material = _read_months(subject, span, others, stores, now)
    else:
        material = _read_days(subject, span, others, stores, calendar)
    comparison = compare(span, against, material.series, calendar, now=now)
    bounds = _bounds_of(span, comparison, calendar, now=now)
    ranked = _read_ranking(subject, span, material, stores, calendar).most(MAX_ARTICLES)
    glances = _read_glances(ranked, span, bounds, stores)
    hourly = is_single_day(span)
    figures = SiteFigures(
        span,
        against,
        subject,
        comparison.views,
        comparison.usual,
        comparison.until,
        comparison.all_views,
        points=comparison.points,
        events=_events_of(glances, bounds, calendar) if not is_monthly(span) else (),
        rows=article_rows(ranked, glances, bounds, hourly=hourly, sort=sort),
        unlisted=ranked.unlisted,
        open_days=open_days(material.series, span, now=now),
        as_of=material.series.as_of,
        feed_readers=stores.feed_readers.all(now=now) if subject == THE_SITE else (),
    )
    return _with_tables(figures, span, material, comparison, limit)


def _series_of(subject: Subject) -> Series:
    return Series(oldest=OLDEST[subject.kind])


def _read_days(
    subject: Subject,
    span: Span,
    others: Sequence[Span],
    stores: FigureStores,
    calendar: Calendar,
) -> Material:
    """Read roll-ups of days; of many days of the site that are compared with, only the views."""
    material, is_site = Material(_series_of(subject)), subject == THE_SITE
    days = utc_days(span, calendar)
    days_of_others = [utc_days(other, calendar) for other in others]
    first = min((names[0] for names in days_of_others), default=days[0])
    last = max((names[-1] for names in days_of_others), default=days[-1])
    whole = _days_from(min(first, days[0]), max(last, days[-1]))
    if len(whole) <= MAX_WIDE:
        read = stores.rollups.days(subject, whole[0], whole[-1])
        material.series.add(read, whole)
    else:
        read = stores.rollups.days(subject, days[0], days[-1])
        material.series.add(read, days)
        if is_site and sum(map(len, [days, *days_of_others])) > MAX_WIDE:
            sums = stores.site.by_day(first, last)
            material.series.add_sums({day: total.views for day, total in sums.items()})
            days_of_others = []
        else:
            between = _days_from(first, last)
            read_of_others = stores.rollups.days(subject, first, last)
            material.series.add(read_of_others, between)
            read = read_of_others | read
    if not is_site and others:
        for day in stores.site.by_day(first, last):  # what had no views then is known all the same
            material.series.note(day)
    material.current = _of_dates(read, span)
    material.others = [_of_dates(read, other) for other in others] if days_of_others else []
    return material


def _read_months(
    subject: Subject, span: Span, others: Sequence[Span], stores: FigureStores, now: datetime
) -> Material:
    """Read roll-ups of months; of many months of the site that are compared with, only days."""
    material = Material(_series_of(subject))
    spans = [span, *others]
    if subject == THE_SITE and sum(map(months_of, spans)) > MAX_WIDE // 2:
        material.current = _months(subject, span, stores, material.series, now)
        if others:
            first = min(other.first for other in others).isoformat()
            last = max(other.last for other in others).isoformat()
            sums = stores.site.by_day(first, last)
            material.series.add_sums({day: total.views for day, total in sums.items()})
        return material
    widest = Span(span.unit, min(one.first for one in spans), max(one.last for one in spans))
    read = _months(subject, widest, stores, material.series, now)
    if others:
        material.series.note_first_day(stores.site.first_day())
    material.current = _of_dates(read, span)
    material.others = [_of_dates(read, other) for other in others]
    return material


def _months(
    subject: Subject, span: Span, stores: FigureStores, series: Series, now: datetime
) -> dict[str, StoredRollup]:
    """Read the roll-ups of a period's months, with the days that are not in them yet.

    They are added to the series.
    """
    first, last = _month(span.first), _month(span.last)
    recent = days_until(day_of(now), RECENT_DAYS)
    within = [day for day in recent if first <= _month(day) <= last]
    read = stores.rollups.named(subject, [*months_between(first, last), *within])
    months = {name: stored for name, stored in read.items() if name == _month(name)}
    days = {name: stored for name, stored in read.items() if name not in months}
    open_since, before = _first_open(months, first), min(day_before(recent[0]), f"{last}-31")
    if open_since < before:  # a seal is late
        days |= stores.rollups.days(subject, open_since, before)
    for name, stored in sorted(days.items()):
        month = months.get(_month(name))
        if month is None or (month.rollup.until < name and not month.rollup.closed):
            months[_month(name)] = _with_day(subject, month, name, stored)
    series.add(months)
    series.unsettled |= {
        day: stored.as_of for day, stored in days.items() if not stored.rollup.closed
    }
    return months


def _first_open(months: Mapping[str, StoredRollup], first: str) -> str:
    """Give a UTC day before which all are in the months that were read, from the first one on."""
    ends = {
        name: f"{name}-31" if stored.rollup.closed else stored.rollup.until or f"{name}-00"
        for name, stored in months.items()
    }
    running = [end for name, end in ends.items() if not months[name].rollup.closed]
    return min([*running, ends[max(ends)]]) if ends else f"{first}-00"


def _with_day(
    subject: Subject, month: StoredRollup | None, day: str, stored: StoredRollup
) -> StoredRollup:
    """Add a day to a month that does not have it."""
    parts = [month, stored] if month else [stored]
    rollup = sum_days(subject, [part.rollup for part in parts], closed=False, until=day)
    return StoredRollup(rollup, max(part.as_of for part in parts))


def _month(day: object) -> str:
    return str(day)[: len("2026-11")]


def _of_dates(rollups: Mapping[str, StoredRollup], span: Span) -> dict[str, StoredRollup]:
    """Give the roll-ups of the UTC days, or months, with the same dates as a period."""
    first, last = span.first.isoformat(), span.last.isoformat()
    return {
        name: stored
        for name, stored in rollups.items()
        if first[: len(name)] <= name <= last[: len(name)]
    }


def _days_from(first: str, last: str) -> list[str]:
    return days_until(last, days_between(first, last))


def _bounds_of(span: Span, comparison: Comparison, calendar: Calendar, *, now: datetime) -> Bounds:
    """Give the bounds of a period, as far as it has passed, and its last complete hour."""
    end = min(calendar.end(span.last), now)
    until = end if comparison.until is None else comparison.until
    if comparison.until is not None and not is_single_day(span):
        until = now
    return Bounds(calendar.start(span.first), end, hour_of(until))


def _read_ranking(
    subject: Subject, span: Span, material: Material, stores: FigureStores, calendar: Calendar
) -> Ranked:
    """Read which articles were read most: of the tops, or of the lists that roll-ups have."""
    if subject == THE_SITE and is_monthly(span):
        months = [Period(_month(first)) for first in month_starts(span)]
        if len(months) > MAX_TOP_MONTHS:
            return Ranked({}, 0)
        return _rank_tops(stores, [str(month) for month in months], months)
    if subject == THE_SITE and span.unit is Unit.MONTH:
        return _rank_tops(stores, [_month(span.first)], [Period(_month(span.first))])
    if subject == THE_SITE and days_of(span) <= MAX_TOPS:
        return _rank_tops(stores, utc_days(span, calendar), None)
    return rank(
        [
            Excerpt(stored.rollup.top, stored.rollup.unlisted)
            for _, stored in sorted(material.current.items())
        ]
    )


def _rank_tops(
    stores: FigureStores, names: Sequence[str], periods: Iterable[Period] | None
) -> Ranked:
    tops = stores.tops.between(names[0], names[-1]) if periods is None else stores.tops.of(periods)
    found = (tops.get(name) for name in names)
    return rank(
        [
            Excerpt(stored.top.ranking, stored.top.unlisted) if stored else Excerpt((), 0)
            for stored in found
        ]
    )


def _read_glances(
    ranked: Ranked, span: Span, bounds: Bounds, stores: FigureStores
) -> dict[str, Glance]:
    """Read what the listed articles are called, and the pages of the hours that rows show."""
    days: list[str] = []
    if is_single_day(span):
        first = min(bounds.start, bounds.until - SPARKLINE * _HOUR)
        days = days_of_hours(first, max(bounds.start, bounds.end - timedelta(seconds=1)))
    return stores.glances.of(list(ranked.views), days, mailings=not is_monthly(span))


def _events_of(
    glances: Mapping[str, Glance], bounds: Bounds, calendar: Calendar
) -> tuple[Event, ...]:
    """Give when the listed articles appeared and were mailed in a period; the newest ones."""
    noted: dict[tuple[datetime, ChangeKind], list[str]] = {}
    for article, glance in glances.items():
        published = glance.labels.published
        moments = [(moment, ChangeKind.MAILED) for moment in glance.mailed]
        for moment, kind in [*moments, *([(published, ChangeKind.PUBLISHED)] if published else [])]:
            if glance.labels.title and bounds.start <= moment < bounds.end:
                # Articles that appeared at the same moment are several marks, a digest is one.
                noted.setdefault((moment, kind), []).append(article)
    events = []
    for (moment, kind), articles in sorted(noted.items()):
        is_digest = kind is ChangeKind.MAILED
        for article in articles[:1] if is_digest else articles:
            title = glances[article].labels.title
            others = len(articles) - 1 if is_digest else 0
            events.append(Event(calendar.local(moment), (kind,), article, title, others))
    return tuple(events[-MAX_EVENTS:])


def _with_tables(
    figures: SiteFigures, span: Span, material: Material, comparison: Comparison, limit: int
) -> SiteFigures:
    """Add the tables of dimensions, of the UTC days or months that a period has the dates of."""
    rollups = [stored.rollup for stored in material.current.values()]
    others = [[stored.rollup for stored in other.values()] for other in material.others if other]

    def rows(
        read: Callable[[Rollup], Mapping[str, int]], *, closed: bool = False
    ) -> tuple[Row, ...]:
        sums = sum_tables(map(read, rollups))
        shares = shares_of_others(
            span, figures.against, [sum_tables(map(read, other)) for other in others]
        )
        usually = shares and _usually(shares, sums, comparison)
        return rows_of(sums, most=limit, usually=usually or None, closed=closed)

    return replace(
        figures,
        visitors=sum(rollup.visitors for rollup in rollups),
        articles=sum(rollup.articles for rollup in rollups),
        sections=rows(lambda rollup: rollup.sections),
        authors=rows(lambda rollup: rollup.authors),
        tags=rows(lambda rollup: rollup.tags),
        sources=rows(lambda rollup: rollup.breakdown.sources, closed=True),
        hosts=rows(lambda rollup: rollup.breakdown.referrers),
        campaigns=rows(lambda rollup: rollup.breakdown.campaigns),
        countries=rows(lambda rollup: rollup.breakdown.countries),
        devices=rows(lambda rollup: rollup.breakdown.form_factors, closed=True),
        filtered=dict(sum_tables(rollup.filtered for rollup in rollups)),
    )


def _usually(
    shares: Mapping[str, float], sums: Mapping[str, int], comparison: Comparison
) -> Usually | None:
    """Give what a table's sum is compared with: as much more or less as the views are."""
    views, before = comparison.views.views, comparison.views.before
    if not views or before is None:
        return None
    return Usually(shares, sum(sums.values()) * before / views)
