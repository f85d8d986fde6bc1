import os
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.counting.day_book import DayBook
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.counting.traits import Traits
from circulation.counting.view import LONGEST_REQUEST
from circulation.errors import ArticleGone, ArticleNotFound, StoreUnavailable
from circulation.runtime import Container
from circulation.views.hit import AGE_MARGIN, FILTERED, Reason
from circulation.views.recording import Recorded, record_hit
from circulation.views.salt_rotation import rotate_salts
from circulation.views.salts import Salts
from tests.builders import NOW, TODAY, article, hit, line, pages

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

salts = partial(bytes)  # bytes(32): a salt as good as any here


def record(store: Container, at: datetime = NOW, *, window: int = 30, **changes: Any) -> Recorded:
    return record_hit(
        hit(**changes),
        store.intake,
        now=at,
        repeat_window=timedelta(minutes=window),
        random_bytes=salts,
    )


@pytest.fixture
def library(store: Container) -> Container:
    publish(Submission(article(), 346), store.catalogue, store.books, now=NOW - timedelta(days=1))
    return store


def test_a_view_is_counted_and_seen_at_once(library: Container) -> None:
    recorded = record(library)
    assert (recorded.counted, recorded.reason, recorded.count.views) == (True, None, 347)
    assert pages(library) == {"harbour-clock": 0}
    assert library.ledger.recount("harbour-clock", TODAY).views == 1


def test_a_repeat_is_not_counted_and_says_so(library: Container) -> None:
    record(library)
    again = record(library, at=NOW + timedelta(minutes=5), nonce="n2")
    assert (again.counted, again.reason, again.count.views) == (False, Reason.REPEAT, 347)


def test_a_retry_is_counted_once_and_reported_as_counted(library: Container) -> None:
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
def test_a_dismissed_hit_leaves_no_trace_but_a_sum_of_its_own(
    library: Container, changes: dict[str, Any], reason: Reason
) -> None:
    recorded = record(library, **changes)
    assert (recorded.counted, recorded.reason, recorded.count.views) == (False, reason, 346)
    none = dict.fromkeys(FILTERED, 0)
    assert library.filtered.of("harbour-clock", [TODAY]) == none | {reason: 1}
    assert not list(library.ledger_table.scan())
    assert not pages(library)
    assert not library.salts.days()


def test_an_unknown_article_is_refused_without_a_write(library: Container) -> None:
    with pytest.raises(ArticleNotFound):
        record(library, article_id="nobody")
    assert not list(library.ledger_table.scan())
    assert not pages(library)
    assert not library.salts.days()


def test_an_unpublished_article_counts_no_more(library: Container) -> None:
    unpublish("harbour-clock", library.catalogue, library.books, now=NOW)
    with pytest.raises(ArticleGone):
        record(library)


MIDNIGHT = datetime(2026, 3, 15, tzinfo=UTC)


def test_a_retry_across_midnight_counts_once(library: Container) -> None:
    record(library, at=MIDNIGHT - timedelta(seconds=1))
    retried = record(library, at=MIDNIGHT + timedelta(seconds=1))
    assert retried.counted
    assert library.ledger.recount("harbour-clock", TODAY).views == 1
    assert not pages(library, "2026-03-15")


def test_a_repeat_across_midnight_is_one_as_long_as_the_days_salt_is_kept(
    library: Container,
) -> None:
    record(library, at=MIDNIGHT - timedelta(minutes=15))
    again = record(library, at=MIDNIGHT + timedelta(minutes=14), nonce="n2")
    assert again.reason is Reason.REPEAT
    assert record(library, at=MIDNIGHT + timedelta(minutes=15), nonce="n3").counted


@pytest.mark.parametrize("window", [0, 1, 30, 720])
def test_a_hit_from_before_a_midnight_whose_salt_is_gone_is_late_unless_today_has_it(
    library: Container, window: int
) -> None:
    record(library, at=MIDNIGHT - timedelta(minutes=1), window=window)
    after = MIDNIGHT + timedelta(minutes=max(window, 10))
    born = MIDNIGHT - timedelta(minutes=1)
    again = record(library, at=after, window=window, age=after - born)
    assert (again.counted, again.reason) == (False, Reason.LATE)
    assert not pages(library, "2026-03-15")
    assert library.filtered.of("harbour-clock", ["2026-03-15"])["late"] == 1
    # One that began today, and one that was entered today although it began yesterday, counts.
    today = record(library, at=after, window=window, nonce="n2", age=after - MIDNIGHT - AGE_MARGIN)
    assert today.counted
    early = MIDNIGHT + timedelta(minutes=5)
    other: dict[str, Any] = {"address": "192.0.2.7", "nonce": "n3", "window": window}
    assert record(library, at=early, age=timedelta(minutes=6), **other).counted
    for minutes in (10, 720, 1_430):
        at = MIDNIGHT + timedelta(minutes=max(minutes, window))
        assert record(library, at=at, age=at - born, **other).counted
    assert library.ledger.recount("harbour-clock", "2026-03-15").views == 2


