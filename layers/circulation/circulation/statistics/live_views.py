"""The last minutes' views in the library's table: items of a shard and a minute, for two hours."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from circulation.aws.table import Change
from circulation.counting.marks import mark_name
from circulation.statistics.keys import live_key, live_partition
from circulation.statistics.live import (
    MINUTE,
    READABLE,
    Gathering,
    Minute,
    minute_number,
    start_of_minute,
)
from circulation.times import hour_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from circulation.aws.table import Item, Key, Table
    from circulation.counting.tally import Batch
    from circulation.statistics.live import Portion

KEEP_LIVE = timedelta(hours=2)
"""How long after its newest view an item expires."""
MAX_LISTED = 50
"""Articles in an item: the most read of its views."""
MAX_LIVE_ITEMS = 400
"""Items that are read at most, the newest ones: half an hour of some twelve shards."""
MAX_SHARDS = 32
"""Shards of which a container gathers views; usually it has one."""
FRESH = timedelta(seconds=10)
"""How long a container gives the same answer."""
_GROWTH = 2 * MINUTE
"""By how much an item's newest view may be after the minute in its key: it grows for a minute."""


class LiveViews:
    """The last minutes' views."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._gatherings: dict[str, Gathering] = {}
        self._answer: tuple[datetime, dict[datetime, Minute]] | None = None

    def put(self, batch: Batch, *, now: datetime) -> None:
        """Gather a batch's views, and write those that wait if it is time: at most one write.

        Views older than READABLE are left out. Raises StoreUnavailable.
        """
        gathering = self._gatherings.get(batch.shard)
        if gathering is None:
            if len(self._gatherings) >= MAX_SHARDS:
                del self._gatherings[next(iter(self._gatherings))]
            gathering = self._gatherings[batch.shard] = Gathering(batch.shard)
        portion = gathering.add(batch.lines, now=now)
        if portion:
            self._table.update(_key_of(portion), Change.setting(_attributes_of(portion)))

    def since(self, now: datetime) -> dict[datetime, Minute]:
        """Read the minutes from READABLE before now on, by the start of each that has views.

        It takes one query or two, of at most MAX_LIVE_ITEMS items, eventually consistent; within
        FRESH of the last answer it takes none. Raises StoreUnavailable.
        """
        if self._answer and abs(now - self._answer[0]) < FRESH:
            return self._answer[1]
        last = minute_number(now)
        numbers = range(last - READABLE // MINUTE + 1, last + 1)
        minutes = {number: Minute() for number in numbers}
        for item in self._items(start_of_minute(numbers[0]) - _GROWTH, now):
            _add_item(minutes, item)
        read = {start_of_minute(number): minute for number, minute in minutes.items()}
        viewed = {start: minute for start, minute in read.items() if minute.views}
        self._answer = (now, viewed)
        return viewed

    def _items(self, first: datetime, last: datetime) -> Iterator[Item]:
        """Read the items of the minutes from first to last, the newest first."""
        left = MAX_LIVE_ITEMS
        hour = hour_of(last)
        while left and hour >= hour_of(first):
            start = f"{max(hour, first):%M}"
            partition = live_partition(_hour_name(hour))
            for item in self._table.query(
                partition, between=(start, "~"), descending=True, limit=left
            ):
                left -= 1
                yield item
            hour -= timedelta(hours=1)


def _hour_name(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H}"


def _key_of(portion: Portion) -> Key:
    newest, first = portion.newest, portion.first.lstrip("0")
    return live_key(_hour_name(newest), f"{newest:%M}", mark_name(portion.shard), first)


def _attributes_of(portion: Portion) -> dict[str, Any]:
    """Give an item's attributes: numbers by minute are lists, in the order of its minutes."""
    minutes = sorted({minute for _, minute, _ in portion.sightings})
    places = {minute: place for place, minute in enumerate(minutes)}
    by_article = Counter[str]()
    for (article, _, _), number in portion.sightings.items():
        by_article[article] += number
    listed = {article: [0] * len(minutes) for article, _ in by_article.most_common(MAX_LISTED)}
    leads = {article: Counter[str]() for article in listed}
    views, sources = [0] * len(minutes), dict[str, list[int]]()
    for (article, minute, source), number in portion.sightings.items():
        place = places[minute]
        views[place] += number
        if source:
            sources.setdefault(source, [0] * len(minutes))[place] += number
        if article in listed:
            listed[article][place] += number
            leads[article][source or ""] += number
    return {
        "minutes": minutes,
        "views": views,
        "sources": sources,
        "articles": {
            article: [max(leads[article].items(), key=_by_number)[0], *numbers]
            for article, numbers in listed.items()
        },
        "ttl": int((portion.newest + KEEP_LIVE).timestamp()),
    }


def _by_number(lead: tuple[str, int]) -> tuple[int, str]:
    """Sort the sources of an article: by views, and by name where these are equal."""
    return lead[1], lead[0]


def _add_item(minutes: dict[int, Minute], item: Item) -> None:
    """Add an item's views to those of its minutes that are asked for, by number."""
    for place, number in enumerate(item["minutes"]):
        minute = minutes.get(number)
        if minute is None:
            continue
        minute.views += item["views"][place]
        for source, views in item["sources"].items():
            minute.sources[source] += views[place]
        for article, (source, *views) in item["articles"].items():
            if views[place]:
                minute.articles[article] += views[place]
                if source:
                    minute.lead_sources.setdefault(article, Counter())[source] += views[place]
