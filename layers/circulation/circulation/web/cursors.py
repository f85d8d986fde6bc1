"""Cursors: where the next page of a list starts, opaque to the client."""

import base64
import binascii
import re

from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request

_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[a-z0-9][a-z0-9-]{0,63}", flags=re.ASCII)
_RANK = re.compile(r"(\d{1,15})#([a-z0-9][a-z0-9-]{0,63})", flags=re.ASCII)


def cursor_of(key: str) -> str:
    """Wrap the key of a page's last article."""
    return base64.urlsafe_b64encode(key.encode()).rstrip(b"=").decode()


def cursor_of_rank(views: int, article: str) -> str:
    """Wrap the rank of a page's last article."""
    return cursor_of(f"{views}#{article}")


def cursor(request: Request, name: str = "cursor") -> str | None:
    """Read the key that a page starts after, None for the first page. Raises InvalidInput."""
    told = request.query.get(name)
    return _unwrapped(told, name, _KEY)[0] if told else None


def cursor_rank(request: Request) -> tuple[int, str] | None:
    """Read the rank that a page starts after, None for the first page. Raises InvalidInput."""
    told = request.query.get("cursor")
    if not told:
        return None
    read = _unwrapped(told, "cursor", _RANK)
    return int(read[1]), read[2]


def _unwrapped(told: str, name: str, pattern: re.Pattern[str]) -> re.Match[str]:
    try:
        key = base64.b64decode(
            told + "=" * (-len(told) % 4), altchars=b"-_", validate=True
        ).decode()
    except (binascii.Error, ValueError):
        key = ""
    read = pattern.fullmatch(key)
    if not read:
        raise InvalidInput(Fault(name, "is not one that such a list of articles answered with"))
    return read
