"""A visitor: a keyed hash of address and browser, for one article and one UTC day."""

import base64
import hashlib
import ipaddress
from datetime import timedelta

SALT_BYTES = 32
SHORTEST_SALT_LIFE = timedelta(minutes=10)
"""Longer than a page retries a hit while it is open."""
HASH_BYTES = 16
IPV6_PREFIX = 64  # bits for one household or phone; the other bits change often (RFC 8981)


def visitor_hash(salt: bytes, article: str, address: str, user_agent: str) -> str:
    """Hash a visitor to 22 URL-safe characters.

    The key is the day's salt: once it is deleted, the hash cannot be reversed or linked to another
    day. The article's id is hashed, too, so that visitors cannot be linked across articles. Address
    is an IPv4 or IPv6 address, of which network() says how much is hashed.
    """
    return _hash(salt, f"{article}\0{network(address)}\0{user_agent}")


def nonce_hash(salt: bytes, article: str, nonce: str) -> str:
    """Hash an anonymous hit to the form of a visitor's hash; it never equals a visitor's."""
    return _hash(salt, f"{article}\0{nonce}", person=b"nonce")


def article_nonce(article: str, nonce: str) -> str:
    """Hash a page's nonce for one article to 22 URL-safe characters.

    An application shows several articles in one loading of a page: what is stored of their views
    has nothing in common then.
    """
    return _hash(b"", f"{article}\0{nonce}")


def salt_life(repeat_window: timedelta) -> timedelta:
    """Give how long after the end of a day its salt is needed.

    Yesterday's ledger lines have to be found as long as a view may repeat one of yesterday.
    """
    return max(repeat_window, SHORTEST_SALT_LIFE)


def network(address: str) -> str:
    """Reduce an address to the part that identifies a visitor: an IPv4 address or an IPv6 /64.

    A text that is no address is returned as it is.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # a view is never refused for its address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed)


def _hash(salt: bytes, text: str, person: bytes = b"") -> str:
    """Hash with BLAKE2b (RFC 7693); person separates hashes of different kinds."""
    digest = hashlib.blake2b(
        text.encode(errors="surrogatepass"), key=salt, digest_size=HASH_BYTES, person=person
    ).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
