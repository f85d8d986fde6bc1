"""A share link: it opens the figures of the site, a section or an article until a time."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from circulation.access.grant import By, Extent, Grant

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MAX_SHARES = 50
"""Links of a stack; ended ones make room."""
KEY_BYTES = 24
"""192 random bits: nobody finds a key by trying."""
LISTED = timedelta(days=30)
"""A link stays listed for this long after its end."""


@dataclass(frozen=True, slots=True)
class Share:
    """What is stored of a share link."""

    name: str
    """By which it is revoked, like a token's."""
    sha256: str
    """Of its key, in hex; the key itself is stored nowhere."""
    extent: Extent
    subject: str
    """The section, or the id of the article; empty for the site."""
    created: datetime
    until: datetime
    """The first instant at which it opens nothing any more."""

    def is_open(self, *, now: datetime) -> bool:
        """Say whether it has not ended."""
        return now < self.until


def new_key(random_bytes: Callable[[int], bytes]) -> str:
    """Make the key of a link, in letters, digits, - and _; random_bytes must be unpredictable."""
    return urlsafe_b64encode(random_bytes(KEY_BYTES)).decode()


def grant_of(share: Share, key: str) -> Grant:
    """Say what a link opens for whoever has its key."""
    return Grant(By.SHARE, share.extent, share.subject, key)


def address_of(share: Share, key: str, api_url: str) -> str:
    """Write the link itself: the page of statistics that it opens."""
    subject = {} if share.extent is Extent.SITE else {str(share.extent): share.subject}
    return f"{api_url}/statistics?{urlencode({**subject, 'share': key})}"
