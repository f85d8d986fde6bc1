"""Corrections beside other writers of the counter, and in what reads numbers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.articles.queries import read_counted
from circulation.aws.table import TransactionRefused
from circulation.counting.correcting import correct, import_corrections, read_corrected
from circulation.counting.correction import MAX_CORRECTIONS, Correction, Proposal
from circulation.counting.counts import DayCount, Total
from circulation.counting.queries import read_total
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import ArticleNotFound, InvalidInput, PublishConflict
from circulation.popularity.memory import Memory
from circulation.popularity.ranking import rank_popular
from circulation.popularity.windows import Window
from circulation.runtime import Container
from tests.builders import NOW, TODAY, article, line, publish_all
from tests.memory_store import store_in_memory

CLOCK = "harbour-clock"


@pytest.fixture
def store() -> Container:
    made = store_in_memory()
    publish_all(made, CLOCK)
    tally(Batch("s", [line(number) for number in range(1, 11)]), made.books)
    return made


def add(
    store: Container,
    views: int | None,
    total: int | None = None,
    name: str = "",
    at: datetime = NOW,
) -> int:
    store_count = len(store.corrections.of(CLOCK))
    proposal = Proposal(name or f"c{store_count}", "why", views, total)
    made = correct(CLOCK, proposal, store.books, store.corrections, now=at, by="cms")
    return made.count.views


def before_a_transaction(store: Container, do: Callable[[], object], times: int = 1) -> None:
    """Do something of another writer between what is read and what is written."""
    table = store.library_table
    transact, left = table.transact, [times]

    def racing(*actions: Any) -> None:
        if left[0]:
            left[0] -= 1
            do()
        transact(*actions)

    table.transact = racing  # type: ignore[method-assign]


def test_two_at_once_are_both_made(store: Container) -> None:
    before_a_transaction(store, lambda: add(store, -2, name="other"))
    assert add(store, -3, name="one") == 5
    count = store.books.count(CLOCK)
    assert (count.adjust, count.corrections) == (-5, 2)


def test_two_at_once_do_not_make_the_number_negative(store: Container) -> None:
    before_a_transaction(store, lambda: add(store, -8, name="other"))
    with pytest.raises(InvalidInput):
        add(store, -3, name="one")
    assert store.books.count(CLOCK).views == 2


def test_a_total_is_set_by_the_base_of_the_moment(store: Container) -> None:
    before_a_transaction(store, lambda: store.books.counters.raise_base(CLOCK, 1_000))
    assert add(store, None, total=346) == 356
    assert store.books.count(CLOCK).base == 1_000


def test_views_that_are_tallied_meanwhile_are_in_the_number(store: Container) -> None:
    before_a_transaction(store, lambda: tally(Batch("s", [line(11)]), store.books))
    assert add(store, -3) == 8


def test_a_transaction_that_was_made_and_lost_its_answer_is_made_once(store: Container) -> None:
    table = store.library_table
    transact = table.transact

    def losing(*actions: Any) -> None:
        transact(*actions)
        raise TransactionRefused  # by the attempt of the SDK that follows

    table.transact = losing  # type: ignore[method-assign]
    assert add(store, -3) == 7
    assert store.books.count(CLOCK).corrections == 1


def test_a_conflict_that_stays_is_said(store: Container) -> None:
    def refusing(*_: Any) -> None:
        raise TransactionRefused

    store.library_table.transact = refusing  # type: ignore[method-assign]
    with pytest.raises(PublishConflict):
        add(store, -3)


def test_what_was_never_published_has_nothing_to_correct(store: Container) -> None:
    proposal = Proposal("c", "why", 1, None)
    with pytest.raises(ArticleNotFound):
        correct("nobody", proposal, store.books, store.corrections, now=NOW, by="cms")
    with pytest.raises(ArticleNotFound):
        read_corrected("nobody", store.books, store.corrections)
    assert not store.books.day_book.page("nobody", TODAY).opened


def test_a_day_that_is_sealed_with_fewer_views_shows_no_negative_number(store: Container) -> None:
    assert add(store, -10) == 0
    store.books.counters.settle(CLOCK, TODAY, DayCount(7, 7, {}), closed="2026-03-01")
    count = store.books.count(CLOCK)
    assert (count.views, count.counted, count.adjust) == (0, 7, -10)
    assert add(store, 5) == 2


def test_an_import_adds_what_is_missing_up_to_the_bound(store: Container) -> None:
    made = [Correction(f"c{number}", 1, NOW, "cms", "why") for number in range(MAX_CORRECTIONS + 1)]
    stores = store.books, store.corrections
    add(store, 1, name="c0")
    assert import_corrections(CLOCK, made[:-1], *stores, now=NOW).views == 10 + MAX_CORRECTIONS
    assert import_corrections(CLOCK, made[:-1], *stores, now=NOW).views == 10 + MAX_CORRECTIONS
    with pytest.raises(InvalidInput):
        import_corrections(CLOCK, made[-1:], *stores, now=NOW)


def rank(store: Container, memory: Memory, minutes: int) -> list[tuple[str, int]]:
    moment = NOW + timedelta(minutes=minutes)
    rank_popular(store.charts, store.catalogue, store.books, memory, now=moment)
    ranked = store.rankings.get(Window.ALL, None)
    return list(ranked.ranking) if ranked else []


def test_whoever_reads_numbers_reads_them_corrected(store: Container) -> None:
    memory = Memory()
    assert rank(store, memory, 5) == [(CLOCK, 10)]
    add(store, -4, at=NOW + timedelta(minutes=6))
    assert rank(store, memory, 15) == [(CLOCK, 6)]
    assert store.site.total() == Total(6, 10)
    assert read_total(CLOCK, None, store.books, now=NOW) == Total(6, 10)
    (counted,) = read_counted([CLOCK], store.catalogue, store.books).values()
    assert counted.count.views == 6


def test_below_an_article_that_fell_others_rise_into_the_ranking(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("_MAX_RANKED", "_MAX_RANKED_OF_ALL_TIME"):
        monkeypatch.setattr(f"circulation.popularity.windows.{most}", 2)
    old = NOW - timedelta(days=90)
    for number in (1, 2, 3):
        name = f"old-{number}"
        published = article(name, url=f"https://news.example/{name}", published=old)
        submission = Submission(published, views_before=100 * number)
        publish(submission, store.catalogue, store.books, now=NOW)
    memory = Memory()
    assert rank(store, memory, 5) == [("old-3", 300), ("old-2", 200)]
    later = NOW + timedelta(days=40)  # the pages of the day on which they came are not looked at
    rank_popular(store.charts, store.catalogue, store.books, memory, now=later)
    proposal = Proposal("c", "why", -290, None)
    correct("old-3", proposal, store.books, store.corrections, now=later, by="cms")
    rank_popular(
        store.charts, store.catalogue, store.books, memory, now=later + timedelta(minutes=5)
    )
    ranked = store.rankings.get(Window.ALL, None)
    assert ranked
    assert ranked.ranking == (("old-2", 200), ("old-1", 100))
