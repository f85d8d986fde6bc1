from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.table import Change
from circulation.counting.books import Books
from circulation.counting.keys import count_key, page_key
from circulation.counting.tally import Batch, Refusal, increment_of
from circulation.counting.tallying import tally
from circulation.errors import ArticleNotFound
from circulation.runtime import Container
from tests.builders import NOW, TODAY, article, line, publish_all


def test_lifetime_views_are_base_and_settled_and_open_days(store: Container) -> None:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1), line(2, day="2026-03-13")]), store.books)
    settled = Change(update="SET #v = :ten", names={"#v": "views"}, values={":ten": 10})
    store.library_table.update(count_key("harbour-clock"), settled)
    assert store.books.count("harbour-clock").views == 346 + 10 + 2


def test_an_unknown_article_has_no_count(store: Container) -> None:
    with pytest.raises(ArticleNotFound):
        store.books.count("nobody")


def test_the_base_is_only_ever_raised(store: Container) -> None:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    publish(Submission(article(), views_before=12), store.catalogue, store.books, now=NOW)
    assert store.books.count("harbour-clock").views == 346


def test_as_of_is_the_newest_view_in_the_count_whichever_shard_it_came_by(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    assert store.books.count("harbour-clock").as_of is None
    tally(Batch("s1", [line(1)]), store.books)
    tally(Batch("s2", [line(1, at=NOW - timedelta(seconds=20))]), store.books)
    assert store.books.count("harbour-clock").as_of == NOW


def test_a_sealed_day_takes_no_more_views(store: Container) -> None:
    table = store.library_table
    seal = Change(update="SET #s = :true", names={"#s": "sealed"}, values={":true": True})
    table.update(page_key("harbour-clock", TODAY), seal)
    late = increment_of("s", [line(1)])
    assert store.books.day_book.grow(late) == Refusal(None, sealed=True)
    assert tally(Batch("s", [line(2)]), store.books).dropped == 1
    open_day = line(3, day="2026-03-15", at=datetime(2026, 3, 15, tzinfo=UTC))
    assert tally(Batch("s", [open_day]), store.books).folded == 1


def open_days(store: Container) -> object:
    return store.library_table.get(count_key("harbour-clock"), consistent=True).get("open")  # type: ignore[union-attr]


def test_a_counter_names_a_day_with_its_first_view_and_not_again(store: Container) -> None:
    publish_all(store, "harbour-clock")
    assert open_days(store) is None
    tally(Batch("s", [line(1), line(2)]), store.books)
    assert open_days(store) == {TODAY}
    before = store.library_table.get(count_key("harbour-clock"))
    tally(Batch("s", [line(3)]), Books(store.library_table))
    assert store.library_table.get(count_key("harbour-clock")) == before


def test_a_day_that_a_dying_tally_left_unnamed_is_named_when_its_batch_comes_again(
    store: Container,
) -> None:
    publish_all(store, "harbour-clock")
    store.books.day_book.grow(increment_of("s", [line(1)]))
    assert (open_days(store), store.books.count("harbour-clock").views) == (None, 0)
    tally(Batch("s", [line(1)]), store.books)
    assert (open_days(store), store.books.count("harbour-clock").views) == ({TODAY}, 1)


@pytest.mark.parametrize(
    "settled", [{"sealed": {TODAY}}, {"sealed": {"2026-04-01"}, "horizon": TODAY}]
)
def test_a_settled_day_is_never_named_again(store: Container, settled: dict[str, Any]) -> None:
    publish_all(store, "harbour-clock")
    store.library_table.update(count_key("harbour-clock"), Change.setting(settled))
    store.books.counters.open("harbour-clock", TODAY)
    assert open_days(store) is None


def test_a_day_that_is_named_and_settled_is_not_added_twice(store: Container) -> None:
    publish_all(store, "harbour-clock")
    tally(Batch("s", [line(1)]), store.books)
    crossed = Change.setting({"sealed": {TODAY}, "views": 1, "visitors": 1})
    store.library_table.update(count_key("harbour-clock"), crossed)
    assert store.books.count("harbour-clock").views == 1
    assert store.books.counts(["harbour-clock"])["harbour-clock"].views == 1


def test_the_page_that_a_counter_does_not_call_open_is_not_shown(store: Container) -> None:
    publish_all(store, "harbour-clock")
    store.books.day_book.grow(increment_of("s", [line(1)]))
    assert store.books.count("harbour-clock", today=TODAY).views == 0


def test_a_number_is_the_same_with_and_without_the_page_of_today_beside_it(
    store: Container,
) -> None:
    publish(Submission(article(), views_before=5), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1), line(2, day="2026-03-13"), line(3, day="2026-03-10")]), store.books)
    for today in ("", TODAY, "2026-03-13", "2026-03-20"):
        assert store.books.count("harbour-clock", today=today).views == 8