@pytest.mark.parametrize("days", [2, 3, 7])
def test_a_hit_from_before_yesterday_is_late_also_while_yesterdays_salt_is_kept(
    library: Container, days: int
) -> None:
    rotate(library, MIDNIGHT - timedelta(hours=1))
    at = MIDNIGHT + timedelta(minutes=5)
    rotate(library, at)
    library.salts.delete("2026-03-13")  # as it was a day before
    assert record(library, at=at, age=timedelta(days=days)).reason is Reason.LATE


def test_a_stack_that_was_not_there_yesterday_has_no_late_hits(library: Container) -> None:
    for minutes in (5, 45):
        at = MIDNIGHT + timedelta(minutes=minutes)
        recorded = record(library, at=at, age=timedelta(hours=2), nonce=f"n{minutes}", window=0)
        assert recorded.counted


def test_where_a_salt_is_gone_before_its_time_hits_from_before_are_late(library: Container) -> None:
    record(library, at=MIDNIGHT - timedelta(minutes=1))
    library.salts.delete(TODAY)
    at = MIDNIGHT + timedelta(minutes=1)
    assert record(library, at=at, age=timedelta(minutes=3)).reason is Reason.LATE
    assert record(library, at=at, nonce="n2").counted


def rotate(store: Container, now: datetime) -> None:
    rotate_salts(store.salts, now=now, repeat_window=timedelta(minutes=30), random_bytes=salts)


def test_a_container_forgets_a_salt_when_its_time_is_over(library: Container) -> None:
    record(library, at=MIDNIGHT - timedelta(minutes=1))
    for minutes in (1, 29):
        record(
            library, at=MIDNIGHT + timedelta(minutes=minutes), address=f"192.0.2.{100 + minutes}"
        )
        for day in (TODAY, "2026-03-15"):
            Salts(library.salts_table).delete(day)  # as another container does: memory has it still
            assert library.salts.find(day)
    record(library, at=MIDNIGHT + timedelta(minutes=30), user_agent="curl/8.5.0")
    assert library.salts.find(TODAY) is None
    assert library.salts.find("2026-03-15")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=30), timedelta(hours=5)])
def test_a_day_that_is_over_takes_no_view_of_a_request_that_lived_too_long(
    library: Container, late: timedelta
) -> None:
    def view(written: datetime, nonce: str) -> Recorded:
        return record_hit(
            hit(nonce=nonce, address=f"192.0.2.{len(nonce)}"),
            library.intake,
            now=MIDNIGHT - timedelta(seconds=1),
            repeat_window=timedelta(minutes=30),
            random_bytes=salts,
            clock=lambda: written,
        )

    last = MIDNIGHT + LONGEST_REQUEST
    assert view(last - timedelta(milliseconds=1), "n").counted
    with pytest.raises(StoreUnavailable):
        view(last + late, "n2")
    assert library.ledger.recount("harbour-clock", TODAY).views == 1


def test_a_view_after_midnight_counts_where_the_last_one_is_out_of_the_window(
    library: Container,
) -> None:
    record(library, at=MIDNIGHT - timedelta(minutes=25))
    record(library, at=MIDNIGHT - timedelta(minutes=25), address="192.0.2.9")
    assert record(library, at=MIDNIGHT + timedelta(minutes=5), nonce="n2").counted
    assert library.ledger.recount("harbour-clock", "2026-03-15").views == 1


def test_a_crawled_article_is_written_at_most_every_ten_seconds(library: Container) -> None:
    def filtered() -> int:
        return library.filtered.of("harbour-clock", [TODAY])["bot"]

    for second in range(10):
        record(library, at=NOW + timedelta(seconds=second), user_agent="curl/8.5.0")
        assert filtered() == 1
    record(library, at=NOW + timedelta(seconds=10), user_agent="curl/8.5.0")
    assert filtered() == 11


