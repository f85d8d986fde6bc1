"""Referrers: the host that a reader came from, without path and query."""

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from pkgutil import get_data

MAX_HOST = 253  # RFC 1035, section 2.3.4, as text

# A web address, an Android app's, or a bare host. A backslash ends a host, as in browsers.
_REFERRER = re.compile(
    r"(?:(?:(?:https?:)?//(?:[^/?#\\]*@)?|android-app://)([^/?#\\:@]+)(?::\d*)?"
    r"|([^/?#\\:@]+)(?::\d+)?)"
    r"(?:[/?#\\].*)?",
    flags=re.IGNORECASE | re.DOTALL,
)
# RFC 1123, section 2.1: letters, digits, hyphens, at most 63 in a label. Two labels or more, and a
# top one of letters (RFC 3696, section 2): no address and no single name of a local network.
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])"
)


def referrer_host(referrer: str, own_hosts: Collection[str] = ()) -> str | None:
    """Reduce a referrer to its lower-case host without "www.", in ASCII (IDNA 2003).

    The referrer is a web address, a host, or a link in an Android app, which gives the app's
    package ("android-app://com.example.reader/…"). None if it has no valid public host, if the host
    is one of own_hosts (hosts or addresses of the site), and if the host or one of its parent
    domains is on the list of referrer spammers.
    """
    host = public_host(referrer)
    if host is None or any(host == public_host(own_host) for own_host in own_hosts):
        return None
    return None if any(domain in _load_spammers() for domain in domains_of(host)) else host


def public_host(text: str) -> str | None:
    """Reduce an address or a host to a public host, as referrer_host does; None if it has none."""
    match = _REFERRER.fullmatch(text.strip())
    host = _to_ascii((match[1] or match[2]).lower().removesuffix(".")) if match else ""
    if len(host) > MAX_HOST or not _HOST.fullmatch(host):
        return None
    shorter = host.removeprefix("www.")
    return shorter if "." in shorter else host


def domains_of(host: str) -> Iterator[str]:
    """Give a host and its parent domains, without the top-level one."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


def _to_ascii(host: str) -> str:
    """Write a host in ASCII, as in the DNS; empty if it has no such form."""
    if host.isascii():
        return host
    if len(host) > MAX_HOST:  # the codec would be slow with it
        return ""
    try:
        return host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        return ""


@cache
def _load_spammers() -> frozenset[str]:
    spam_list = json.loads(get_data("circulation", "data/spammers.json") or b"")
    return frozenset(spam_list["hosts"])
