"""Referrers: where a reader came from, as a host and nothing more."""

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

    A link in an Android app ("android-app://com.example.reader/…") gives the app's package. None
    when there is no valid public host in it, when it is one of the site's own hosts (given as hosts
    or as addresses), and when the host or a domain above it is on the list of referrer spammers.
    """
    host = _host(referrer)
    if host is None or any(host == _host(own) for own in own_hosts):
        return None
    return None if any(domain in _spammers() for domain in _domains(host)) else host


def _host(text: str) -> str | None:
    found = _REFERRER.fullmatch(text.strip())
    host = _ascii((found[1] or found[2]).lower().removesuffix(".")) if found else ""
    if len(host) > MAX_HOST or not _HOST.fullmatch(host):
        return None
    shorter = host.removeprefix("www.")
    return shorter if "." in shorter else host


def _ascii(host: str) -> str:
    """Write a host as the name system does; one that cannot be written so becomes empty."""
    if host.isascii():
        return host
    if len(host) > MAX_HOST:  # the codec would be slow with it
        return ""
    try:
        return host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        return ""


def _domains(host: str) -> Iterator[str]:
    """Give a host and every domain that it is part of, but for the top one."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


@cache
def _spammers() -> frozenset[str]:
    listed = json.loads(get_data("circulation", "data/spammers.json") or b"")
    return frozenset(listed["hosts"])
