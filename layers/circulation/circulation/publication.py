"""The publication: the site whose articles these are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Publication:
    """A site's name, address, language, and the zone its times are shown in."""

    title: str
    url: str
    description: str
    language: str
    zone: ZoneInfo

    def local(self, moment: datetime) -> datetime:
        """Give the instant in the publication's zone, by that zone's rules on that day."""
        return moment.astimezone(self.zone)
