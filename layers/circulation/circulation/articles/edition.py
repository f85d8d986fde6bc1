"""An edition: the version of a listing, in one small item that is read before any article."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """The state of a listing: with the same number and moment the same articles are visible."""

    number: int
    """How many changes were made to the listing."""
    moment: datetime
    """When it last changed: by a publisher, or because the time of an article came."""
    shown: bool = True
    """Whether the listing has an article; False after the last one was taken out."""
    awaiting: bool = False
    """Whether articles may be listed that are to appear later."""

    @property
    def name(self) -> str:
        """The number and the moment, in hex, as an ETag has them."""
        return f"{self.number:x}-{max(0, int(self.moment.timestamp())):08x}"
