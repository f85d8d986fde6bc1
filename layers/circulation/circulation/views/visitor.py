"""A visitor: a keyed hash of address and browser, for one article and one UTC day."""

import base64
import hashlib
import ipaddress
from datetime import timedelta

SALT_BYTES = 32
SHORTEST_SALT_LIFE = timedelta(minutes=10)
"""Longer than a hit is tried again while its page is open."""
HASH_BYTES = 16
IPV6_PREFIX = 64  # one household or phone; the rest of the address changes at will (RFC 8981)


def visitor_hash(salt: bytes, article: str, address: str, user_agent: str) -> str:
    """Hash who is looking into 22 URL-safe characters.

    The day's salt is the key, so that the hash cannot be reversed or linked to another day once the
    salt is deleted; the article is inside, so that it cannot be linked to another article.
    """
    return _hash(salt, f"{article}\0{network(address)}\0{user_agent}")


def nonce_hash(salt: bytes, article: str, nonce: str) -> str:
    """Hash a hit of nobody in particular into what looks like a visitor; nobody's can be equal."""
    return _hash(salt, f"{article}\0{nonce}", person=b"nonce")


def salt_life(repeat_window: timedelta) -> timedelta:
    """Say for how long after a day its salt is needed; then it is deleted.

    As long as a view of today may repeat one of yesterday, yesterday's lines have to be found.
    """
    return max(repeat_window, SHORTEST_SALT_LIFE)


def network(address: str) -> str:
    """Fold an address to what stands for one visitor: an IPv4 address or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # never refuse a view for an address that is written oddly
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed)


def _hash(salt: bytes, told: str, person: bytes = b"") -> str:
    """Hash with BLAKE2b (RFC 7693); person keeps hashes of different things apart."""
    digest = hashlib.blake2b(
        told.encode(errors="surrogatepass"), key=salt, digest_size=HASH_BYTES, person=person
    ).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
