"""Keys of articles: contents, listings, editions, and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.articles.listing import ALL, Kind, Listing
from circulation.counting.keys import article_partition
from circulation.times import format_time

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.aws.table import Key


def article_key(article: str) -> Key:
    """Give the key of an article's content."""
    return {"pk": article_partition(article), "sk": "ARTICLE"}


def change_key(article: str, time: str, version: int | None) -> Key:
    """Give the key of what is noted of a change, by its time (RFC 3339, UTC) and its version."""
    return {"pk": article_partition(article), "sk": f"CHANGE#{time}#{version}"}


def mailings_key(article: str) -> Key:
    """Give the key of what is noted of the digests that had an article."""
    return {"pk": article_partition(article), "sk": "CHANGE#mailed"}


def listing_partition(listing: Listing) -> str:
    """Give the partition of a listing; of a month, that of the whole site."""
    return f"LIST#{_name_of(ALL if listing.kind is Kind.MONTH else listing)}"


def listing_start(listing: Listing) -> str:
    """Give a sort key before every entry of a listing in its partition."""
    return f"{listing.name}-" if listing.kind is Kind.MONTH else ""


def listing_end(listing: Listing) -> str:
    """Give a sort key after every entry of a listing in its partition."""
    return f"{listing.name}-~" if listing.kind is Kind.MONTH else "~"


def _name_of(listing: Listing) -> str:
    return f"{listing.kind}#{listing.name}" if listing.name else str(listing.kind)


MILESTONES = "LIST#milestones"
"""The partition of the places of those articles that divide the sitemap of a month."""


def place(published: datetime, article: str) -> str:
    """Give an article's sort key in its listings, which sort by publication time, then id."""
    return f"{format_time(published)}#{article}"


def past(moment: datetime) -> str:
    """Give a sort key just after every article published up to an instant."""
    return f"{format_time(moment)}$"  # "$" follows "#"


UNPUBLISHED = "LIST#unpublished"
"""The partition of what lists the unpublished articles, by id: for exports alone."""


def month_of_place(sort_key: str) -> str:
    """Give the UTC month of an entry's place, or of a time as it is written."""
    return sort_key[: len("2026-11")]


def unpublished_key(article: str) -> Key:
    """Give the key of an unpublished article's entry."""
    return {"pk": UNPUBLISHED, "sk": article}


SECTION_SIZES = "LIST#sections"
"""The partition of the numbers of articles in the sections."""


def section_share_key(section: str, share: int) -> Key:
    """Give the key of a share of a section's size."""
    return {"pk": SECTION_SIZES, "sk": f"{section}#{share}"}


def section_of_share(sort_key: str) -> str:
    """Give the section of a share by its sort key."""
    return sort_key.rpartition("#")[0]


EDITIONS = "EDITION"
"""The partition of all listings' editions."""


def edition_key(listing: Listing) -> Key:
    """Give the key of a listing's edition."""
    return {"pk": EDITIONS, "sk": _name_of(listing)}


def url_key(path: str) -> Key:
    """Give the key of the item that says which article is at a canonical path, by host."""
    return {"pk": f"URL#{path}", "sk": "URL"}


def host_key(host: str) -> Key:
    """Give the key of the item that says that articles are at a host."""
    return {"pk": f"URL#//{host}", "sk": "HOST"}


def source_id_key(key: str) -> Key:
    """Give the key of the item that says which article other systems know by an id."""
    return {"pk": f"ID#{key}", "sk": "SOURCE"}


def former_id_key(article: str) -> Key:
    """Give the key of the item that says which article an id leads to that is none itself."""
    return {"pk": f"ID#{article}", "sk": "FORMER"}
