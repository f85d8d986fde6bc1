"""Note the subscribers of a feed while it is asked for, without any harm to the answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from circulation.statistics.noting import Notes
from circulation.statistics.reader_apps import read_subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.statistics.feed_readers import FeedReaderBook

FEED_PATIENCE = 0.1
"""Seconds that a feed waits for a note of its readers, at most; a note takes some 5 ms."""

_notes = Notes("feed readers")


def note_feed_readers(feed: str, user_agent: str, book: FeedReaderBook, *, now: datetime) -> None:
    """Note the subscribers that a user agent tells of a feed, by its path; most tell none."""
    readers = read_subscribers(user_agent)
    if readers and book.is_news(feed, readers, now=now):
        _notes.begin(partial(book.note, feed, readers, now=now)).join(FEED_PATIENCE)
