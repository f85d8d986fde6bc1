"""The publication: the site that publishes the articles."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from circulation.articles.listing import Kind, Listing

PLACE = "{name}"
"""What stands for a name in the address of its page."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A site's name, address, language, and the time zone in which times are shown."""

    title: str
    url: str
    description: str
    language: str
    zone: ZoneInfo
    image: str = ""
    """The address of the site's picture, for its feeds; empty if there is none."""
    feed_authority: str = ""
    """The authority in permanent ids; empty for the host of the site's address."""
    section_url: str = ""
    """The address of a section's page, with PLACE where its name stands; empty if there is none."""
    tag_url: str = ""
    """Likewise of a tag's page."""
    author_url: str = ""
    """Likewise of an author's page."""

    @property
    def authority(self) -> str:
        """The authority in permanent ids (RFC 4151: a domain name or an email address)."""
        return self.feed_authority or _host_of(self.url)

    def page_of(self, listing: Listing) -> str:
        """Give the address of the page of a section, tag or author; of the site if it has none."""
        forms = {
            Kind.SECTION: self.section_url,
            Kind.TAG: self.tag_url,
            Kind.AUTHOR: self.author_url,
        }
        return forms.get(listing.kind, "").replace(PLACE, quote(listing.name, safe="")) or self.url

    def local(self, moment: datetime) -> datetime:
        """Convert an instant to the publication's time zone.

        RFC 3339 writes an offset in whole minutes. Local times before standard time had offsets
        with seconds, which are rounded.
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
    """Articles in one page of a feed."""
    max_age: int = 900
    """Seconds, a multiple of 60, for which readers may cache a feed."""
    full_text: bool = True
    """Whether feeds carry the whole body, not only the summary."""
    hub: str = ""
    """The address of the WebSub hub that is notified of changes; empty if there is none."""


@cache
def _host_of(url: str) -> str:
    return urlsplit(url).hostname or "localhost"
