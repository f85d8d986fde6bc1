"""The page that a request is about, by its address."""

from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request

MAX_URL = 8_192
"""Characters: longer than an article's may be, for whatever was hung on it on the way."""


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
