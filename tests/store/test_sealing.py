from datetime import UTC, datetime, timedelta

import pytest

from circulation.article import Submission
from circulation.count import DayCount
from circulation.drift import Drift
from circulation.errors import StoreUnavailable
from circulation.publishing import publish
from circulation.recording import record_hit
from circulation.recounting import check
from circulation.sealing import PORTION, Sealed, queue_days, seal, seal_portion
from circulation.store import Store
from circulation.store.keys import count_key, page_key
from circulation.tally import Batch, LedgerLine
from circulation.tallying import tally
from tests.builders import NOW, TODAY, article, hit, line, pages

AFTER = datetime(2026, 3, 15, 0, 15, tzinfo=UTC)
VIEWERS = 5


@pytest.fixture
def day(store: Store) -> Store:
    """A day on which five visitors viewed an article that had 100 views before; none is tallied."""
    publish(Submission(article(), views_before=100), store, now=NOW)
    for viewer in range(VIEWERS):
        view(store, f"192.0.2.{viewer}", at=NOW)
    return store


def view(store: Store, address: str, *, at: datetime) -> None:
    record_hit(
        hit(address=address, nonce=f"{address} {at}"),
        store,
        now=at,
        repeat_window=timedelta(minutes=30),
        random_bytes=bytes,
    )


def lines(count: int, first: int = 1) -> list[LedgerLine]:
    return [line(number) for number in range(first, first + count)]


def lifetime(store: Store) -> tuple[int, int]:
    count = store.counters.get("harbour-clock")
    return count.views, count.visitors


def sealed(store: Store, *, now: datetime = AFTER) -> Sealed:
    return seal("harbour-clock", TODAY, store, now=now)


def test_sealing_sets_the_ledgers_numbers_and_tells_the_drift(day: Store) -> None:
    tally(Batch("s", lines(3)), day)
    assert sealed(day).drift == Drift("harbour-clock", counted=3, recounted=5)
    assert lifetime(day) == (105, 5)
    page = day.day_book.page("harbour-clock", TODAY)
    assert (page.count.views, page.count.visitors, page.sealed) == (5, 5, True)
    assert page.count.hours == {15: 5}


def test_a_day_that_was_tallied_whole_has_no_drift_and_keeps_its_hours(day: Store) -> None:
    view(day, "192.0.2.0", at=NOW + timedelta(hours=2))
    last = line(6, new_visitor=False, at=NOW + timedelta(hours=2))
    tally(Batch("s", [*lines(5), last]), day)
    assert sealed(day).drift.views == 0
    assert day.day_book.page("harbour-clock", TODAY).count == DayCount(6, 5, {15: 5, 17: 1})


def test_sealing_again_changes_nothing(day: Store) -> None:
    assert sealed(day).drift.views == 5
    assert sealed(day).drift.views == 0
    assert lifetime(day) == (105, 5)


def test_late_lines_of_a_sealed_day_change_nothing(day: Store) -> None:
    sealed(day)
    assert tally(Batch("s", lines(5)), day).folded == 0
    assert lifetime(day) == (105, 5)
    assert pages(day) == {"harbour-clock": 5}


def test_a_seal_that_was_cut_off_between_page_and_counter_is_finished_with_the_pages_numbers(
    day: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise StoreUnavailable("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(day.counters, "settle", cut_off)
        with pytest.raises(StoreUnavailable):
            sealed(day)
    tally(Batch("s", lines(2)), day)  # the counter still takes what the page refuses
    assert lifetime(day) == (102, 2)
    assert sealed(day).drift.views == 3
    assert lifetime(day) == (105, 5)


def test_a_sealed_counter_carries_no_marks_and_nothing_of_the_open_day(day: Store) -> None:
    tally(Batch("s", lines(5)), day)
    as_of = day.counters.get("harbour-clock").as_of
    sealed(day)
    table = day.counters._table  # noqa: SLF001
    for key in (count_key("harbour-clock"), page_key("harbour-clock", TODAY)):
        names = set(table.get(key) or ())
        assert not {each for each in names if "mark" in each or TODAY in each}
    assert day.counters.get("harbour-clock").as_of == as_of


def test_a_counter_remembers_no_more_than_its_newest_sealed_days(day: Store) -> None:
    days = [f"2026-01-{number:02}" for number in range(1, 31)]
    for each in days:
        day.counters.settle("harbour-clock", each, DayCount(1, 1, {}))
    assert lifetime(day) == (130, 30)
    assert day.counters.settle("harbour-clock", days[0], DayCount(1, 1, {})) is None
    assert lifetime(day) == (130, 30)
    item = day.counters._table.get(count_key("harbour-clock"))  # noqa: SLF001
    assert item
    assert item["sealed"] == set(days[-14:])


def test_a_day_whose_lines_may_have_expired_is_never_lowered(day: Store) -> None:
    tally(Batch("s", lines(9)), day)
    late = sealed(day, now=NOW + timedelta(days=4))
    assert not late.complete
    assert lifetime(day) == (109, 9)


def test_a_day_that_is_not_over_cannot_be_sealed(day: Store) -> None:
    with pytest.raises(ValueError, match="not over"):
        sealed(day, now=NOW)


def test_a_check_tells_drift_and_writes_nothing(day: Store) -> None:
    tally(Batch("s", lines(3)), day)
    for _ in range(2):
        assert check("harbour-clock", TODAY, day) == Drift("harbour-clock", 3, 5)
    assert lifetime(day) == (103, 3)
    sealed(day)
    assert check("harbour-clock", TODAY, day).views == 0


def test_the_days_that_are_over_are_queued_in_portions_until_they_are_sealed(day: Store) -> None:
    sent: list[tuple[str, list[str]]] = []
    day.seal_queue.send = lambda day, articles: sent.append((day, list(articles)))  # type: ignore[method-assign]
    for number in range(PORTION):
        day.day_book.open(f"a{number}", TODAY)
    day.day_book.open("a0", "2026-03-15")
    assert queue_days(day, now=NOW) == 0
    assert queue_days(day, now=AFTER) == PORTION + 1
    assert [(name, len(articles)) for name, articles in sent] == [(TODAY, PORTION), (TODAY, 1)]
    articles = [each for _, portion in sent for each in portion]
    assert set(articles) == set(pages(day))
    seal_portion(TODAY, articles[1:], day, now=AFTER)
    assert queue_days(day, now=AFTER + timedelta(hours=1)) == 1
    assert queue_days(day, now=AFTER + timedelta(days=6)) == 2
    assert queue_days(day, now=AFTER + timedelta(days=7)) == 1


def test_a_portion_that_fails_in_part_fails_as_a_whole_and_can_be_done_again(
    day: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(Submission(article("other")), day, now=NOW)
    day.day_book.open("other", TODAY)
    recount = day.ledger.recount

    def failing(article_id: str, name: str) -> DayCount:
        if article_id == "other":
            raise StoreUnavailable("throttled")
        return recount(article_id, name)

    with monkeypatch.context() as patch:
        patch.setattr(day.ledger, "recount", failing)
        with pytest.raises(StoreUnavailable):
            seal_portion(TODAY, ["harbour-clock", "other"], day, now=AFTER)
    told = seal_portion(TODAY, ["harbour-clock", "other"], day, now=AFTER)
    assert [each.drift.views for each in told] == [0, 0]
    assert lifetime(day) == (105, 5)