def test_what_waits_at_midnight_is_written_with_hits_of_the_new_day(
    library: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [f"a{number}" for number in range(8)]
    for each in articles:
        publish(
            Submission(article(each, url=f"https://news.example/{each}")),
            library.catalogue,
            library.books,
            now=NOW,
        )

    def crawl(article_id: str, at: datetime) -> None:
        record(library, at=at, article_id=article_id, user_agent="curl/8.5.0")

    def written() -> int:
        return sum(library.filtered.of(each, [TODAY])["bot"] for each in articles)

    last = MIDNIGHT - timedelta(seconds=1)
    for each in articles * 3:
        crawl(each, last)
    assert written() == len(articles)

    def fail(*_: object) -> None:
        raise StoreUnavailable("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(library.library_table, "update", fail)
        crawl("harbour-clock", MIDNIGHT)
    for second in (11, 22, 33, 44):
        crawl("harbour-clock", MIDNIGHT + timedelta(seconds=second))
    assert written() == 3 * len(articles)
    assert library.filtered.of("harbour-clock", ["2026-03-15"])["bot"] == 5


def test_a_filtered_hit_that_cannot_be_written_waits_and_its_answer_stands(
    library: Container, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    update, asked = library.library_table.update, list[object]()

    def failing(*told: Any) -> Any:
        asked.append(told)
        raise StoreUnavailable("throttled")

    monkeypatch.setattr(library.library_table, "update", failing)
    for second in range(3):
        recorded = record(library, at=NOW + timedelta(seconds=second), user_agent="curl/8.5.0")
        assert (recorded.counted, recorded.reason) == (False, Reason.BOT)
    assert len(asked) == 1
    assert "throttled" in caplog.text
    monkeypatch.setattr(library.library_table, "update", update)
    record(library, at=NOW + timedelta(seconds=10), user_agent="curl/8.5.0")
    assert library.filtered.of("harbour-clock", [TODAY])["bot"] == 4


def test_a_view_of_nobody_counts_each_time_as_a_view_and_never_as_a_visitor(
    library: Container,
) -> None:
    for number in (1, 2):
        recorded = record(library, anonymous=True, nonce=f"n{number}")
        assert (recorded.counted, recorded.count.visitors) == (True, 0)
    record(library, anonymous=True, nonce="n2")  # a retry
    record(library)
    count = library.ledger.recount("harbour-clock", TODAY)
    assert (count.views, count.visitors) == (3, 1)


def test_a_view_of_nobody_has_nothing_of_its_address_and_browser_in_its_key(
    library: Container,
) -> None:
    record(library, anonymous=True)
    again = record(library, anonymous=True, address="198.51.100.1", user_agent=PHONE)
    assert again.counted  # by the nonce it is a retry of the first
    (line,) = library.ledger_table.scan()
    assert (line["n"], line["a"]) == (1, True)


def test_what_a_hit_told_stands_in_its_line(library: Container) -> None:
    record(library, traits=Traits("a.example", "AZ", "phone"))
    (line,) = library.ledger_table.scan()
    assert (line["r"], line["c"], line["f"]) == ("a.example", "AZ", "phone")


def test_the_day_is_that_of_the_request_whatever_follows(library: Container) -> None:
    record(library, at=datetime.fromisoformat("2026-03-14T23:59:59.999+00:00"))
    assert library.ledger.recount("harbour-clock", "2026-03-14").views == 1
    assert library.salts.days() == ["2026-03-14"]


def test_the_first_salt_of_a_day_stays_whoever_asks(store: Container) -> None:
    first = store.salts.of(TODAY, os.urandom)
    store.salts.of("2026-03-15", os.urandom)  # so that the first is not at hand
    assert store.salts.of(TODAY, os.urandom) == first


def test_of_two_containers_that_make_a_days_salt_at_once_the_first_to_write_wins(
    store: Container,
) -> None:
    first = b""

    def overtaken(size: int) -> bytes:
        nonlocal first
        first = Salts(store.salts_table).of(TODAY, os.urandom)
        return os.urandom(size)

    assert store.salts.of(TODAY, overtaken) == first


def test_a_count_that_has_views_of_the_day_has_its_page_and_none_is_opened(
    library: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_page = DayBook.open

    def noted(day_book: DayBook, article_id: str, day: str) -> None:
        opened.append(day)
        open_page(day_book, article_id, day)

    monkeypatch.setattr(DayBook, "open", noted)
    record(library)
    tally(Batch("shard", [line(1)]), library.books)
    record(library, address="192.0.2.2", nonce="n2")
    assert opened == [TODAY]
    record(library, at=NOW + timedelta(days=1), nonce="n3")
    assert opened == [TODAY, "2026-03-15"]
