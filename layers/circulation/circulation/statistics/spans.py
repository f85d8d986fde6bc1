"""Periods of local dates: their bounds, the periods beside them, and the UTC hours that they have.

Counts are kept by UTC hour. A local day has the UTC hours that begin on it, so that in zones of
half hours it begins at the next full UTC hour; where the clocks change, it has 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from circulation.statistics.figures import Against, Span, Unit
from circulation.times import hour_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

USUAL_OF = 4
"""Periods of its kind that say what is usual."""
MAX_DAILY = 62
"""Days of a period that is shown by day; longer ones are shown by month, and have whole ones."""
MAX_YEARS = 5
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = 7
_FIRST, _LAST = date(1970, 1, 1), date(9900, 12, 31)
"""Dates around which there are others to compare with."""


class NoSpan(ValueError):  # noqa: N818
    """There is no such period."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What makes local days, hours and weeks."""

    zone: ZoneInfo
    first_weekday: int = 0
    """With which weeks begin, from 0 for Monday."""

    def date_of(self, moment: datetime) -> date:
        """Give the local date; in the first minutes of a zone of half hours, the one before."""
        return hour_of(moment).astimezone(self.zone).date()

    def start(self, day: date) -> datetime:
        """Give the first UTC hour that begins on a local day or later."""
        hour = hour_of(datetime.combine(day, time(), self.zone)) - _HOUR
        while self.local(hour).date() < day:
            hour += _HOUR
        return hour

    def end(self, day: date) -> datetime:
        """Give the first UTC hour after a local day."""
        return self.start(day + _DAY)

    def hours(self, day: date) -> list[datetime]:
        """Give the starts of the UTC hours that begin on a local day, in order: mostly 24."""
        first = self.start(day)
        return [first + number * _HOUR for number in range((self.end(day) - first) // _HOUR)]

    def local(self, moment: datetime) -> datetime:
        """Convert an instant to local time."""
        return moment.astimezone(self.zone)


def span_of(unit: Unit, day: date, *, first_weekday: int = 0) -> Span:
    """Give the day, week, month or year that a date is in."""
    if unit is Unit.WEEK:
        first = day - timedelta(days=(day.weekday() - first_weekday) % _WEEK)
        return Span(unit, first, first + timedelta(days=_WEEK - 1))
    if unit is Unit.MONTH:
        return Span(unit, day.replace(day=1), _end_of_month(day))
    if unit is Unit.YEAR:
        return Span(unit, date(day.year, 1, 1), date(day.year, 12, 31))
    return Span(unit, day, day)


def range_of(first: date, last: date) -> Span:
    """Give a range of dates; one of more than MAX_DAILY days is widened to whole months.

    Raises NoSpan if last comes before first, and for more than MAX_YEARS.
    """
    if first > last:
        raise NoSpan("must not come after to")
    if (last - first).days >= MAX_DAILY:
        first, last = first.replace(day=1), _end_of_month(last)
    if months_of(Span(Unit.RANGE, first, last)) > MAX_YEARS * 12:
        raise NoSpan(f"must be at most {MAX_YEARS} years before to")
    return Span(Unit.RANGE, first, last)


def check(day: date) -> date:
    """Check that the calendar goes on around a date. Raises NoSpan."""
    if not _FIRST <= day <= _LAST:
        raise NoSpan(f"must be from {_FIRST} to {_LAST}")
    return day


def is_monthly(span: Span) -> bool:
    """Say whether a period is shown by month and not by hour or day."""
    return days_of(span) > MAX_DAILY


def is_single_day(span: Span) -> bool:
    """Say whether a period is one day, so that it is shown by hour."""
    return span.first == span.last


def days_of(span: Span) -> int:
    """Count the days of a period."""
    return (span.last - span.first).days + 1


def dates_of(span: Span) -> list[date]:
    """Give the dates of a period, in order."""
    return [span.first + timedelta(days=number) for number in range(days_of(span))]


def months_of(span: Span) -> int:
    """Count the months that a period is in."""
    first, last = span.first, span.last
    return 12 * (last.year - first.year) + last.month - first.month + 1


def month_starts(span: Span) -> list[date]:
    """Give the first dates of the months that a period is in, in order."""
    return [_add_months(span.first.replace(day=1), number) for number in range(months_of(span))]


def previous(span: Span, back: int = 1) -> Span:
    """Give the period before, as long; or so many periods back. Negative leads on."""
    if span.unit is Unit.YEAR:
        year = span.first.year - back
        return Span(span.unit, date(year, 1, 1), date(year, 12, 31))
    if span.unit is Unit.MONTH:
        first = _add_months(span.first, -back)
        return Span(span.unit, first, _end_of_month(first))
    if is_monthly(span):
        months = months_of(span)
        first = _add_months(span.first, -back * months)
        return Span(span.unit, first, _end_of_month(_add_months(first, months - 1)))
    shift = timedelta(days=back * days_of(span))
    return Span(span.unit, span.first - shift, span.last - shift)


def following(span: Span) -> Span:
    """Give the period after, as long."""
    return previous(span, -1)


def compared(span: Span, against: Against) -> tuple[Span, ...]:
    """Give the periods that a period is compared with, the nearest first.

    What is usual say the last four same weekdays of a day, and the last four weeks, months, years
    or ranges as long. Of 29 February the year before has 28 February.
    """
    if against is Against.NONE:
        return ()
    if against is Against.PREVIOUS:
        return (previous(span),)
    if against is Against.YEAR:
        return (_year_before(span),)
    if against is Against.WEEKDAYS:
        if is_monthly(span) or span.unit is Unit.MONTH:
            return (_year_before(span),)  # a month's weekdays are those of no other month
        shift = timedelta(weeks=52)
        return (Span(span.unit, span.first - shift, span.last - shift),)
    step = _WEEK if span.unit is Unit.DAY else 1
    return tuple(previous(span, step * back) for back in range(1, USUAL_OF + 1))


def _year_before(span: Span) -> Span:
    first = _add_months(span.first, -12)
    if span.unit is Unit.MONTH or is_monthly(span):
        return Span(span.unit, first, _end_of_month(_add_months(span.last, -12)))
    return Span(span.unit, first, first + (span.last - span.first))


def _add_months(day: date, months: int) -> date:
    """Give the same day some months later; the month's last one if that is shorter."""
    month = 12 * day.year + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    return first.replace(day=min(day.day, _end_of_month(first).day))


def _end_of_month(day: date) -> date:
    """Give the last date of a date's month."""
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
