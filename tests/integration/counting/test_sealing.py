from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cronsim import CronSim

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.counting.counts import DayCount, Page
from circulation.counting.day_book import DayBook
from circulation.counting.drift import Drift
from circulation.counting.keys import count_key, page_key
from circulation.counting.recounting import check
from circulation.counting.sealing import PORTION, SEAL_AFTER, Sealed, queue_days, seal, seal_portion
from circulation.counting.tally import Batch, LedgerLine
from circulation.counting.tallying import tally
from circulation.counting.view import LONGEST_REQUEST
from circulation.errors import ArticleNotFound, StoreUnavailable
from circulation.runtime import Container
from circulation.times import day_of, end_of, start_of
from circulation.views.hit import Reason
from circulation.views.recording import record_hit
from circulation_cli.local_stack.schedules import cron_of
from circulation_cli.local_stack.template import Template
from tests.builders import NOW, TODAY, article, hit, line, pages
from tests.memory_store import store_in_memory

AFTER = datetime(2026, 3, 15, 0, 15, tzinfo=UTC)
VIEWERS = 5
Patch = pytest.MonkeyPatch


@pytest.fixture
def day(store: Container) -> Container:
    return viewed(store)


@pytest.fixture
def day_in_memory() -> Container:
    """The same for what looks at many pages or through many days."""
    return viewed(store_in_memory())


def viewed(store: Container) -> Container:
    """A day on which five visitors viewed an article that had 100 views before; none is tallied."""
    publish(Submission(article(), views_before=100), store.catalogue, store.books, now=NOW)
    for viewer in range(VIEWERS):
        view(store, f"192.0.2.{viewer}", at=NOW)
    return store


def view(store: Container, address: str, *, at: datetime) -> None:
    record_hit(
        hit(address=address, nonce=f"{address} {at}"),
        store.intake,
        now=at,
        repeat_window=timedelta(minutes=30),
        random_bytes=bytes,
    )


def lines(count: int, first: int = 1) -> list[LedgerLine]:
    return [line(number) for number in range(first, first + count)]


def lifetime(store: Container) -> tuple[int, int]:
    count = store.books.count("harbour-clock")
    return count.views, count.visitors


def seal_article(article_id: str, day: str, store: Container, *, now: datetime) -> Sealed:
    done = seal(article_id, day, store.books, store.ledger, now=now, closed="")
    assert done
    return done


def sealed(store: Container, *, now: datetime = AFTER) -> Sealed:
    return seal_article("harbour-clock", TODAY, store, now=now)


def test_sealing_sets_the_ledgers_numbers_and_tells_the_drift(day: Container) -> None:
    tally(Batch("s", lines(3)), day.books)
    assert sealed(day).drift == Drift("harbour-clock", counted=3, recounted=5)
    assert lifetime(day) == (105, 5)
    page = day.books.day_book.page("harbour-clock", TODAY)
    assert (page.count.views, page.count.visitors, page.sealed) == (5, 5, True)
    assert page.count.hours == {15: 5}


def test_a_day_that_was_tallied_whole_has_no_drift_and_keeps_its_hours(day: Container) -> None:
    view(day, "192.0.2.0", at=NOW + timedelta(hours=2))
    last = line(6, new_visitor=False, at=NOW + timedelta(hours=2))
    tally(Batch("s", [*lines(5), last]), day.books)
    assert sealed(day).drift.views == 0
    assert day.books.day_book.page("harbour-clock", TODAY).count == DayCount(6, 5, {15: 5, 17: 1})


def test_sealing_again_changes_nothing(day: Container) -> None:
    assert sealed(day).drift.views == 5
    assert sealed(day).drift.views == 0
    assert lifetime(day) == (105, 5)


def section_of_page(store: Container, article_id: str = "harbour-clock") -> object:
    item = store.library_table.get(page_key(article_id, TODAY), consistent=True)
    assert item
    assert "sealed" in item
    return item.get("section")


