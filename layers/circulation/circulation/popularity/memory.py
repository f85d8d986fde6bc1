"""What a container remembers from one run of RankPopular to the next and need not read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from circulation.counting.counts import PageViews, Standing, Total
    from circulation.popularity.day_views import ViewsByArticle
    from circulation.popularity.rankings import Ranked
    from circulation.popularity.tops import StoredTop
    from circulation.popularity.windows import Window


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """The final numbers of a UTC day: sealed on every page and settled in every counter."""

    views: ViewsByArticle
    site: Total
    """The whole site's."""
    pages: Sequence[PageViews] | None = None
    """With their hours, as long as the day is yesterday; else None."""


@dataclass(slots=True)
class Memory:
    """What a run found; an empty one costs the next run more units and changes no result."""

    days: dict[str, ClosedDay] = field(default_factory=dict)
    standings: dict[str, Standing | None] = field(default_factory=dict)
    """Of every article that is published or was viewed; None if it was never published."""
    rankings: dict[Window, dict[str | None, Ranked]] = field(default_factory=dict)
    """The stored rankings, by window and section."""
    tops: dict[str, StoredTop] = field(default_factory=dict)
    """The stored tops of the days of the windows, and of their months, by name."""
    looked: datetime | None = None
    """When the last run that looked at the pages was due."""
    views: int = 0
    """Of the whole site in the windows, when the last run looked."""
    traits: tuple[datetime, int] | None = None
    """When traits were read last, and the views that the site had then in the windows."""
    came: tuple[int, timedelta] | None = None
    """The views that came between the last two runs, and the time between them; None if the last
    one did not end, or was the first one of a day."""
