"""Instants as they are stored (UTC, whole seconds) and as they are written (RFC 3339)."""

import re
from datetime import UTC, date, datetime, timedelta

# RFC 3339 section 5.6, and also "2025-12-26T11:11+04:00": publishing systems leave the seconds out.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)

# A day inside the calendar's ends, so that every zone can write them.
FIRST = datetime(1, 1, 3, tzinfo=UTC)
LAST = datetime(9999, 12, 29, tzinfo=UTC)


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time and answer with the same instant in UTC, cut to the second.

    Raises ValueError when it is no such time or has no offset.
    """
    if not _TIME.fullmatch(text):
        msg = "not a time such as 2025-12-26T11:11:00+04:00 (RFC 3339, with an offset)"
        raise ValueError(msg)
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError) as error:
        raise ValueError("no time of the calendar") from error
    if not FIRST <= moment <= LAST:
        raise ValueError("no time of the calendar")
    return moment


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
