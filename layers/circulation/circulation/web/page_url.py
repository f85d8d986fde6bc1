"""The address of the page that a request is about."""

from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request

MAX_URL = 8_192
"""Characters. An article's address is shorter, but links to it may add parameters."""


def page_url(request: Request) -> str:
    """Read the address of a page from the query. Raises InvalidInput."""
    return checked_url(request.query.get("url"))


def referring_page(request: Request) -> str:
    """Read the address of the page that loads a script or an image. Raises InvalidInput."""
    return checked_url(request.headers.get("referer"), "Referer")


def query_of(url: str) -> str:
    """Give the query of an address, empty if it has none."""
    return url.partition("#")[0].partition("?")[2]


def page_host(request: Request) -> str:
    """Give the host of the page that sends a request (canonical_path.host_of); empty if unknown."""
    from circulation.articles.canonical_path import host_of  # noqa: PLC0415  see decision 4

    headers = request.headers
    return host_of(headers.get("origin") or headers.get("referer", ""))


def checked_url(url: object, name: str = "url") -> str:
    """Check the address of a page, whose parameter or header has this name. Raises InvalidInput."""
    if not isinstance(url, str) or not 1 <= len(url) <= MAX_URL:
        raise InvalidInput(Fault(name, f"must have 1 to {MAX_URL} characters"))
    return url
