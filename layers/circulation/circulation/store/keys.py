"""Keys: every partition and sort key of the tables. docs/table.md shows them as a table."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from circulation.times import format_time
from circulation.visitor import bucket_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from circulation.listing import Listing
    from circulation.popularity import Window

BUCKETS = tuple("0123456789abcdef")
"""A partition takes 1,000 writes a second; sixteen of them take a very hot article's."""

Key = dict[str, str]

_URL_LENGTH = 1_000
"""A sort key has at most 1,024 bytes."""


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


def id_of_item(item: Mapping[str, Any]) -> str:
    """Read the article's id out of the key of an ARTICLE or COUNT item."""
    return str(item["pk"].removeprefix("ARTICLE#"))


def page_partition(day: str, bucket: str) -> str:
    """Name one of the 16 day-book partitions of a day."""
    return f"DAY#{day}#{bucket}"


def filtered_key(article: str, day: str) -> Key:
    """Give the key of an article's filtered hits of a day."""
    return {"pk": filtered_partition(day, _bucket(article)), "sk": article}


def filtered_partition(day: str, bucket: str) -> str:
    """Name one of the 16 partitions of a day's filtered hits."""
    return f"FILTERED#{day}#{bucket}"


def page_key(article: str, day: str) -> Key:
    """Give the key of an article's page in the day book."""
    return {"pk": page_partition(day, _bucket(article)), "sk": article}


CLOSED = {"pk": "DAYS", "sk": "CLOSED"}
"""The key of what tells up to which day everything is sealed and settled."""


def listing_partition(listing: Listing) -> str:
    """Name the partition of a listing."""
    return f"LIST#{listing.kind}#{listing.name}" if listing.name else f"LIST#{listing.kind}"


def place(published: datetime, article: str) -> str:
    """Give an article's sort key within its listings: they sort by time, then id."""
    return f"{format_time(published)}#{article}"


def past(moment: datetime) -> str:
    """Give a sort key that stands just after every article published up to an instant."""
    return f"{format_time(moment)}$"  # "$" follows "#"


EDITIONS = "EDITION"
"""The partition of every listing's edition."""


def edition_key(listing: Listing) -> Key:
    """Give the key of a listing's edition."""
    return {"pk": EDITIONS, "sk": listing_partition(listing).removeprefix("LIST#")}


_EVERYWHERE = "all"
_SECTION = "section#"


def ranking_partition(window: Window) -> str:
    """Name the partition of a window's rankings."""
    return f"POPULAR#{window}"


def ranking_key(window: Window, section: str | None) -> Key:
    """Give the key of the ranking of a section, or of the whole site where it is None.

    No name of a section, whatever a reader makes up, is the key of the whole site.
    """
    sort_key = _EVERYWHERE if section is None else f"{_SECTION}{section}"
    return {"pk": ranking_partition(window), "sk": sort_key}


def ranked_section(sort_key: str) -> str | None:
    """Read which section a ranking is of, None for the whole site."""
    return None if sort_key == _EVERYWHERE else sort_key.removeprefix(_SECTION)


SITE = "SITE"
"""The partition of the whole site's numbers."""


def site_key(name: str) -> Key:
    """Give the key of the whole site's numbers of a day, or of its lifetime: TOTAL."""
    return {"pk": SITE, "sk": name}


def url_key(path: str) -> Key:
    """Give the key of what tells whose a canonical path is."""
    return {"pk": f"URL#{path}", "sk": "URL"}


TOKENS = "TOKEN"
"""The partition of the publishers' tokens."""


def token_key(name: str) -> Key:
    """Give the key of a publisher's token."""
    return {"pk": TOKENS, "sk": name}


def sync_key(url: str) -> Key:
    """Give the key of the version of a feed that was taken in last."""
    return {"pk": "SYNC", "sk": url[:_URL_LENGTH]}


def salt_key(day: str) -> Key:
    """Give the key of a day's salt."""
    return {"day": day}


def _bucket(article: str) -> str:
    return BUCKETS[zlib.crc32(article.encode()) % len(BUCKETS)]
