"""The viewer: who sent a request and from which country, as far as it can be believed."""

import hmac
import ipaddress
from dataclasses import dataclass

from circulation.errors import OriginRefused
from circulation.web.request import Request

ANY_ORIGIN = "*"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader's address, and country as the network in front tells it, empty where it does not."""

    address: str
    country: str = ""


def viewer_of(request: Request, *, origin_secret: str) -> Viewer:
    """Tell who is behind a request.

    Anybody can send headers. Those of CloudFront are believed only beside the secret that the
    distribution adds; without it the address is the connection's own, and no country is known.
    X-Forwarded-For is never read: what stands in front of it came from the client.
    """
    told = request.headers.get("x-origin-secret", "").encode()
    if not origin_secret or not hmac.compare_digest(told, origin_secret.encode()):
        return Viewer(request.address)
    return Viewer(
        _without_port(request.headers.get("cloudfront-viewer-address", "")) or request.address,
        request.headers.get("cloudfront-viewer-country", ""),
    )


def check_origin(request: Request, *, allowed: frozenset[str]) -> None:
    """See that a view comes from a page of an allowed origin. Raises OriginRefused.

    An image or a script that a page loads names no Origin; its Referer begins with it. What a
    browser opens by itself, in a tab (Fetch Metadata), is on no page: else a link could count.
    """
    if request.headers.get("sec-fetch-dest") == "document":
        raise OriginRefused
    if ANY_ORIGIN in allowed:
        return
    referer = "/".join(request.headers.get("referer", "").split("/", 3)[:3])
    if request.headers.get("origin", referer).lower() not in allowed:
        raise OriginRefused


def _without_port(told: str) -> str | None:
    """Read CloudFront-Viewer-Address: 198.51.100.10:46532, or 2001:db8::1:46532 without brackets.

    What follows the last colon is always the port, even where all of it could be an IPv6 address.
    """
    address = told.rpartition(":")[0].strip("[]")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
