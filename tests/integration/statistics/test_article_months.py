"""The months of articles: every sealed day once, whatever comes twice or at the same time."""

from datetime import timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.breakdown import OTHER
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.statistics.article_month import MONTH_HOSTS, ArticleMonth
from circulation.statistics.article_months import note_article_day
from circulation.times import day_of
from tests.builders import NOW, TODAY, article, line

MONTH = TODAY[:7]
TOMORROW = day_of(NOW + timedelta(days=1))


def seal(store: Container, day: str, number: int, **traits: Any) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    at = NOW + (timedelta(days=1) if day == TOMORROW else timedelta(0))
    lines = [line(mark, day=day, at=at, **traits) for mark in range(1, number + 1)]
    tally(Batch(f"{day}", lines), store.books)
    books = store.books
    page = books.day_book.page("harbour-clock", day)
    labels = books.counters.labels_of("harbour-clock")
    books.day_book.seal(page, page.count, complete=True, labels=labels)


def note(store: Container, day: str) -> bool:
    return note_article_day("harbour-clock", day, store.books.day_book, store.rollups)


def month(store: Container) -> ArticleMonth:
    return store.rollups.article_months("harbour-clock")[MONTH]


def test_a_month_has_every_sealed_day_once(store: Container) -> None:
    seal(store, TODAY, 3, source="search", referrer="search.example")
    seal(store, TOMORROW, 2, source="search", country="AZ")
    assert [note(store, day) for day in (TODAY, TOMORROW, TODAY)] == [True, True, False]
    assert month(store).days == {TODAY: (3, 3), TOMORROW: (2, 2)}
    assert (month(store).views, month(store).visitors) == (5, 5)
    assert month(store).breakdown.sources == {"search": 5}
    assert month(store).breakdown.countries == {"AZ": 2}


def test_a_day_that_is_not_sealed_is_not_noted(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1)]), store.books)
    assert not note(store, TODAY)
    assert store.rollups.article_months("harbour-clock") == {}


def test_two_days_at_the_same_time_are_both_noted(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(store, TODAY, 3)
    seal(store, TOMORROW, 2)
    update, first = store.library_table.update, iter([True])

    def crossing(*arguments: object, **named: object) -> object:
        if next(first, None):
            note(store, TOMORROW)
        return update(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store.library_table, "update", crossing)
    assert note(store, TODAY)
    assert month(store).days == {TODAY: (3, 3), TOMORROW: (2, 2)}


def test_a_month_names_so_many_hosts_and_no_more(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    lines = [line(number, referrer=f"h{number:02}.example") for number in range(1, 60)]
    tally(Batch("s", lines), store.books)
    seal(store, TODAY, 0)
    note(store, TODAY)
    hosts = month(store).breakdown.referrers
    assert len(hosts) == MONTH_HOSTS + 1
    assert hosts[OTHER] == 59 - MONTH_HOSTS
