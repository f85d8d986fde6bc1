"""Keys of counting: lines in the ledger's table; counters and the day book in the library's table.

docs/table.md has the keys of every room in tables. Days are UTC dates: 2026-01-31.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulation.aws.table import Key

BUCKETS = tuple("0123456789abcdef")
"""Partitions of a day, named by hex digits. One takes 1,000 writes a second (DynamoDB Developer
Guide: Best practices for partition keys); sixteen take those of a very popular article."""

TRAITS = ("r", "c", "f", "s", "k")
"""The attributes of a ledger line's traits, in the order of Traits; prefixes of a page's sums."""


def ledger_partition(article: str, day: str, bucket: str) -> str:
    """Give the name of one of the 16 ledger partitions of an article and day."""
    return f"{article}#{day}#{bucket}"


def ledger_key(article: str, day: str, visitor: str) -> Key:
    """Give the key of a visitor's ledger line."""
    return {"pk": ledger_partition(article, day, bucket_of(visitor)), "sk": visitor}


def ledger_article_day(partition: str) -> tuple[str, str]:
    """Split the name of a ledger partition into article and day. Raises ValueError."""
    article, day, _bucket = partition.split("#")
    return article, day


def bucket_of(visitor: str) -> str:
    """Give the bucket of a visitor's hash, a hex digit: its first four bits."""
    return f"{base64.urlsafe_b64decode(visitor[:2] + '==')[0] >> 4:x}"


def article_partition(article: str) -> str:
    """Give the name of an article's partition, which has its content and its counter."""
    return f"ARTICLE#{article}"


def count_key(article: str) -> Key:
    """Give the key of an article's lifetime counter."""
    return {"pk": article_partition(article), "sk": "COUNT"}


def correction_key(article: str, correction: str) -> Key:
    """Give the key of a correction of an article's number, by its id."""
    return {"pk": article_partition(article), "sk": f"CORRECTION#{correction}"}


def id_of_item(item: Mapping[str, Any]) -> str:
    """Read the article's id from the key of an ARTICLE or COUNT item."""
    return str(item["pk"].removeprefix("ARTICLE#"))


def page_partition(day: str, bucket: str) -> str:
    """Give the name of one of the 16 day-book partitions of a day."""
    return f"DAY#{day}#{bucket}"


def page_key(article: str, day: str) -> Key:
    """Give the key of an article's page in the day book."""
    return {"pk": page_partition(day, page_bucket(article)), "sk": article}


def recount_key(article: str, day: str, bucket: str) -> Key:
    """Give the key of the checkpoint of a recount of one ledger partition of an article and day."""
    return {"pk": f"RECOUNT#{day}#{page_bucket(article)}", "sk": f"{article}#{bucket}"}


def page_bucket(article: str) -> str:
    """Give the bucket of an article, a hex digit: the day's partition that its page is in."""
    return BUCKETS[zlib.crc32(article.encode()) % len(BUCKETS)]


CLOSED = {"pk": "DAYS", "sk": "CLOSED"}
"""The key of the item with the day up to which everything is sealed and settled."""