def move(store: Container, section: str, *, now: datetime) -> None:
    publish(Submission(article(section=section)), store.catalogue, store.books, now=now)


def test_a_day_belongs_to_the_section_in_which_its_article_stood_when_it_was_sealed(
    day: Container,
) -> None:
    move(day, "sport", now=NOW + timedelta(hours=1))
    sealed(day)
    assert section_of_page(day) == "sport"
    move(day, "culture", now=AFTER)
    sealed(day, now=AFTER + timedelta(days=1))
    assert section_of_page(day) == "sport"


def test_a_day_of_an_article_that_was_unpublished_belongs_to_its_last_section(
    day: Container,
) -> None:
    move(day, "sport", now=NOW)
    unpublish("harbour-clock", day.catalogue, day.books, now=NOW)
    sealed(day)
    assert section_of_page(day) == "sport"


def test_a_day_belongs_to_the_authors_and_tags_that_its_article_had_when_it_was_sealed(
    day: Container,
) -> None:
    named = Submission(article(authors=("Leyla Aliyeva",), tags=("harbour", "clocks")))
    publish(named, day.catalogue, day.books, now=NOW)
    sealed(day)
    publish(Submission(article(authors=("Rauf",))), day.catalogue, day.books, now=AFTER)
    sealed(day, now=AFTER + timedelta(days=1))
    page = day.library_table.get(page_key("harbour-clock", TODAY), consistent=True) or {}
    assert (page["authors"], page["tags"]) == (["Leyla Aliyeva"], ["harbour", "clocks"])


def test_a_page_without_an_article_belongs_to_no_section(day: Container) -> None:
    day.books.day_book.open("nobody", TODAY)
    seal("nobody", TODAY, day.books, day.ledger, now=AFTER, closed="")
    assert section_of_page(day, "nobody") is None


def test_late_lines_of_a_sealed_day_change_nothing(day: Container) -> None:
    sealed(day)
    assert tally(Batch("s", lines(5)), day.books).folded == 0
    assert lifetime(day) == (105, 5)
    assert pages(day) == {"harbour-clock": 5}


