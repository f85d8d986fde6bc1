"""Dates of RSS, written by hand: the standard library's writer is slow to import."""

from datetime import datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rfc822(moment: datetime) -> str:
    """Write an instant with its own offset: Fri, 26 Dec 2025 11:11:00 +0400 (RFC 822, RFC 2822)."""
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year:04} "
        f"{moment:%H:%M:%S %z}"
    )
