"""Keys: every partition and sort key of the tables. docs/table.md shows them as a table."""

import zlib
from datetime import datetime

from circulation.listing import Kind, Listing
from circulation.times import format_time
from circulation.visitor import bucket_of

BUCKETS = tuple("0123456789abcdef")
"""A partition takes 1,000 writes a second; sixteen of them take a very hot article's."""

Key = dict[str, str]


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


def article_key(article: str) -> Key:
    """Give the key of an article's content."""
    return {"pk": f"ARTICLE#{article}", "sk": "ARTICLE"}


def count_key(article: str) -> Key:
    """Give the key of an article's lifetime counter."""
    return {"pk": f"ARTICLE#{article}", "sk": "COUNT"}


def page_partition(day: str, bucket: str) -> str:
    """Name one of the 16 day-book partitions of a day."""
    return f"DAY#{day}#{bucket}"


def page_key(article: str, day: str) -> Key:
    """Give the key of an article's page in the day book."""
    bucket = BUCKETS[zlib.crc32(article.encode()) % len(BUCKETS)]
    return {"pk": page_partition(day, bucket), "sk": article}


def listing_partition(listing: Listing) -> str:
    """Name the partition of a listing."""
    if listing.kind is Kind.ALL:
        return "LIST#all"
    return f"LIST#{listing.kind}#{listing.name}"


def place(published: datetime, article: str) -> str:
    """Give an article's sort key within its listings: they sort by time, then id."""
    return f"{format_time(published)}#{article}"


def past(moment: datetime) -> str:
    """Give a sort key that stands just after every article published up to an instant."""
    return f"{format_time(moment)}$"  # "$" follows "#"


def salt_key(day: str) -> Key:
    """Give the key of a day's salt."""
    return {"day": day}
