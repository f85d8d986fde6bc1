"""The page that a request is about, by its address."""

from circulation.canonical import MAX_URL
from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request


def page_url(request: Request) -> str:
    """Read the address of a page out of the query. Raises InvalidInput."""
    return checked_url(request.query.get("url"))


def referring_page(request: Request) -> str:
    """Read the address of the page that a script or an image was loaded by. Raises InvalidInput."""
    return checked_url(request.headers.get("referer"), "Referer")


def checked_url(told: object, name: str = "url") -> str:
    """Take the address of a page from wherever it stands. Raises InvalidInput."""
    if not isinstance(told, str) or not 1 <= len(told) <= MAX_URL:
        raise InvalidInput(Fault(name, f"must have 1 to {MAX_URL} characters"))
    return told
