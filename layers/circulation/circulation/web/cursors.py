"""Cursors: where the next page of a list starts, opaque to the client."""

import base64
import binascii
import re

from circulation.errors import Fault, InvalidInput
from circulation.web.request import Request

_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[a-z0-9][a-z0-9-]{0,63}", flags=re.ASCII)


def cursor_of(key: str) -> str:
    """Wrap the key of a page's last article."""
    return base64.urlsafe_b64encode(key.encode()).rstrip(b"=").decode()


def cursor(request: Request, name: str = "cursor") -> str | None:
    """Read the key that a page starts after, None for the first page. Raises InvalidInput."""
    told = request.query.get(name)
    if not told:
        return None
    try:
        key = base64.b64decode(
            told + "=" * (-len(told) % 4), altchars=b"-_", validate=True
        ).decode()
    except (binascii.Error, ValueError):
        key = ""
    if not _KEY.fullmatch(key):
        raise InvalidInput(Fault(name, "is not one that a list of articles answered with"))
    return key
