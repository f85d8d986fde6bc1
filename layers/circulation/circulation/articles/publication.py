"""The publication: the site whose articles these are."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Publication:
    """A site's name, address, language, and the zone its times are shown in."""

    title: str
    url: str
    description: str
    language: str
    zone: ZoneInfo
    image: str = ""
    """The site's picture in its feeds; empty when there is none."""
    feed_authority: str = ""
    """Whose name stands in permanent ids; empty for the host of the site's address."""

    @property
    def authority(self) -> str:
        """Whose name stands in permanent ids (RFC 4151: a domain name or an email address)."""
        return self.feed_authority or _host(self.url)

    def local(self, moment: datetime) -> datetime:
        """Give the instant in the publication's zone, by that zone's rules on that day.

        An offset has whole minutes in RFC 3339; what local time was before standard time had
        seconds, so it is rounded to the minute.
        """
        local = moment.astimezone(self.zone)
        offset = local.utcoffset() or timedelta(0)
        if not offset % timedelta(minutes=1):
            return local
        return moment.astimezone(timezone(timedelta(minutes=round(offset / timedelta(minutes=1)))))


@dataclass(frozen=True, slots=True)
class FeedStyle:
    """What a publication decides about its feeds."""

    items: int = 50
    max_age: int = 900
    """Seconds, in whole minutes, that a reader may keep a feed before it asks again."""
    full_text: bool = True
    hub: str = ""
    """The WebSub hub that is told of changes; empty when there is none."""


@cache
def _host(url: str) -> str:
    return urlsplit(url).hostname or "localhost"
