from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from circulation.errors import StoreUnavailable
from circulation.statistics.feed_readers import (
    FRESH_READERS,
    KEEP_READERS,
    MAX_APPS,
    MAX_FEED_PATH,
    MAX_FEEDS,
    MAX_OTHER_APPS,
    PAUSE,
    FeedReaderBook,
)
from circulation.statistics.figures import FeedReaders
from circulation.statistics.keys import READERS
from circulation.statistics.noting_readers import note_feed_readers
from circulation.statistics.reader_apps import KNOWN_APPS, AppReaders
from tests.memory_store import metered_tables, store_on

NOW = datetime(2026, 11, 28, 9, 15, 26, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = "/feed.rss"


class Book(FeedReaderBook):
    """A container's book, whose every note comes a pause after the one before."""

    def __init__(self, tables: Any) -> None:
        super().__init__(store_on(tables).library_table)
        self.now = NOW

    def say(self, app: str, number: int, feed: str = FEED, feed_id: str = "") -> None:
        self.now += PAUSE
        self.note(feed, AppReaders(app, feed_id, number), now=self.now)


@pytest.fixture
def tables() -> Any:
    return metered_tables()


@pytest.fixture
def book(tables: Any) -> Book:
    return Book(tables)


def read(tables: Any, now: datetime = NOW) -> list[tuple[str, str, int]]:
    found = FeedReaderBook(store_on(tables).library_table).all(now=now)
    return [(line.feed, line.app, line.subscribers) for line in found]


def test_the_subscribers_of_a_feed_are_read_by_app(tables: Any, book: Book) -> None:
    book.say("NewsBlur", 16)
    book.say("Feedly", 140)
    book.say("Feedly", 2, "/sections/city/feed.atom")
    assert read(tables) == [
        (FEED, "Feedly", 140),
        (FEED, "NewsBlur", 16),
        ("/sections/city/feed.atom", "Feedly", 2),
    ]


def test_the_last_number_counts_and_the_ids_of_an_app_are_added_up(tables: Any, book: Book) -> None:
    for number, feed_id in ((5, "a"), (7, "b"), (6, "a")):
        book.say("Overcast", number, feed_id=feed_id)
    assert read(tables) == [(FEED, "Overcast", 13)]


def test_the_same_is_written_once_a_day_by_all_containers(tables: Any, book: Book) -> None:
    book.say("NewsBlur", 16)
    written = tables.write_units
    for other in (book, Book(tables)):
        other.say("NewsBlur", 16)
        other.say("NewsBlur", 16)
    assert tables.write_units == written
    book.now += DAY
    book.say("NewsBlur", 16)
    assert tables.write_units == written + 1


def test_a_container_reads_what_was_said_once_a_day(tables: Any, book: Book) -> None:
    book.say("NewsBlur", 16)
    read_before = tables.read_units
    for number in range(17, 30):
        book.say("NewsBlur", number)
    assert tables.read_units == read_before


def test_a_container_notes_once_in_a_pause_whatever_it_is_sent(tables: Any, book: Book) -> None:
    for number in range(1, 100):
        book.note(FEED, AppReaders("NewsBlur", "", number), now=NOW)
    assert read(tables) == [(FEED, "NewsBlur", 1)]


def test_what_was_said_long_ago_is_not_shown(tables: Any, book: Book) -> None:
    book.say("NewsBlur", 16)
    assert read(tables, NOW + KEEP_READERS)
    assert read(tables, NOW + KEEP_READERS + PAUSE) == []
    (item,) = store_on(tables).library_table.query(READERS)
    assert item["ttl"] == (NOW + PAUSE + KEEP_READERS).timestamp()


def test_made_up_apps_leave_room_for_the_known_ones(tables: Any, book: Book) -> None:
    for number in range(MAX_OTHER_APPS + 5):
        book.say(f"App{number}", 1)
    assert len(read(tables)) == MAX_OTHER_APPS
    for name in list(KNOWN_APPS.values())[: MAX_APPS - MAX_OTHER_APPS]:
        book.say(name, 1)
    assert len(read(tables)) == MAX_APPS
    book.say("Feedly", 1, feed_id="more")
    assert len(read(tables)) == MAX_APPS
    book.say("App1", 8)
    assert read(tables)[0] == (FEED, "App1", 8)


def test_a_bounded_number_of_feeds_has_subscribers(tables: Any, book: Book) -> None:
    for number in range(MAX_FEEDS + 5):
        book.say("Feedly", 1, f"/tags/{number}/feed.rss")
    book.say("Feedly", 1, "/" + "a" * MAX_FEED_PATH)
    assert len(read(tables)) == MAX_FEEDS


def test_an_answer_is_given_again_for_a_while(book: Book) -> None:
    book.say("Feedly", 1)
    first = book.all(now=NOW)
    assert first == (FeedReaders(FEED, "Feedly", 1),)
    book.say("Feedly", 2)
    assert book.all(now=NOW + FRESH_READERS - PAUSE) is first
    assert book.all(now=NOW + FRESH_READERS) == (FeedReaders(FEED, "Feedly", 2),)


def test_a_full_table_of_subscribers_is_read_for_few_units(tables: Any, book: Book) -> None:
    for feed in range(MAX_FEEDS):
        for app in list(KNOWN_APPS.values())[:MAX_APPS]:
            book.say(app, 1_000, f"/sections/of-some-length-{feed}/feed.rss")
    before = tables.read_units
    read(tables)
    assert tables.read_units - before <= 40


class Failing(FeedReaderBook):
    """A book that cannot be written."""

    def note(self, feed: str, readers: AppReaders, *, now: datetime) -> None:
        raise StoreUnavailable(f"{feed} {readers} {now}")


def test_a_note_that_fails_is_logged_and_dropped(
    tables: Any, caplog: pytest.LogCaptureFixture
) -> None:
    book = Failing(store_on(tables).library_table)
    note_feed_readers(FEED, "Feedly/1.0 (3 subscribers)", book, now=NOW)
    assert "feed readers are dropped" in caplog.text
