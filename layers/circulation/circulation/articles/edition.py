"""An edition: what a feed shows at an instant, known by one small item before anything is read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """How a listing stands: two editions with the same number and moment show the same."""

    number: int
    """How many changes were made to the listing."""
    moment: datetime
    """When it last changed: by a publisher, or because an article's time had come."""
    shown: bool = True
    """Whether an article stands in it; False where the last one was taken out."""

    @property
    def name(self) -> str:
        """The number and the moment, as they are told apart in an ETag."""
        return f"{self.number:x}-{max(0, int(self.moment.timestamp())):08x}"
