import os
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from circulation.article import Submission
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.publishing import publish, unpublish
from circulation.recording import Recorded, record_hit
from circulation.recounting import Drift, recount
from circulation.store import Store
from circulation.tally import Batch
from circulation.tallying import tally
from circulation.view import Reason
from tests.builders import NOW, TODAY, article, hit, line

salts = partial(bytes)  # bytes(32): a salt as good as any here


def record(store: Store, at: datetime = NOW, **changes: Any) -> Recorded:
    return record_hit(
        hit(**changes), store, now=at, repeat_window=timedelta(minutes=30), random_bytes=salts
    )


@pytest.fixture
def library(store: Store) -> Store:
    publish(Submission(article(), 346), store, now=NOW)
    return store


def test_a_view_is_counted_and_seen_at_once(library: Store) -> None:
    recorded = record(library)
    assert (recorded.counted, recorded.reason, recorded.count.views) == (True, None, 347)
    assert dict(library.day_book.pages(TODAY)) == {"harbour-clock": 0}
    assert library.ledger.recount("harbour-clock", TODAY).views == 1


def test_a_repeat_is_not_counted_and_says_so(library: Store) -> None:
    record(library)
    again = record(library, at=NOW + timedelta(minutes=5), nonce="n2")
    assert (again.counted, again.reason, again.count.views) == (False, Reason.REPEAT, 347)


def test_a_retry_is_counted_once_and_reported_as_counted(library: Store) -> None:
    record(library)
    assert record(library, at=NOW + timedelta(seconds=2)).counted
    assert library.ledger.recount("harbour-clock", TODAY).views == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"user_agent": "curl/8.5.0"}, Reason.BOT),
        ({"prefetched": True}, Reason.PREFETCH),
        ({"opted_out": True}, Reason.PRIVACY),
    ],
)
def test_a_dismissed_hit_leaves_no_trace(
    library: Store, changes: dict[str, Any], reason: Reason
) -> None:
    recorded = record(library, **changes)
    assert (recorded.counted, recorded.reason, recorded.count.views) == (False, reason, 346)
    assert not list(library.ledger._table.scan())  # noqa: SLF001
    assert not list(library.day_book.pages(TODAY))
    assert not library.salts.days()


def test_an_unknown_article_is_refused_without_a_write(library: Store) -> None:
    with pytest.raises(ArticleNotFound):
        record(library, article_id="nobody")
    assert not list(library.ledger._table.scan())  # noqa: SLF001
    assert not list(library.day_book.pages(TODAY))
    assert not library.salts.days()


def test_an_unpublished_article_counts_no_more(library: Store) -> None:
    unpublish("harbour-clock", library, now=NOW)
    with pytest.raises(ArticleGone):
        record(library)


def test_the_day_is_that_of_the_request_whatever_follows(library: Store) -> None:
    record(library, at=datetime.fromisoformat("2026-03-14T23:59:59.999+00:00"))
    assert library.ledger.recount("harbour-clock", "2026-03-14").views == 1
    assert library.salts.days() == ["2026-03-14"]


def test_a_recount_restores_what_the_stream_lost_and_leaves_the_rest(library: Store) -> None:
    for host in range(3):
        record(library, address=f"192.0.2.{host}")
    tally(Batch("s", [line(1)]), library)  # two of the three never came through
    assert recount(TODAY, library) == [Drift("harbour-clock", tallied=1, recounted=3)]
    assert library.counters.get("harbour-clock").views == 349
    assert dict(library.day_book.pages(TODAY)) == {"harbour-clock": 3}
    assert recount(TODAY, library) == []


def test_the_first_salt_of_a_day_stays_whoever_asks(store: Store) -> None:
    first = store.salts.of(TODAY, os.urandom)
    store.salts.of("2026-03-15", os.urandom)  # so that the first is not at hand
    assert store.salts.of(TODAY, os.urandom) == first
    assert store.salts._make(TODAY, b"late") == first
