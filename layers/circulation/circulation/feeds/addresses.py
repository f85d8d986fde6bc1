"""Addresses: where each feed is found. A name is one segment of the path."""

from collections.abc import Iterable, Iterator

from circulation.articles.listing import Kind, Listing
from circulation.feeds.channel import Format
from circulation.segment import encode_segment

POPULAR = "popular/feed"
_PLURALS = {Kind.SECTION: "sections", Kind.TAG: "tags", Kind.AUTHOR: "authors"}


def feed_path(listing: Listing) -> str:
    """Give the path of a listing's feed, without a slash before and a format behind it."""
    if listing.kind is Kind.ALL:
        return "feed"
    return f"{_PLURALS[listing.kind]}/{encode_segment(listing.name)}/feed"


def feed_urls(base_url: str, listings: Iterable[Listing]) -> Iterator[str]:
    """Give the address of every feed of some listings, in every format."""
    for listing in listings:
        for each in Format:
            yield f"{base_url}/{feed_path(listing)}.{each}"
