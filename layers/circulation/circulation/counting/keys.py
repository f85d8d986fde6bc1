"""Keys of counting: the ledger's lines; in the library's table the counters and the day book.

docs/table.md shows the keys of every room as tables.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulation.aws.table import Key

BUCKETS = tuple("0123456789abcdef")
"""A partition takes 1,000 writes a second; sixteen of them take a very hot article's."""

TRAITS = ("r", "c", "f")
"""The attributes of a ledger line's traits, in the order of Traits; a page's sums begin so, too."""


def ledger_partition(article: str, day: str, bucket: str) -> str:
    """Name one of the 16 ledger partitions of an article and day."""
    return f"{article}#{day}#{bucket}"


def ledger_key(article: str, day: str, visitor: str) -> Key:
    """Give the key of a visitor's ledger line."""
    return {"pk": ledger_partition(article, day, bucket_of(visitor)), "sk": visitor}


def ledger_article_day(partition: str) -> tuple[str, str]:
    """Read the article and the day out of a ledger partition's name. Raises ValueError."""
    article, day, _bucket = partition.split("#")
    return article, day


def bucket_of(visitor: str) -> str:
    """Give the ledger partition of a visitor: one of 16, as a hex digit."""
    return f"{base64.urlsafe_b64decode(visitor[:2] + '==')[0] >> 4:x}"


def article_partition(article: str) -> str:
    """Name the partition of an article, in which its counter stands beside its content."""
    return f"ARTICLE#{article}"


def count_key(article: str) -> Key:
    """Give the key of an article's lifetime counter."""
    return {"pk": article_partition(article), "sk": "COUNT"}


def id_of_item(item: Mapping[str, Any]) -> str:
    """Read the article's id out of the key of an ARTICLE or COUNT item."""
    return str(item["pk"].removeprefix("ARTICLE#"))


def page_partition(day: str, bucket: str) -> str:
    """Name one of the 16 day-book partitions of a day."""
    return f"DAY#{day}#{bucket}"


def page_key(article: str, day: str) -> Key:
    """Give the key of an article's page in the day book."""
    return {"pk": page_partition(day, page_bucket(article)), "sk": article}


def page_bucket(article: str) -> str:
    """Give the partition of a day in which an article stands: one of 16, as a hex digit."""
    return BUCKETS[zlib.crc32(article.encode()) % len(BUCKETS)]


CLOSED = {"pk": "DAYS", "sk": "CLOSED"}
"""The key of what tells up to which day everything is sealed and settled."""
