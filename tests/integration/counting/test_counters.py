from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.table import Change
from circulation.counting.counts import DayCount
from circulation.counting.keys import count_key, page_key
from circulation.counting.tally import Batch, increment_of
from circulation.counting.tallying import tally
from circulation.errors import ArticleNotFound
from circulation.runtime import Container
from tests.builders import NOW, TODAY, article, line, publish_all


def test_lifetime_views_are_base_and_settled_and_open_days(store: Container) -> None:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1), line(2, day="2026-03-13")]), store.books)
    settled = Change(update="SET #v = :ten", names={"#v": "views"}, values={":ten": 10})
    store.library_table.update(count_key("harbour-clock"), settled)
    assert store.books.counters.get("harbour-clock").views == 346 + 10 + 2


def test_an_unknown_article_has_no_count(store: Container) -> None:
    with pytest.raises(ArticleNotFound):
        store.books.counters.get("nobody")


def test_the_base_is_only_ever_raised(store: Container) -> None:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    publish(Submission(article(), views_before=12), store.catalogue, store.books, now=NOW)
    assert store.books.counters.get("harbour-clock").views == 346


def test_as_of_is_the_newest_view_in_the_count_whichever_shard_it_came_by(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    assert store.books.counters.get("harbour-clock").as_of is None
    tally(Batch("s1", [line(1)]), store.books)
    tally(Batch("s2", [line(1, at=NOW - timedelta(seconds=20))]), store.books)
    assert store.books.counters.get("harbour-clock").as_of == NOW


def test_a_sealed_day_takes_no_more_views(store: Container) -> None:
    table = store.library_table
    seal = Change(update="SET #s = :true", names={"#s": "sealed"}, values={":true": True})
    table.update(page_key("harbour-clock", TODAY), seal)
    table.update(count_key("harbour-clock"), replace(seal, values={":true": {TODAY}}))
    late = increment_of("s", [line(1)])
    for counter in (store.books.counters, store.books.day_book):
        refusal = counter.grow(late)
        assert refusal
        assert refusal.sealed
    assert tally(Batch("s", [line(2)]), store.books).dropped == 1
    open_day = line(3, day="2026-03-15", at=datetime(2026, 3, 15, tzinfo=UTC))
    assert tally(Batch("s", [open_day]), store.books).folded == 1


def test_an_open_day_can_be_set_right(store: Container) -> None:
    publish_all(store, "harbour-clock")
    tally(Batch("s", [line(1)]), store.books)
    store.books.counters.correct("harbour-clock", TODAY, DayCount(5, 4, {}))
    assert store.books.counters.open_views("harbour-clock", TODAY) == 5
    assert store.books.counters.get("harbour-clock").visitors == 4
