"""A count: the lifetime views and visitors of one article, as far as they are tallied."""

from dataclasses import dataclass, replace
from datetime import datetime

from circulation.view import Entry


@dataclass(frozen=True, slots=True)
class Count:
    """Lifetime numbers of an article: an older counter's total, settled days and open days.

    as_of is the time of the newest view inside the number, None before the first one.
    """

    article: str
    views: int
    visitors: int
    as_of: datetime | None = None
    unpublished: bool = False

    def including(self, entry: Entry) -> "Count":
        """Give the count with a visitor's own view in it, whether or not it is tallied yet.

        A view that was entered after this count was read, or is newer than any that is tallied, is
        not inside yet. An older one may be one shard's delay away; it is then shown a moment later.
        """
        if not (entry.fresh or self.as_of is None or entry.at > self.as_of):
            return self
        return replace(
            self,
            views=self.views + 1,
            visitors=self.visitors + (entry.views == 1),
            as_of=max(self.as_of or entry.at, entry.at),
        )


@dataclass(frozen=True, slots=True)
class DayCount:
    """The views of one article on one UTC day."""

    views: int
    visitors: int
    hours: dict[int, int]
    """Views by hour of the UTC day, 0 to 23."""
