"""A visitor: a keyed hash of address and browser, for one article and one UTC day."""

import base64
import hashlib
import ipaddress
from datetime import timedelta

SALT_BYTES = 32
SALT_GRACE = timedelta(minutes=10)
"""A day's salt is kept for so long after it; then nobody can tell who a visitor was."""
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


def bucket_of(visitor: str) -> str:
    """Give the ledger partition of a visitor: one of 16, as a hex digit."""
    return f"{base64.urlsafe_b64decode(visitor[:2] + '==')[0] >> 4:x}"


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