def test_a_seal_that_was_cut_off_between_page_and_counter_is_finished_with_the_pages_numbers(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(day.books.counters, "settle", _cut_off)
        with pytest.raises(StoreUnavailable):
            sealed(day)
    tally(Batch("s", lines(2)), day.books)  # the page takes no more, and is not named
    assert lifetime(day) == (100, 0)
    assert sealed(day).drift.views == 5  # by so much the page was off when it was sealed
    assert lifetime(day) == (105, 5)


def test_a_sealed_counter_carries_no_marks_and_nothing_of_the_open_day(day: Container) -> None:
    tally(Batch("s", lines(5)), day.books)
    sealed(day)
    table = day.library_table
    for key in (count_key("harbour-clock"), page_key("harbour-clock", TODAY)):
        item = table.get(key) or {}
        names = set(item)
        assert not {name for name in names if name == "open" or isinstance(item[name], bytes)}
    assert day.books.count("harbour-clock").as_of == end_of(TODAY)


def settle(store: Container, day: str, views: int = 1, *, closed: str = "") -> bool:
    return store.books.counters.settle(
        "harbour-clock", day, DayCount(views, views, {}), closed=closed
    )


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("closed", ["", "2026-01-10", "2026-01-16", "2026-01-29"])
def test_a_counter_takes_each_day_once_in_whatever_order_and_names_only_the_newest(
    day: Container, closed: str, backwards: bool
) -> None:
    days = [f"2026-01-{number:02}" for number in range(1, 31)]
    late = [name for name in days if name > closed]
    # What is closed was settled before, in whatever order; then the rest.
    for name in sorted(set(days) - set(late)) + (late[::-1] if backwards else late):
        settle(day, name, closed=closed if name > closed else "")
    for name in days:
        assert not settle(day, name, closed=closed)
    assert lifetime(day) == (130, 30)
    item = day.library_table.get(count_key("harbour-clock"))
    assert item
    assert item["sealed"] - {*late, days[-1]} <= {name for name in days if name > "2026-01-16"}
    lines_again = [line(number, day=name) for number, name in enumerate(days, 1)]
    tally(Batch("s", lines_again), day.books)  # into pages that were not sealed here
    assert lifetime(day) == (130, 30)


def test_a_day_whose_lines_may_have_expired_is_never_lowered(day: Container) -> None:
    tally(Batch("s", lines(9)), day.books)
    late = sealed(day, now=NOW + timedelta(days=4))
    assert not late.complete
    assert lifetime(day) == (109, 9)


def test_a_day_that_is_not_over_cannot_be_sealed(day: Container) -> None:
    with pytest.raises(ValueError, match="not over"):
        sealed(day, now=NOW)


def test_a_check_tells_drift_and_writes_nothing(day: Container) -> None:
    tally(Batch("s", lines(3)), day.books)
    for _ in range(2):
        assert check("harbour-clock", TODAY, day.books, day.ledger) == Drift("harbour-clock", 3, 5)
    assert lifetime(day) == (103, 3)
    sealed(day)
    assert check("harbour-clock", TODAY, day.books, day.ledger).views == 0


def test_the_days_that_are_over_are_queued_in_portions_until_they_are_sealed(
    day_in_memory: Container,
) -> None:
    day = day_in_memory
    sent: list[tuple[str, list[str]]] = []
    day.seal_queue.send = lambda day, articles: sent.append((day, list(articles)))  # type: ignore[method-assign]
    for number in range(PORTION):
        day.books.day_book.open(f"a{number}", TODAY)
    day.books.day_book.open("a0", "2026-03-15")
    assert queue_days(day.books, day.seal_queue, now=NOW) == 0
    assert queue_days(day.books, day.seal_queue, now=AFTER) == PORTION + 1
    assert [(name, len(articles)) for name, articles in sent] == [(TODAY, PORTION), (TODAY, 1)]
    articles = [each for _, portion in sent for each in portion]
    assert set(articles) == set(pages(day))
    assert len(list(seal_portion(TODAY, articles[1:], day.books, day.ledger, now=AFTER))) == PORTION
    assert queue_days(day.books, day.seal_queue, now=AFTER + timedelta(hours=1)) == 1
    assert (day.books.day_book.closed_until() or "") < TODAY
    assert (
        queue_days(day.books, day.seal_queue, now=AFTER + timedelta(days=30)) == 2
    )  # what is not done is not forgotten
    for name in (TODAY, "2026-03-15"):
        list(
            seal_portion(
                name, [*articles, "a0"], day.books, day.ledger, now=AFTER + timedelta(days=30)
            )
        )
    assert queue_days(day.books, day.seal_queue, now=AFTER + timedelta(days=30)) == 0
    assert day.books.day_book.closed_until() == "2026-04-12"


def test_a_portion_that_fails_in_part_fails_as_a_whole_and_can_be_done_again(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(Submission(article("other")), day.catalogue, day.books, now=NOW)
    day.books.day_book.open("other", TODAY)
    recount = day.ledger.recount

    def failing(article_id: str, name: str) -> DayCount:
        if article_id == "other":
            raise StoreUnavailable("throttled")
        return recount(article_id, name)

    done: list[Sealed] = []
    with monkeypatch.context() as patch:
        patch.setattr(day.ledger, "recount", failing)
        with pytest.raises(StoreUnavailable):
            done.extend(
                seal_portion(TODAY, ["other", "harbour-clock"], day.books, day.ledger, now=AFTER)
            )
    assert [sealed.drift.views for sealed in done] == [5]  # what was done is told all the same
    told = list(seal_portion(TODAY, ["harbour-clock", "other"], day.books, day.ledger, now=AFTER))
    assert [sealed.drift.views for sealed in told] == [0, 0]
    assert lifetime(day) == (105, 5)


@pytest.mark.parametrize("done", [False, True])
def test_the_drift_of_a_page_whose_counter_fails_is_told(
    day: Container, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    settle_counter = day.books.counters.settle

    def failing(*what: Any, **how: Any) -> None:
        if done:
            settle_counter(*what, **how)
        raise StoreUnavailable("its answer is lost")

    told: list[Sealed] = []
    with monkeypatch.context() as patch:
        patch.setattr(day.books.counters, "settle", failing)
        with pytest.raises(StoreUnavailable):
            told.extend(seal_portion(TODAY, ["harbour-clock"], day.books, day.ledger, now=AFTER))
    told.extend(seal_portion(TODAY, ["harbour-clock"], day.books, day.ledger, now=AFTER))
    drifts = [sealed.drift.views for sealed in told]
    assert drifts == ([5, 0] if done else [5, 5])  # once at least, and told anew where that is open
    told.extend(seal_portion(TODAY, ["harbour-clock"], day.books, day.ledger, now=AFTER))
    assert told[-1].drift.views == 0
    assert lifetime(day) == (105, 5)


@pytest.mark.parametrize("days", [1, 3, 8, 20])
def test_a_page_whose_counter_was_never_settled_is_found_however_late(
    day_in_memory: Container, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """SealArticles died between its two writes, and its message went to the dead letters."""
    day = day_in_memory
    sent: list[str] = []
    monkeypatch.setattr(day.seal_queue, "send", lambda _, articles: sent.extend(articles))

    assert queue_days(day.books, day.seal_queue, now=AFTER) == 1
    with monkeypatch.context() as patch:
        patch.setattr(day.books.counters, "settle", _cut_off)
        with pytest.raises(StoreUnavailable):
            sealed(day)
    for night in range(1, days + 1):
        assert queue_days(day.books, day.seal_queue, now=AFTER + timedelta(days=night)) == 1
    assert set(sent) == {"harbour-clock"}
    again = sealed(day, now=AFTER + timedelta(days=days))
    assert (again.drift.views, again.complete, again.again) == (5, True, True)
    assert lifetime(day) == (105, 5)
    assert queue_days(day.books, day.seal_queue, now=AFTER + timedelta(days=days, hours=1)) == 0


def test_a_day_sealed_in_time_is_not_late_when_its_message_comes_again(day: Container) -> None:
    sealed(day)
    assert sealed(day, now=AFTER + timedelta(days=5)).complete


def test_a_page_without_views_is_sealed_and_no_counter_is_touched(day: Container) -> None:
    """Publishing opens a page before its transaction, which may fail."""
    day.books.day_book.open("ghost", TODAY)
    day.books.day_book.open("harbour-clock", "2026-03-13")
    before = day.library_table.get(count_key("harbour-clock"))
    for article_id, name in (("ghost", TODAY), ("harbour-clock", "2026-03-13"), ("none", TODAY)):
        assert seal_article(article_id, name, day, now=AFTER).drift.views == 0
    assert [page.article for page in day.books.day_book.pages(TODAY)].count("none") == 0
    table = day.library_table
    assert table.get(count_key("harbour-clock")) == before
    assert all(page.sealed for page in day.books.day_book.pages("2026-03-13"))
    for write in (
        lambda: tally(Batch("s", [line(1, "ghost")]), day.books),
        lambda: day.books.counters.raise_base("ghost", 9),
        lambda: day.books.counters.open("ghost", "2026-03-15"),
        lambda: day.books.counters.settle("ghost", TODAY, DayCount(2, 2, {}), closed=""),
        lambda: tally(Batch("s", [line(2, "ghost", day="2026-03-15")]), day.books),
    ):
        write()
        with pytest.raises(ArticleNotFound):
            day.books.count("ghost", consistent=True)
    with pytest.raises(ArticleNotFound):
        record_hit(
            hit("ghost"),
            day.intake,
            now=AFTER,
            repeat_window=timedelta(0),
            random_bytes=bytes,
        )


@pytest.mark.parametrize("tallied", [0, 1, 3, 5, 9])
def test_how_far_the_tally_was_off_stays_on_the_page(day: Container, tallied: int) -> None:
    if tallied:
        tally(Batch("s", lines(tallied)), day.books)
    sealed(day)
    assert day.books.day_book.page("harbour-clock", TODAY).drift == VIEWERS - tallied


def test_an_incomplete_recount_never_lowers_a_page_that_grows_meanwhile(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    recount = day.ledger.recount

    def growing(article_id: str, name: str) -> DayCount:
        recounted = recount(article_id, name)
        tally(Batch("s", lines(9)), day.books)
        return recounted

    monkeypatch.setattr(day.ledger, "recount", growing)
    assert not sealed(day, now=NOW + timedelta(days=4)).complete
    assert lifetime(day) == (109, 9)


@pytest.mark.parametrize("tallied", [0, 2, 5])
def test_a_view_of_a_settled_day_is_inside_the_count_whatever_was_tallied(
    day: Container, tallied: int
) -> None:
    if tallied:
        tally(Batch("s", lines(tallied)), day.books)
    sealed(day)
    window = timedelta(hours=12)
    for viewer in range(VIEWERS):
        again = hit(address=f"192.0.2.{viewer}", nonce="another")
        recorded = record_hit(
            again,
            day.intake,
            now=AFTER,
            repeat_window=window,
            random_bytes=bytes,
        )
        assert (recorded.reason, recorded.count.views) == (Reason.REPEAT, 105)


def test_the_schedule_waits_for_every_request_that_may_write_a_line(template: Template) -> None:
    timeout = (
        template.functions()["RecordView"].get("Timeout")
        or template.document["Globals"]["Function"]["Timeout"]
    )
    assert timedelta(seconds=timeout) < LONGEST_REQUEST < SEAL_AFTER
    crons = [
        cron_of(event["Schedule"])
        for name, event in template.events("Schedule")
        if name == "SealDay"
    ]
    assert len(crons) == 2
    for cron in crons:
        at = next(CronSim(cron, start_of(TODAY)))
        assert at - start_of(day_of(at)) >= SEAL_AFTER


def own_numbers_though_a_twin_sealed(patch: Patch) -> None:
    """Whoever finds the page sealed settles what it has counted itself."""
    seal_page = DayBook.seal

    def stubborn(book: DayBook, page: Page, final: DayCount, **how: Any) -> Page:
        after = seal_page(book, page, final, **how)
        return replace(after, count=final) if after.sealed else after

    patch.setattr(DayBook, "seal", stubborn)


@pytest.mark.parametrize("mutant", [None, own_numbers_though_a_twin_sealed])
def test_who_finds_the_page_sealed_by_a_twin_settles_what_the_page_says(
    day: Container, monkeypatch: pytest.MonkeyPatch, mutant: Callable[[Patch], None] | None
) -> None:
    """The lines may have expired, and the twin read a later tally and died before the counter."""
    if mutant:
        mutant(monkeypatch)
    recount, late = day.ledger.recount, NOW + timedelta(days=4)

    def outrun(article_id: str, name: str) -> DayCount:
        monkeypatch.setattr(day.ledger, "recount", recount)
        tally(Batch("s", lines(9)), day.books)
        with monkeypatch.context() as patch:
            patch.setattr(day.books.counters, "settle", _cut_off)
            with pytest.raises(StoreUnavailable):
                sealed(day, now=late)
        return recount(article_id, name)

    monkeypatch.setattr(day.ledger, "recount", outrun)
    sealed(day, now=late)
    assert pages(day) == {"harbour-clock": 9}
    assert (lifetime(day) == (109, 9)) is (mutant is None), mutant and mutant.__doc__


def _cut_off(*_: object, **__: object) -> None:
    raise StoreUnavailable("cut off")
