"""The marker in an address that tells by which road of ours a reader came: via=mail and others.

It is no part of what the address names, so canonical paths leave it out. Addresses in feeds have
none: a reader's program may take another address for another article.
"""

from enum import StrEnum
from urllib.parse import urlsplit

VIA = "via"
"""The name of the parameter."""


class Via(StrEnum):
    """The roads. Another system's values may belong to the address, so they are left alone."""

    MAIL = "mail"
    """A mail of the publication."""
    SHARE = "share"
    """An address that a reader passed on."""
    FEED = "feed"
    """A feed whose publisher marks its addresses."""


MARKERS = frozenset((VIA, str(via)) for via in Via)
"""The parameters that are markers, as names and values."""

_MARKERS = frozenset(f"{name}={value}" for name, value in MARKERS)


def with_via(url: str, via: Via) -> str:
    """Give an address with this marker instead of any that it has, before its fragment."""
    parts = urlsplit(url)
    query = [part for part in parts.query.split("&") if part and part not in _MARKERS]
    return parts._replace(query="&".join([*query, f"{VIA}={via}"])).geturl()
