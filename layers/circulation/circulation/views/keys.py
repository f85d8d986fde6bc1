"""Keys of views: the hits that were left out, in the library's table, and the days' salts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.counting.keys import page_bucket

if TYPE_CHECKING:
    from circulation.aws.table import Key


def filtered_partition(day: str, bucket: str) -> str:
    """Name one of the 16 partitions of a day's filtered hits."""
    return f"FILTERED#{day}#{bucket}"


def filtered_key(article: str, day: str) -> Key:
    """Give the key of an article's filtered hits of a day."""
    return {"pk": filtered_partition(day, page_bucket(article)), "sk": article}


def salt_key(day: str) -> Key:
    """Give the key of a day's salt."""
    return {"day": day}
