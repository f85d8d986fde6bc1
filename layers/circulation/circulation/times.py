"""Instants as they are stored (UTC, whole seconds) and as they are written (RFC 3339)."""

import re
from datetime import UTC, datetime, timedelta

# RFC 3339 section 5.6, and also "2025-12-26T11:11+04:00": publishing systems leave the seconds out.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time and answer with the same instant in UTC, cut to the second.

    Raises ValueError when it is no such time or has no offset.
    """
    if not _TIME.fullmatch(text):
        msg = "not a time such as 2025-12-26T11:11:00+04:00 (RFC 3339, with an offset)"
        raise ValueError(msg)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError("out of the calendar's range") from error


def format_time(moment: datetime) -> str:
    """Write an instant as RFC 3339, with Z when it is in UTC: sortable as text in that form."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def day_of(moment: datetime) -> str:
    """Name the UTC day an instant falls on: 2025-12-26."""
    return moment.astimezone(UTC).date().isoformat()


def start_of(day: str) -> datetime:
    """Give the first instant of a UTC day written as 2025-12-26."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def day_before(day: str) -> str:
    """Name the UTC day before."""
    return day_of(start_of(day) - timedelta(days=1))


def milliseconds(moment: datetime) -> int:
    """Give an instant as milliseconds since 1970-01-01T00:00:00Z."""
    return round(moment.timestamp() * 1000)
