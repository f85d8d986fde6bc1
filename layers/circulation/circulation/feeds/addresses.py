"""The addresses of feeds. A listing's name is one segment of the path."""

from collections.abc import Iterable, Iterator

from circulation.articles.listing import Kind, Listing
from circulation.feeds.channel import Format
from circulation.segment import encode_segment

POPULAR = "popular/feed"
DIGESTS = "digests/feed"
_PLURALS = {Kind.SECTION: "sections", Kind.TAG: "tags", Kind.AUTHOR: "authors"}


def feed_path(listing: Listing) -> str:
    """Give the path of a listing's feed, without the leading slash and the format's extension."""
    if listing.kind is Kind.ALL:
        return "feed"
    return f"{_PLURALS[listing.kind]}/{encode_segment(listing.name)}/feed"


def feed_urls(base_url: str, listings: Iterable[Listing]) -> Iterator[str]:
    """Give the address of each listing's feed in every format."""
    for listing in listings:
        for extension in Format:
            yield f"{base_url}/{feed_path(listing)}.{extension}"
