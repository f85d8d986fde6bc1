"""The viewer: the address and country of a request's sender, as far as they can be trusted."""

import hmac
import ipaddress
from typing import NamedTuple

from circulation.errors import OriginRefused
from circulation.web.request import Request

ANY_ORIGIN = "*"


class Viewer(NamedTuple):
    """A reader's address, and country (two letters) if CloudFront says it; else empty."""

    address: str
    country: str = ""


def viewer_of(request: Request, *, origin_secret: str) -> Viewer:
    """Determine the sender of a request.

    Any client can send any header. CloudFront's are only trusted together with the secret that the
    distribution adds, or another proxy that sends the same headers; without it, the address is the
    connection's and the country is unknown.
    X-Forwarded-For is never read, as a client can put anything in front of it.
    """
    secret = request.headers.get("x-origin-secret", "").encode()
    if not origin_secret or not hmac.compare_digest(secret, origin_secret.encode()):
        return Viewer(request.address)
    return Viewer(
        _without_port(request.headers.get("cloudfront-viewer-address", "")) or request.address,
        request.headers.get("cloudfront-viewer-country", ""),
    )


def check_origin(request: Request, *, allowed: frozenset[str]) -> None:
    """Check that a view comes from a page of an allowed origin. Raises OriginRefused.

    A request for an image or a script has no Origin; then the Referer's is used. A document opened
    in a tab (Fetch Metadata) is refused, as otherwise a link could count views.
    """
    if request.headers.get("sec-fetch-dest") == "document":
        raise OriginRefused
    if ANY_ORIGIN in allowed:
        return
    referer = "/".join(request.headers.get("referer", "").split("/", 3)[:3])
    if request.headers.get("origin", referer).lower() not in allowed:
        raise OriginRefused


def _without_port(text: str) -> str | None:
    """Read CloudFront-Viewer-Address: 198.51.100.10:46532, or 2001:db8::1:46532 without brackets.

    Other proxies may use brackets, or send no port. A number after the last colon is the port
    wherever an address stands before it, even if all of it could be an IPv6 address. None if the
    address is invalid.
    """
    address, _, port = text.rpartition(":")
    for candidate in (address, text) if port.isdecimal() else (text,):
        try:
            return str(ipaddress.ip_address(candidate.strip("[]")))
        except ValueError:
            continue
    return None
