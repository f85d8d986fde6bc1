"""Compare a subject's views of a period with those of others, hour by hour, day by day or monthly.

Local days are summed from UTC hours where those were read. Where only the sums of UTC days are
known, the UTC day of the same date stands for the local one, and a UTC month for the local month.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from statistics import median
from typing import TYPE_CHECKING

from circulation.popularity.periods import Period
from circulation.statistics.figures import Against, Change, Point, Span, Usual
from circulation.statistics.rollup import OLDEST, SubjectKind
from circulation.statistics.spans import (
    USUAL_OF,
    Calendar,
    compared,
    dates_of,
    is_monthly,
    is_single_day,
    month_starts,
)
from circulation.times import day_of, end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from circulation.statistics.rollup import StoredRollup

_HOUR = timedelta(hours=1)
_MONTH_LENGTH = len("2026-11")


@dataclass(slots=True)
class Series:
    """A subject's views, as far as they were read."""

    hourly: dict[str, Mapping[int, int]] = field(default_factory=dict)
    """Views by hour, by UTC day, of every day that was read so: an empty one has no views."""
    sums: dict[str, int] = field(default_factory=dict)
    """Views of UTC days and months, by name."""
    unsettled: dict[str, datetime | None] = field(default_factory=dict)
    """Days and months whose numbers are not final, and when they were found, if that is known."""
    since: str | None = None
    """The first UTC day that has any views; None if none has."""
    as_of: datetime | None = None
    """When the newest of the numbers was found."""
    oldest: timedelta = OLDEST[SubjectKind.SITE]
    """After which numbers that are not final would have been found anew, had they changed."""

    def add(self, rollups: Mapping[str, StoredRollup], days: Iterable[str] = ()) -> None:
        """Add roll-ups by name, and days that were read, whether or not they have one."""
        for day in days:
            self.hourly.setdefault(day, {})
        for name, stored in rollups.items():
            if len(name) > _MONTH_LENGTH:
                self.hourly[name] = stored.rollup.hours
            self.sums[name] = stored.rollup.views
            if not stored.rollup.closed:
                self.unsettled[name] = stored.as_of
            self.note(name, stored.as_of)

    def add_sums(self, sums: Mapping[str, int]) -> None:
        """Add the views of UTC days."""
        for name, views in sums.items():
            self.sums.setdefault(name, views)
            self.note(name)

    def note(self, name: str, as_of: datetime | None = None) -> None:
        """Note that a day or month has views, and since when that is known."""
        first = name if len(name) > _MONTH_LENGTH else f"{name}-01"
        self.since = min(self.since or first, first)
        if as_of and (self.as_of is None or self.as_of < as_of):
            self.as_of = as_of

    def note_first_day(self, day: str | None) -> None:
        """Note the site's first UTC day: a month that has it is not known from its first on.

        Only a month before it that has views says more, as all of it does without such a day.
        """
        if day and (self.since is None or day[:_MONTH_LENGTH] <= self.since[:_MONTH_LENGTH]):
            self.since = day

    def hour(self, hour: datetime) -> int:
        """Give the views of a UTC hour."""
        return self.hourly.get(day_of(hour), {}).get(hour.hour, 0)

    def day(self, day: date, calendar: Calendar, *, by_hour: bool = True) -> int:
        """Give the views of a local day, or of the UTC day of that date."""
        if by_hour:
            return sum(map(self.hour, calendar.hours(day)))
        return self.sums.get(day.isoformat(), 0)

    def has_hours(self, span: Span, calendar: Calendar) -> bool:
        """Say whether all hours of a period were read.

        Local days beside UTC days would have some hours twice, and others not at all.
        """
        return all(day in self.hourly for day in utc_days(span, calendar))

    def month(self, first: date) -> int:
        """Give the views of a UTC month."""
        name = first.isoformat()[:_MONTH_LENGTH]
        if name in self.sums:
            return self.sums[name]
        return sum(views for day, views in self.sums.items() if day.startswith(f"{name}-"))

    def is_complete(self, slot: Slot) -> bool:
        """Say whether the numbers of a place were found after its end.

        Whenever any are found, all days that are not closed are looked at; but those that differ
        are not written as long as they are young.
        """
        newest = self.as_of
        if newest is None:
            return True
        found = {
            name: at if at and newest - at < self.oldest else newest
            for name, at in self.unsettled.items()
        }
        return all(
            found.get(name, newest) >= min(slot.end, Period(name).end) for name in slot.names
        )

    def knows(self, span: Span) -> bool:
        """Say whether a period lies after the first views: before it, nothing is known."""
        return self.since is not None and self.since <= span.first.isoformat()


Place = tuple[int, int]
"""Where a point stands in its period: the local hour and its fold, or the number of the point."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one hour, day or month in a chart, and its views."""

    place: Place
    start: datetime
    end: datetime
    views: int
    names: frozenset[str]
    """The UTC days, or the month, whose numbers it has."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The views of a period beside those of others."""

    views: Change
    usual: Usual | None
    points: tuple[Point, ...]
    until: datetime | None
    """The local end of the last complete point; None once the period is over."""
    all_views: int


