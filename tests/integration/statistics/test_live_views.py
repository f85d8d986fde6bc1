from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from circulation.counting.tally import Batch, Increment
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.statistics import tallying_live
from circulation.statistics.keys import live_partition
from circulation.statistics.live_views import MAX_LISTED, LiveViews
from circulation.statistics.tallying_live import tally_live
from tests.builders import line
from tests.memory_store import metered_tables, store_in_memory, store_on

NOW = datetime(2026, 11, 28, 9, 15, 26, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
THIS = NOW.replace(second=0)


def batch(*views: tuple[int, str, datetime, str], shard: str = "s") -> Batch:
    """A batch of views: each one's number, article, time and source."""
    return Batch(shard, [line(n, name, at=at, source=source) for n, name, at, source in views])


def items(store: Container, hour: str = "2026-11-28T09") -> list[dict[str, Any]]:
    return list(store.library_table.query(live_partition(hour)))


def test_views_are_read_by_minute_article_and_source() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    live.put(
        batch(
            (1, "a", NOW - MINUTE, "search"),
            (2, "a", NOW, "home"),
            (3, "b", NOW, "home"),
            (4, "a", NOW, "home"),
            (5, "a", NOW, "search"),
        ),
        now=NOW,
    )
    minutes = live.since(NOW)
    assert list(minutes) == [THIS - MINUTE, THIS]
    assert minutes[THIS - MINUTE].views == 1
    assert minutes[THIS].views == 4
    assert minutes[THIS].articles == Counter(a=3, b=1)
    assert minutes[THIS].sources == Counter(home=3, search=1)
    # Half of the article's views came by each; an item names one.
    assert minutes[THIS].lead_sources == {"a": Counter(search=3), "b": Counter(home=1)}
    assert minutes[THIS - MINUTE].articles == Counter(a=1)


def test_a_batch_that_is_delivered_to_another_container_replaces_its_item() -> None:
    store = store_in_memory()
    for _ in range(2):
        LiveViews(store.library_table).put(batch((9, "a", NOW, "home")), now=NOW)
    assert LiveViews(store.library_table).since(NOW)[THIS].views == 1
    (item,) = items(store)
    assert item["sk"].startswith("15#")
    assert item["sk"].endswith("#9")
    assert item["ttl"] == (THIS + timedelta(hours=2)).timestamp()


def test_shards_are_added_up() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    for shard in ("s1", "s2"):
        live.put(batch((9, "a", NOW, "home"), shard=shard), now=NOW)
    assert live.since(NOW)[THIS].articles == Counter(a=2)


def test_a_long_delayed_batch_writes_nothing() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    live.put(batch((1, "a", NOW - timedelta(hours=2, minutes=1), "home")), now=NOW)
    assert items(store) == items(store, "2026-11-28T07") == []


def test_the_half_hour_goes_on_over_the_full_hour() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    past = NOW.replace(hour=8, minute=45)
    for number, at in ((1, past), (2, NOW)):
        live.put(batch((number, "a", at, "home")), now=at)
    assert list(live.since(NOW)) == [past.replace(second=0), THIS]


def test_an_item_is_found_as_long_as_any_of_its_views_is_shown() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    begun = NOW - 36 * MINUTE
    live.put(batch((1, "a", begun, "home")), now=begun)
    later = begun + timedelta(seconds=59)
    live.put(batch(*((n, "a", later, "home") for n in range(2, 10))), now=later)
    assert sum(minute.views for minute in live.since(NOW - 2 * MINUTE).values()) == 9
    assert sum(minute.views for minute in live.since(NOW - MINUTE).values()) == 8


def test_only_the_most_read_articles_of_a_batch_are_listed_and_all_views_counted() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    read = [(n, f"a{n % (MAX_LISTED + 10)}", NOW, "home") for n in range(1, 3 * MAX_LISTED)]
    live.put(batch(*read), now=NOW)
    minute = live.since(NOW)[THIS]
    assert minute.views == len(read)
    assert len(minute.articles) == MAX_LISTED


def test_an_item_stays_small_whatever_the_batch() -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    names = [f"{n:0>100}" for n in range(80)]
    at = [NOW - minutes * MINUTE for minutes in range(35)]
    views = [(n, names[n % 80], at[n % 35], "section") for n in range(1, 10_000)]
    live.put(batch(*views), now=NOW)
    (item,) = items(store)
    assert len(str(item)) < 20_000


def test_a_refresh_within_ten_seconds_reads_nothing() -> None:
    tables = metered_tables()
    store = store_on(tables)
    live = LiveViews(store.library_table)
    live.put(batch((1, "a", NOW, "home")), now=NOW)
    first = live.since(NOW)
    read = tables.read_units
    assert live.since(NOW + timedelta(seconds=9)) is first
    assert tables.read_units == read
    live.since(NOW + timedelta(seconds=10))
    assert tables.read_units > read


class Stuck(LiveViews):
    """Live views whose write takes its time."""

    def __init__(self, until: Event) -> None:
        self._until = until
        self.left = Event()

    def put(self, batch: Batch, *, now: datetime) -> None:
        assert batch.lines, now
        self._until.wait(10)
        self.left.set()


def test_a_write_that_hangs_holds_the_tally_up_no_longer_than_patience(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tallying_live, "PATIENCE", 0.01)
    store, until = store_in_memory(), Event()
    stuck = Stuck(until)
    try:
        for _ in range(2):
            tally_live(batch((1, "a", NOW, "home")), store.books, stuck, now=NOW)
        assert "live views are dropped: an earlier note goes on" in caplog.text
    finally:
        until.set()
        assert stuck.left.wait(10)


def fail(increment: Increment) -> int:
    raise StoreUnavailable(f"the page of {increment.article}")


def test_an_error_of_the_tally_is_not_hidden_and_its_views_are_noted_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = store_in_memory()
    live = LiveViews(store.library_table)
    monkeypatch.setattr(store.books.day_book, "grow", fail)
    with pytest.raises(StoreUnavailable):
        tally_live(batch((1, "a", NOW, "")), store.books, live, now=NOW)
    assert live.since(NOW)[THIS].views == 1
