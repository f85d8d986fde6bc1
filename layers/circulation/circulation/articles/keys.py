"""Keys of articles: contents, listings, editions, and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulation.counting.keys import article_partition
from circulation.times import format_time

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.articles.listing import Listing
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
    """Give the partition of a listing."""
    return f"LIST#{listing.kind}#{listing.name}" if listing.name else f"LIST#{listing.kind}"


def place(published: datetime, article: str) -> str:
    """Give an article's sort key in its listings, which sort by publication time, then id."""
    return f"{format_time(published)}#{article}"


def past(moment: datetime) -> str:
    """Give a sort key just after every article published up to an instant."""
    return f"{format_time(moment)}$"  # "$" follows "#"


UNPUBLISHED = "LIST#unpublished"
"""The partition of what lists the unpublished articles, by id: for exports alone."""


def unpublished_key(article: str) -> Key:
    """Give the key of an unpublished article's entry."""
    return {"pk": UNPUBLISHED, "sk": article}


EDITIONS = "EDITION"
"""The partition of all listings' editions."""


def edition_key(listing: Listing) -> Key:
    """Give the key of a listing's edition."""
    return {"pk": EDITIONS, "sk": listing_partition(listing).removeprefix("LIST#")}


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
