"""Cursors: the key after which the next page of a list starts, opaque to the client."""

import base64
import binascii
import re

from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request

_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[a-z0-9][a-z0-9-]{0,63}", flags=re.ASCII)
_EXPORT = re.compile(
    rf"(?:{_KEY.pattern}|unpublished#(?:[a-z0-9][a-z0-9-]{{0,63}})?)", flags=re.ASCII
)
_RANK = re.compile(r"(\d{1,15})#([a-z0-9][a-z0-9-]{0,63})", flags=re.ASCII)


def cursor_of(key: str) -> str:
    """Encode the key of a page's last article."""
    return base64.urlsafe_b64encode(key.encode()).rstrip(b"=").decode()


def cursor_of_rank(views: int, article: str) -> str:
    """Encode the rank of a page's last article."""
    return cursor_of(f"{views}#{article}")


def cursor(request: Request, name: str = "cursor") -> str | None:
    """Decode the key that a page starts after, from a parameter; None for the first page.

    Raises InvalidInput.
    """
    text = request.query.get(name)
    return _unwrap(text, name, _KEY)[0] if text else None


def cursor_rank(request: Request) -> tuple[int, str] | None:
    """Decode the rank (views, article) that a page starts after; None for the first page.

    Raises InvalidInput.
    """
    text = request.query.get("cursor")
    if not text:
        return None
    match = _unwrap(text, "cursor", _RANK)
    return int(match[1]), match[2]


def cursor_export(request: Request) -> str | None:
    """Decode the place that a page of an export starts after; None for the first page.

    Raises InvalidInput.
    """
    text = request.query.get("cursor")
    return _unwrap(text, "cursor", _EXPORT)[0] if text else None


def _unwrap(text: str, name: str, pattern: re.Pattern[str]) -> re.Match[str]:
    try:
        key = base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        ).decode()
    except (binascii.Error, ValueError):
        key = ""
    match = pattern.fullmatch(key)
    if not match:
        raise InvalidInput(Fault(name, "is not one that such a list of articles answered with"))
    return match
