"""Feed readers in the library's table: the subscribers of each feed, as its readers tell them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from circulation.aws.table import Change
from circulation.statistics.figures import FeedReaders
from circulation.statistics.keys import READERS, readers_key
from circulation.statistics.reader_apps import is_known
from circulation.times import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from circulation.aws.table import Item, Table
    from circulation.statistics.reader_apps import AppReaders

KEEP_READERS = timedelta(days=14)
"""How long what a reader said last is shown."""
MAX_FEEDS = 100
"""Feeds with subscribers."""
MAX_APPS = 20
"""Apps of a feed, and ids that an app has for it."""
MAX_OTHER_APPS = 10
"""Of them apps that are not known: whoever makes up names leaves room for the known ones."""
MAX_FEED_PATH = 512
"""Characters of a feed's path."""
PAUSE = timedelta(seconds=10)
"""Between two notes of a container."""
FRESH_READERS = timedelta(minutes=5)
"""How long a container gives the same answer."""


class _Line(NamedTuple):
    feed: str
    app: str
    feed_id: str


class _Said(NamedTuple):
    subscribers: int
    day: str
    """The UTC day on which it was said last."""


class FeedReaderBook:
    """The subscribers of feeds by app.

    User agents are what anybody sends, so what they make a container do is bounded: a note in
    PAUSE, at most one write of it, and as many items as MAX_FEEDS and MAX_APPS allow.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._said: dict[_Line, _Said] = {}
        self._learned = ""
        self._noted: datetime | None = None
        self._answer: tuple[datetime, tuple[FeedReaders, ...]] | None = None

    def is_news(self, feed: str, readers: AppReaders, *, now: datetime) -> bool:
        """Tell whether a note is due: this was not noted today, and no other one within PAUSE."""
        if len(feed) > MAX_FEED_PATH:
            return False
        if self._noted and abs(now - self._noted) < PAUSE:
            return False
        said = self._said.get(_Line(feed, readers.app, readers.feed_id))
        return said != (readers.subscribers, day_of(now))

    def note(self, feed: str, readers: AppReaders, *, now: datetime) -> None:
        """Note what a user agent tells of a feed (by its path, such as /feed.rss), if it is news.

        It takes one write at most, and once a UTC day and container one query. Where there is no
        room, nothing is written. Raises StoreUnavailable.
        """
        if not self.is_news(feed, readers, now=now):
            return
        self._noted = now
        day = day_of(now)
        if self._learned != day:
            self._said = {_line_of(item): _said_of(item) for item in self._items(now)}
            self._learned = day
        line = _Line(feed, readers.app, readers.feed_id)
        said = _Said(readers.subscribers, day)
        if self._said.get(line) == said or not self._has_room(line):
            return
        attributes = {
            "subscribers": said.subscribers,
            "day": day,
            "ttl": int((now + KEEP_READERS).timestamp()),
        }
        self._table.update(readers_key(*line), Change.setting(attributes))
        self._said[line] = said

    def all(self, *, now: datetime) -> tuple[FeedReaders, ...]:
        """Read the subscribers of every feed by app, those of most subscribers first.

        One query, which takes at most some 40 read units; none within FRESH_READERS.
        """
        if self._answer and abs(now - self._answer[0]) < FRESH_READERS:
            return self._answer[1]
        sums = Counter[tuple[str, str]]()
        for item in self._items(now):
            sums[_line_of(item)[:2]] += item["subscribers"]
        found = (FeedReaders(*place, subscribers) for place, subscribers in sums.items())
        ordered = sorted(found, key=lambda line: (-line.subscribers, line.feed, line.app))
        self._answer = (now, tuple(ordered))
        return self._answer[1]

    def _items(self, now: datetime) -> Iterable[Item]:
        """Read what was said; DynamoDB deletes what has expired days later."""
        items = self._table.query(READERS, limit=MAX_FEEDS * MAX_APPS)
        return (item for item in items if item["ttl"] > now.timestamp())

    def _has_room(self, line: _Line) -> bool:
        if line in self._said:
            return True
        apps = [other.app for other in self._said if other.feed == line.feed]
        if not apps and len({other.feed for other in self._said}) >= MAX_FEEDS:
            return False
        others = sum(not is_known(app) for app in apps)
        return len(apps) < MAX_APPS and (is_known(line.app) or others < MAX_OTHER_APPS)


def _line_of(item: Item) -> _Line:
    return _Line(*item["sk"].split("#"))


def _said_of(item: Item) -> _Said:
    return _Said(item["subscribers"], item["day"])
