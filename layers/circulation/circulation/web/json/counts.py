"""How counts look in JSON; docs/api.md shows each."""

from collections.abc import Sequence
from typing import Any

from circulation.counting.counts import Count
from circulation.times import format_time
from circulation.views.recording import Recorded

Json = dict[str, Any]


def count_json(count: Count) -> Json:
    """Show a count; as_of is the time of the newest view in it, null before the first."""
    return {
        "article": count.article,
        "views": count.views,
        "visitors": count.visitors,
        "as_of": count.as_of and format_time(count.as_of),
    }


def counts_json(counts: Sequence[Count], unknown: Sequence[str]) -> Json:
    """Show the counts of several articles, and the ids that none can be read under."""
    return {"views": [count_json(each) for each in counts], "unknown": list(unknown)}


def page_count_json(counts: Sequence[Count]) -> Json:
    """Show the count of the article at an address, if there is one."""
    if counts:
        return count_json(counts[0])
    return {"article": None, "views": None, "visitors": None, "as_of": None}


def recorded_json(recorded: Recorded) -> Json:
    """Show what became of a hit."""
    return {
        "article": recorded.count.article,
        "views": recorded.count.views,
        "visitors": recorded.count.visitors,
        "counted": recorded.counted,
        **({"reason": recorded.reason} if recorded.reason else {}),
    }


def unknown_json() -> Json:
    """Show what became of a hit on a page that no article is published at."""
    return {
        "article": None,
        "views": None,
        "visitors": None,
        "counted": False,
        "reason": "unknown",
    }
