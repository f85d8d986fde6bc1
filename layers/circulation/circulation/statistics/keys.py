"""Keys of statistics: roll-ups, articles' months, curves, the last minutes, feed readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.aws.table import Key
    from circulation.statistics.rollup import Subject


def rollup_partition(subject: Subject) -> str:
    """Give the partition of a subject's roll-ups, such as ROLLUP#SITE or ROLLUP#SECTION#city."""
    kind = f"ROLLUP#{subject.kind.upper()}"
    return f"{kind}#{subject.name}" if subject.name else kind


def rollup_key(subject: Subject, period: str) -> Key:
    """Give the key of a subject's roll-up of a UTC day (2026-11-28) or a month (2026-11)."""
    return {"pk": rollup_partition(subject), "sk": period}


def subjects_key(day: str) -> Key:
    """Give the key of the item that names what has roll-ups of a UTC day."""
    return {"pk": "ROLLUP#SUBJECTS", "sk": day}


def article_partition(article: str) -> str:
    """Give the partition of an article's months."""
    return f"ROLLUP#ARTICLE#{article}"


def article_month_key(article: str, month: str) -> Key:
    """Give the key of a month of an article."""
    return {"pk": article_partition(article), "sk": month}


def curve_partition(section_name: str) -> str:
    """Give the partition of a section's curves."""
    return f"CURVE#{section_name}"


def curve_key(section_name: str, month: str) -> Key:
    """Give the key of the curve of a section's articles that were published in a month."""
    return {"pk": curve_partition(section_name), "sk": month}


def live_partition(hour: str) -> str:
    """Give the partition of the last minutes' views of a UTC hour, such as 2026-11-28T09."""
    return f"LIVE#{hour}"


def live_key(hour: str, minute: str, shard: str, first: str) -> Key:
    """Give the key of some views of a stream shard, by the first one's sequence number."""
    return {"pk": live_partition(hour), "sk": f"{minute}#{shard}#{first}"}


READERS = "READERS"
"""The partition of the feeds' subscribers."""


def readers_key(feed: str, app: str, feed_id: str) -> Key:
    """Give the key of an app's subscribers of a feed, by its path and the app's own id of it."""
    return {"pk": READERS, "sk": f"{feed}#{app}#{feed_id}"}
