"""Times and days: UTC in whole seconds inside, RFC 3339 outside.

A day is a text such as 2025-12-26 and means the UTC day, unless said otherwise.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

# RFC 3339, section 5.6; also "2025-12-26T11:11+04:00", as some publishing systems omit the seconds.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)
_LEAP_SECOND = re.compile(r"(?<=\d\d:\d\d):60(?!\d)", flags=re.ASCII)

# Inside the range of datetime by a day, so that every time zone can represent them.
FIRST = datetime(1, 1, 3, tzinfo=UTC)
LAST = datetime(9999, 12, 29, tzinfo=UTC)


def parse_time(text: str) -> datetime:
    """Parse an RFC 3339 time, which has an offset, to UTC, truncated to whole seconds.

    A leap second becomes the second before it. Raises ValueError for any other text.
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
    """Parse an ISO 8601 time with or without an offset; a leap second becomes the one before it.

    A leap second is only valid at the end of a month in UTC, whatever the offset (RFC 3339,
    sections 5.6 and 5.7); without an offset it is accepted in any minute.
    Raises ValueError for any other text.
    """
    moment = datetime.fromisoformat(without_leap_second(text))
    if _LEAP_SECOND.search(text) and moment.tzinfo:
        utc = moment.astimezone(UTC)
        next_second = utc.replace(microsecond=0) + timedelta(seconds=1)
        if (next_second.day, next_second.time()) != (1, time.min):
            raise ValueError("no leap second")
    return moment


def without_leap_second(text: str) -> str:
    """Replace second 60 by 59 in a time of any format, as datetime has no second 60.

    23:59:60 becomes 23:59:59, which is on the same day, month and year.
    """
    return _LEAP_SECOND.sub(":59", text)


def format_time(moment: datetime) -> str:
    """Format an instant as RFC 3339; UTC is written Z, so that times in UTC sort as text."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def day_of(moment: datetime) -> str:
    """Give the UTC day of an instant."""
    return moment.astimezone(UTC).date().isoformat()


def start_of(day: str) -> datetime:
    """Give the first instant of a UTC day."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def end_of(day: str) -> datetime:
    """Give the first instant after a UTC day."""
    return start_of(day) + timedelta(days=1)


def day_before(day: str) -> str:
    """Give the UTC day before a day."""
    return day_of(start_of(day) - timedelta(days=1))


def parse_day(text: str) -> str:
    """Parse a calendar date such as 2025-12-26. Raises ValueError for any other text."""
    if not _DAY.fullmatch(text):
        raise ValueError("not a date such as 2025-12-26")
    return date.fromisoformat(text).isoformat()


def days_until(last: str, number: int) -> list[str]:
    """Give that many days in order, up to and including last."""
    end = date.fromisoformat(last).toordinal()
    return [
        date.fromordinal(ordinal).isoformat()
        for ordinal in range(max(1, end - number + 1), end + 1)
    ]


def days_between(first: str, last: str) -> int:
    """Count the days from first to last, both included; 0 or less if last comes before first."""
    return date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal() + 1


def hours_until(last: datetime, number: int) -> list[datetime]:
    """Give the starts of that many UTC hours in order, up to and including last."""
    return [last - timedelta(hours=back) for back in reversed(range(number))]


def hour_of(moment: datetime) -> datetime:
    """Give the start of the UTC hour of an instant."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def moved(moment: datetime, by: timedelta) -> datetime:
    """Give the instant that is so much later, in the same zone.

    By the clock it is not where clocks change: an hour later may be two hours, or none.
    """
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def milliseconds(moment: datetime) -> int:
    """Convert an instant to milliseconds since 1970-01-01T00:00:00Z."""
    return round(moment.timestamp() * 1000)


def moment_of(number: int) -> datetime:
    """Convert milliseconds since 1970-01-01T00:00:00Z to an instant."""
    return datetime.fromtimestamp(number / 1000, UTC)
