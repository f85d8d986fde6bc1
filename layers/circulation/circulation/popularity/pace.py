"""How often a stored ranking is written anew: as often as the views since then pay for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from circulation.popularity.windows import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulation.popularity.rankings import Ranked
    from circulation.popularity.windows import Ranking

UNIT_BYTES = 1_024
"""What a write unit takes (Amazon DynamoDB Developer Guide: Read and write operations)."""
REVISED = timedelta(minutes=2)
"""A change of a counter is over that long after it was announced on a page, by any clock: the
request that makes it has ended after 29 seconds."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When a stored ranking gives way to one that differs from it."""

    oldest: timedelta
    """The age at which it does in any case."""
    views_per_unit: int
    """Views by which the two have to differ, for each write unit, for it to do so earlier."""


PACES = {
    Window.HOUR: Pace(timedelta(minutes=15), 12),
    Window.DAY: Pace(timedelta(hours=2), 30),
    Window.WEEK: Pace(timedelta(hours=6), 100),
    Window.MONTH: Pace(timedelta(hours=6), 100),
    Window.ALL: Pace(timedelta(hours=6), 100),
}
"""The paces of the windows. A view is in ten rankings at most, five of the site and five of its
section, so it causes a third of a write unit at most, whatever the traffic, the number of sections
and the length of ids; beside that there is what the oldest age causes."""

PACE_OF_TOPS = Pace(timedelta(hours=6), 100)
"""The pace of the running day and month."""

ENOUGH_VIEWS = 50
"""Views for which a run looks at the pages; one that can expect fewer leaves them to the next."""
LONGEST_REST = timedelta(minutes=9)
"""After that a run looks in any case: every second one of those that are due every five minutes."""


def can_rest(views: int, during: timedelta, since: timedelta) -> bool:
    """Tell whether a run may leave its work to the next one, for too few views came since the last.

    As many are expected as came at that run's time: some views during a time.
    """
    expected = views * (since / during) if during else ENOUGH_VIEWS
    return timedelta(0) <= since < LONGEST_REST and expected < ENOUGH_VIEWS


VIEWS_FOR_TRAITS = 700
"""Views for which a run reads the pages with their traits."""
LONGEST_WITHOUT_TRAITS = timedelta(minutes=29)
"""After that a run does in any case: every sixth one of those that are due every five minutes."""


def is_time_for_traits(read: tuple[datetime, int] | None, views: int, *, now: datetime) -> bool:
    """Tell whether a run reads traits, by when they were read, at how many views of the site."""
    if read is None:
        return True
    when, before = read
    return (
        not when <= now < when + LONGEST_WITHOUT_TRAITS or abs(views - before) >= VIEWS_FOR_TRAITS
    )


def is_due(
    pace: Pace,
    stored: Ranked,
    ranking: Ranking,
    announced: Mapping[str, datetime],
    *,
    now: datetime,
) -> bool:
    """Tell whether a ranking is to be written in place of the stored one.

    What a publisher changed shows at once: announced has the time of the last change of an article
    other than by views, of those that changed today.
    """
    if stored.ranking == ranking:
        return False
    if not now - pace.oldest < stored.as_of <= now:
        return True  # it is too old, or from before the clock was set back
    before, after = dict(stored.ranking), dict(ranking)
    moved = {
        article: abs(after.get(article, 0) - before.get(article, 0))
        for article in before.keys() | after.keys()
        if after.get(article) != before.get(article)
    }
    revised = moved.keys() & announced.keys()
    if any(announced[article] > stored.as_of - REVISED for article in revised):
        return True
    return sum(moved.values()) >= pace.views_per_unit * _units(ranking)


def _units(ranking: Ranking) -> int:
    """Give the write units of a ranking: its ids, and four bytes for each article beside."""
    return 1 + sum(len(article) + 4 for article, _ in ranking) // UNIT_BYTES