def slots_of(span: Span, series: Series, calendar: Calendar) -> list[Slot]:
    """Give the hours of a day, the days of a period of up to two months, or the months of others.

    A day's hours stand at their local hour, days and months at their number.
    """
    if is_single_day(span):
        return [_slot_of_hour(hour, series, calendar) for hour in calendar.hours(span.first)]
    if is_monthly(span):
        return [
            _slot_of_month(number, first, series, calendar)
            for number, first in enumerate(month_starts(span))
        ]
    by_hour = series.has_hours(span, calendar)
    return [
        Slot(
            (number, 0),
            calendar.start(day),
            calendar.end(day),
            series.day(day, calendar, by_hour=by_hour),
            frozenset(map(day_of, calendar.hours(day)) if by_hour else {day.isoformat()}),
        )
        for number, day in enumerate(dates_of(span))
    ]


def _slot_of_hour(hour: datetime, series: Series, calendar: Calendar) -> Slot:
    local = calendar.local(hour)
    return Slot(
        (local.hour, local.fold), hour, hour + _HOUR, series.hour(hour), frozenset({day_of(hour)})
    )


def _slot_of_month(number: int, first: date, series: Series, calendar: Calendar) -> Slot:
    following = (first + timedelta(days=31)).replace(day=1)
    name = first.isoformat()[:_MONTH_LENGTH]
    return Slot(
        (number, 0),
        calendar.start(first),
        calendar.start(following),
        series.month(first),
        frozenset({name}),
    )


def compare(
    span: Span,
    against: Against,
    series: Series,
    calendar: Calendar,
    *,
    now: datetime,
) -> Comparison:
    """Compare a period; the complete points alone, each with those at its place in the others.

    A point is complete when it is over, and the numbers were found after its end.
    """
    slots = slots_of(span, series, calendar)
    over = not slots or slots[-1].end + _HOUR <= now
    complete = list(
        takewhile(lambda slot: over or (slot.end <= now and series.is_complete(slot)), slots)
    )
    others = [other for other in compared(span, against) if series.knows(other)]
    enough = bool(others) and (against is not Against.USUAL or len(others) == USUAL_OF)
    slots_of_others = [slots_of(other, series, calendar) for other in others]
    sums = [
        _sum_of_same(other, complete, whole=len(complete) == len(slots))
        for other in slots_of_others
    ]
    usual = _usual_of(sums) if sums else _nothing_known(against)
    by_place = [{slot.place: slot.views for slot in other} for other in slots_of_others]
    points = tuple(
        Point(
            calendar.local(slot.start),
            slot.views if slot.start < now else None,
            _usual_at(slot.place, by_place) if enough else None,
            complete=number < len(complete),
            settled=slot.end <= now and not slot.names & series.unsettled.keys(),
        )
        for number, slot in enumerate(slots)
    )
    end = complete[-1].end if complete else (slots[0].start if slots else now)
    return Comparison(
        Change(sum(slot.views for slot in complete), usual.median if usual and enough else None),
        usual,
        points,
        None if over else calendar.local(end),
        sum(slot.views for slot in slots if slot.start < now),
    )


def shares_of_others(
    span: Span, against: Against, tables: Sequence[Mapping[str, int]]
) -> dict[str, float] | None:
    """Give the usual share of each name in the tables of the compared periods; None if too few.

    The median of the shares, where there are several tables.
    """
    sums = [sum(table.values()) for table in tables]
    needed = len(compared(span, against))
    if not needed or len(tables) < needed or not all(sums):
        return None
    names = {name for table in tables for name in table}
    return {
        name: median(table.get(name, 0) / total for table, total in zip(tables, sums, strict=True))
        for name in names
    }


def _sum_of_same(slots: Sequence[Slot], complete: Sequence[Slot], *, whole: bool) -> int:
    """Sum what stands up to the last complete place; all of it if the period is whole."""
    if whole:
        return sum(slot.views for slot in slots)
    last = complete[-1].place if complete else (-1, 0)
    return sum(slot.views for slot in slots if slot.place <= last)


def _usual_of(numbers: Sequence[int]) -> Usual:
    return Usual(median(numbers), min(numbers), max(numbers), len(numbers))


def _nothing_known(against: Against) -> Usual | None:
    """Say of what should be usual that nothing is known."""
    return Usual(0, 0, 0, 0) if against is Against.USUAL else None


def _usual_at(place: Place, others: Sequence[Mapping[Place, int]]) -> Usual | None:
    """Give what is usual at a place; an hour that comes twice is compared with the one that does.

    None where too few of the others have it, such as the 31st of a month.
    """
    hour, _ = place
    numbers = [
        views.get(place, views.get((hour, 0)))
        for views in others
        if place in views or (hour, 0) in views
    ]
    known = [number for number in numbers if number is not None]
    return _usual_of(known) if len(known) == len(others) else None


def open_days(series: Series, span: Span, *, now: datetime) -> tuple[str, ...]:
    """Give the UTC days of a period's dates that are over and whose numbers are not final."""
    first, last = span.first.isoformat(), span.last.isoformat()
    return tuple(
        sorted(
            name
            for name in series.unsettled
            if len(name) > _MONTH_LENGTH and first <= name <= last and end_of(name) <= now
        )
    )


def utc_days(span: Span, calendar: Calendar) -> list[str]:
    """Give the UTC days that have hours of a period."""
    first, last = calendar.start(span.first), calendar.end(span.last) - _HOUR
    days = []
    start = start_of(day_of(first))
    while start <= last:
        days.append(day_of(start))
        start += timedelta(days=1)
    return days
