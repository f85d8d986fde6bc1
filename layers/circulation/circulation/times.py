"""Instants as they are stored (UTC, whole seconds) and as they are written (RFC 3339)."""

import re
from datetime import UTC, date, datetime, time, timedelta

# RFC 3339 section 5.6, and also "2025-12-26T11:11+04:00": publishing systems leave the seconds out.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)
_LEAP_SECOND = re.compile(r"(?<=\d\d:\d\d):60(?!\d)", flags=re.ASCII)

# A day inside the calendar's ends, so that every zone can write them.
FIRST = datetime(1, 1, 3, tzinfo=UTC)
LAST = datetime(9999, 12, 29, tzinfo=UTC)


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time and answer with the same instant in UTC, cut to the second.

    A leap second is read as the second before it. Raises ValueError when it is no such time or has
    no offset.
    """
    if not _TIME.fullmatch(text):
        msg = "not a time such as 2025-12-26T11:11:00+04:00 (RFC 3339, with an offset)"
        raise ValueError(msg)
    try:
        moment = read_moment(text.upper()).astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError) as error:
        raise ValueError("no time of the calendar") from error
    if not FIRST <= moment <= LAST:
        raise ValueError("no time of the calendar")
    return moment


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 time, which may have no offset; a leap second is the second before it.

    Raises ValueError for what is none. A leap second ends the last day of a month in UTC, whatever
    the offset (RFC 3339, sections 5.6 and 5.7); without an offset it may do so in any zone.
    """
    moment = datetime.fromisoformat(without_leap_second(text))
    if _LEAP_SECOND.search(text) and moment.tzinfo:
        utc = moment.astimezone(UTC)
        next_second = utc.replace(microsecond=0) + timedelta(seconds=1)
        if (next_second.day, next_second.time()) != (1, time.min):
            raise ValueError("no leap second")
    return moment


def without_leap_second(text: str) -> str:
    """Write 23:59:60 as 23:59:59 in a time, in whatever form it is written.

    Clocks and datetime know no second 60. The one before it is on the same day, month and year.
    """
    return _LEAP_SECOND.sub(":59", text)


def format_time(moment: datetime) -> str:
    """Write an instant as RFC 3339, with Z when it is in UTC: sortable as text in that form."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def day_of(moment: datetime) -> str:
    """Name the UTC day an instant falls on: 2025-12-26."""
    return moment.astimezone(UTC).date().isoformat()


def start_of(day: str) -> datetime:
    """Give the first instant of a UTC day written as 2025-12-26."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def end_of(day: str) -> datetime:
    """Give the first instant after a UTC day."""
    return start_of(day) + timedelta(days=1)


def day_before(day: str) -> str:
    """Name the UTC day before."""
    return day_of(start_of(day) - timedelta(days=1))


def parse_day(text: str) -> str:
    """Read a calendar date written as 2025-12-26. Raises ValueError when it is none."""
    if not _DAY.fullmatch(text):
        raise ValueError("not a date such as 2025-12-26")
    return date.fromisoformat(text).isoformat()


def days_until(last: str, number: int) -> list[str]:
    """Name that many UTC days in their order, of which the last is given."""
    end = date.fromisoformat(last).toordinal()
    return [date.fromordinal(each).isoformat() for each in range(max(1, end - number + 1), end + 1)]


def days_between(first: str, last: str) -> int:
    """Count the days from first to last, both included; nothing or less when last comes first."""
    return date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal() + 1


def hours_until(last: datetime, number: int) -> list[datetime]:
    """Give that many UTC hours by their starts, in their order, of which the last is given."""
    return [last - timedelta(hours=back) for back in reversed(range(number))]


def hour_of(moment: datetime) -> datetime:
    """Give the start of the UTC hour that an instant falls in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def milliseconds(moment: datetime) -> int:
    """Give an instant as milliseconds since 1970-01-01T00:00:00Z."""
    return round(moment.timestamp() * 1000)
