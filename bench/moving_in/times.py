"""Times as feeds, exports and front matter write them, read with the standard library."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_FIRST = datetime(1900, 1, 1, tzinfo=UTC)


def read_time(value: object) -> datetime | None:
    """Read a time of RFC 3339 or RFC 5322, or a date; without an offset it is in UTC.

    None if it is none, such as 0000-00-00 of a WordPress draft.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime):
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        return value.astimezone(UTC).replace(microsecond=0)
    text = " ".join(str(value or "").split())
    if not text:
        return None
    for parse in (_iso, parsedate_to_datetime, _in_words):
        try:
            moment = parse(text)
        except (ValueError, OverflowError, TypeError):
            continue
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        return moment.replace(microsecond=0) if moment > _FIRST else None
    return None


def _iso(text: str) -> datetime:
    """Read ISO 8601, also with a space before the offset, as YAML and Jekyll have it."""
    return datetime.fromisoformat(re.sub(r"\s+([+-]\d\d:?\d\d|Z)$", r"\1", text))


def _in_words(text: str) -> datetime:
    """Read a date such as Jul 08 2022 or 8 July 2022."""
    text = text.replace(",", "")
    for form in ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(text)
