"""Dates of RSS, formatted here as the standard library's functions are slow to import or run."""

from datetime import datetime, timedelta

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE = timedelta(minutes=1)


def rfc822(moment: datetime) -> str:
    """Format an instant with its offset: Fri, 26 Dec 2025 11:11:00 +0400 (RFC 822, RFC 2822)."""
    offset = (moment.utcoffset() or timedelta(0)) // _MINUTE
    hours, minutes = divmod(abs(offset), 60)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year:04} "
        f"{moment.hour:02}:{moment.minute:02}:{moment.second:02} "
        f"{'-' if offset < 0 else '+'}{hours:02}{minutes:02}"
    )
