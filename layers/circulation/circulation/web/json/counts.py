"""Counts in JSON, as docs/api.md describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circulation.times import format_time

if TYPE_CHECKING:
    # Who reads a count loads nothing of how a view is recorded.
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from circulation.counting.counts import Count, DayCount
    from circulation.views.recording import Recorded

Json = dict[str, Any]


def count_json(count: Count) -> Json:
    """Write a count; as_of is the time of its newest view, null before the first."""
    return {
        "article": count.article,
        "views": count.views,
        "visitors": count.visitors,
        "as_of": count.as_of and format_time(count.as_of),
    }


def counts_json(counts: Sequence[Count], unknown: Sequence[str]) -> Json:
    """Write the counts of several articles, and the ids that have none."""
    return {"views": [count_json(count) for count in counts], "unknown": list(unknown)}


def page_count_json(count: Count | None) -> Json:
    """Write the count of the article at an address, if there is one."""
    if count:
        return count_json(count)
    return {"article": None, "views": None, "visitors": None, "as_of": None}


def recorded_json(recorded: Recorded) -> Json:
    """Write the result of a hit."""
    return {
        "article": recorded.count.article,
        "views": recorded.count.views,
        "visitors": recorded.count.visitors,
        "counted": recorded.counted,
        **({"reason": recorded.reason} if recorded.reason else {}),
    }


def unknown_json() -> Json:
    """Write the result of a hit on a page without a published article."""
    return {
        "article": None,
        "views": None,
        "visitors": None,
        "counted": False,
        "reason": "unknown",
    }


def days_json(article_id: str, days: Mapping[str, DayCount]) -> Json:
    """Write an article's views by day, oldest first."""
    return {
        "article": article_id,
        "from": min(days),
        "to": max(days),
        "days": [
            {"day": day, "views": count.views, "visitors": count.visitors}
            for day, count in days.items()
        ],
    }


def hours_json(article_id: str, hours: Mapping[datetime, int]) -> Json:
    """Write an article's views by hour, oldest first."""
    return {
        "article": article_id,
        "hours": [{"hour": format_time(hour), "views": views} for hour, views in hours.items()],
    }
