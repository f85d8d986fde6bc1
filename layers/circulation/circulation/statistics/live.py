"""The last minutes' views: about right, as a batch that comes twice may be in them twice.

They are gathered beside the tally and read by whoever asks what moves now. No other number is made
of them, and nothing in them says who read what: they are numbers of articles, sources and minutes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from circulation.counting.canary import belongs_to_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circulation.counting.tally import LedgerLine

MINUTE = timedelta(minutes=1)
SHOWN_MINUTES = 30
"""Minutes that are shown."""
LATEST = timedelta(minutes=5)
"""How long ago the newest minute that is shown may be: a view is tallied and written so late."""
READABLE = SHOWN_MINUTES * MINUTE + LATEST
"""How old a view may be; an older one is shown nowhere, and so it is not written."""
MAX_AHEAD = MINUTE
"""More than the clocks of two hosts differ (NTP); a view that is later still is not written."""
ENOUGH_VIEWS = 5
"""So many waiting views are written at once."""
LONGEST_WAIT = timedelta(minutes=3)
"""So long after the last write of their shard waiting views are written, however few they are."""

Sighting = tuple[str, int, str | None]
"""What is known of a view: its article, its minute (see minute_number) and its source."""


@dataclass(slots=True)
class Minute:
    """The views of one minute of the site."""

    views: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    """Views by article, of the most read of each batch."""
    sources: Counter[str] = field(default_factory=Counter)
    """Views by source (counting.traits.Source)."""
    lead_sources: dict[str, Counter[str]] = field(default_factory=dict)
    """Views by source, by article, of the articles listed: of each item its leading one."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The views of one item: of one shard, and of batches that came within a minute."""

    shard: str
    first: str
    """The mark of its first line."""
    newest: datetime
    """The minute of its newest view when it was begun."""
    begun: datetime
    sightings: Counter[Sighting]


class Gathering:
    """The views of one shard that a container has not written yet.

    Where views are few, a write for every batch would cost more than half a write unit a view. So
    they wait for ENOUGH_VIEWS, or until LONGEST_WAIT has passed since the last write. What waits
    when the container ends is missing. Where views are many, all of a minute stand in one item,
    which is written again with every batch: so a reader finds one item for a shard and minute.
    """

    def __init__(self, shard: str) -> None:
        self._shard = shard
        self._last = ""
        self._waiting = Counter[Sighting]()
        self._first_waiting = ""
        self._portion: Portion | None = None
        self._written: datetime | None = None

    def add(self, lines: Sequence[LedgerLine], *, now: datetime) -> Portion | None:
        """Gather the lines of a batch; give the portion that is to be written now, if there is one.

        The canary's are left out. It replaces an earlier one with the same first line. Lines that
        are not after the last one are delivered again, and were gathered before.
        """
        oldest, newest = now - READABLE, now + MAX_AHEAD
        last = self._last
        fresh = [
            line
            for line in lines
            if line.mark > last and oldest <= line.at < newest and belongs_to_site(line.article)
        ]
        self._last = max(last, lines[-1].mark) if lines else last
        if fresh:
            self._first_waiting = self._first_waiting or fresh[0].mark
            self._waiting.update(
                (line.article, minute_number(line.at), line.traits.source) for line in fresh
            )
        return self._take(now) if self._is_due(now) else None

    def _is_due(self, now: datetime) -> bool:
        if not self._waiting or self._written is None:
            return bool(self._waiting)
        waited = abs(now - self._written) >= LONGEST_WAIT  # also if the clock was set back
        return waited or self._waiting.total() >= ENOUGH_VIEWS

    def _take(self, now: datetime) -> Portion:
        """Move what waits into the portion of this minute, or into a new one."""
        portion = self._portion
        if portion is None or abs(now - portion.begun) >= MINUTE:
            newest = max(minute for _, minute, _ in self._waiting)
            portion = self._portion = Portion(
                self._shard, self._first_waiting, start_of_minute(newest), now, Counter()
            )
        portion.sightings.update(self._waiting)
        self._waiting = Counter()
        self._first_waiting = ""
        self._written = now
        return portion


def minute_number(moment: datetime) -> int:
    """Give the minute of an instant, in minutes since 1970-01-01T00:00Z."""
    return int(moment.timestamp()) // 60


def start_of_minute(number: int) -> datetime:
    """Give the first instant of a minute by its number."""
    return datetime.fromtimestamp(number * 60, UTC)
