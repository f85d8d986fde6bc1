from datetime import timedelta

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.counting.counts import TOTAL, Total
from circulation.counting.keys import page_key
from circulation.errors import StoreUnavailable
from circulation.popularity.keys import SITE
from circulation.popularity.memory import Memory
from circulation.runtime import Container
from circulation.times import day_of
from tests.builders import NOW, TODAY, article
from tests.integration.popularity.test_ranking import (
    EARLIER,
    RUN,
    Calls,
    put,
    rank,
    remembering_all_but,
    seal,
    setting,
    view,
)

YESTERDAY, THREE_DAYS_AGO = "2026-03-13", "2026-03-11"


@pytest.fixture
def memory() -> Memory:
    return remembering_all_but(3)


def stored(store: Container) -> list[dict[str, object]]:
    return list(store.library_table.query(SITE))


def test_before_the_first_run_and_without_a_view_the_site_has_no_views(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    assert (store.site.total(), store.site.total().as_of) == (Total(0, 0), None)
    rank(store, memory)
    assert store.site.days("2026-01-01", TODAY).as_of is None
    assert stored(store) == []


def test_the_total_holds_older_counters_settled_and_open_days_of_every_article(
    store: Container, memory: Memory
) -> None:
    put(store, "imported", views_before=346)
    put(store, "viewed")
    view(store, "viewed", 2, days=3)
    seal(store, THREE_DAYS_AGO)
    view(store, "viewed", 3, days=1)
    view(store, "viewed", 4)
    rank(store, memory)
    assert store.site.total() == Total(346 + 2 + 3 + 4, 2 + 3 + 4)
    assert store.site.total().as_of == NOW


def test_a_day_sums_the_pages_of_its_articles(store: Container, memory: Memory) -> None:
    put(store, "a", "b")
    view(store, "a", 1)
    view(store, "b", 2)
    page = page_key("b", TODAY)
    store.library_table.update(page, setting(visitors=1))
    rank(store, memory)
    assert store.site.days(TODAY, TODAY) == Total(3, 2)
    assert [item["sk"] for item in stored(store)] == [TODAY, TOTAL]


def test_days_are_summed_from_the_first_to_the_last_both_included(
    store: Container, memory: Memory
) -> None:
    put(store, "a", views_before=50)
    for number, ago in ((1, 0), (10, 1), (20, 3)):
        view(store, "a", number, days=ago)
    rank(store, memory, now=NOW - RUN)
    view(store, "a", 3, minutes=1)
    rank(store, memory)
    assert store.site.days(THREE_DAYS_AGO, TODAY) == Total(34, 34)
    assert store.site.days(THREE_DAYS_AGO, YESTERDAY) == Total(30, 30)
    assert store.site.days("2026-03-12", YESTERDAY) == Total(10, 10)
    assert store.site.days("2020-01-01", "2030-01-01") == Total(34, 34)
    assert store.site.days(THREE_DAYS_AGO, YESTERDAY).as_of == NOW - RUN
    assert store.site.days(THREE_DAYS_AGO, TODAY).as_of == NOW


def test_days_in_the_wrong_order_are_none_and_are_not_asked_for(store: Container) -> None:
    calls = Calls(store)
    assert store.site.days(TODAY, YESTERDAY) == Total(0, 0)
    assert calls.taken()[0] == {}  # DynamoDB would refuse such a range


def test_an_unpublished_article_leaves_the_total_and_comes_back(
    store: Container, memory: Memory
) -> None:
    put(store, "a", "b", views_before=7)
    view(store, "b", 1)
    rank(store, memory)
    unpublish("b", store.catalogue, store.books, now=NOW)
    rank(store, memory, now=NOW + RUN)
    assert store.site.total() == Total(7, 0)
    assert store.site.days(TODAY, TODAY) == Total(1, 1)  # it was read that day
    again = Submission(article("b", published=EARLIER))
    publish(again, store.catalogue, store.books, now=NOW + 2 * RUN)
    rank(store, memory, now=NOW + 3 * RUN)
    assert store.site.total() == Total(15, 1)


def test_a_new_article_and_new_views_enter_the_total_at_the_next_run(
    store: Container, memory: Memory
) -> None:
    put(store, "a", views_before=7)
    rank(store, memory)
    put(store, "b", views_before=20, at=NOW)
    put(store, "c", at=NOW)
    rank(store, memory, now=NOW + RUN)
    assert store.site.total() == Total(27, 0)
    view(store, "a", 1)
    view(store, "c", 2)
    rank(store, memory, now=NOW + 3 * RUN)
    assert store.site.total() == Total(30, 3)


def test_an_article_is_not_missed_because_its_publisher_died(
    store: Container, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a", views_before=7)
    rank(store, memory)

    def die(*_: object) -> None:
        raise StoreUnavailable("timed out")

    with monkeypatch.context() as patched:
        patched.setattr(store.catalogue.editions, "close", die)
        with pytest.raises(StoreUnavailable):
            publish(
                Submission(article("b", published=EARLIER), 20),
                store.catalogue,
                store.books,
                now=NOW,
            )
    rank(store, memory, now=NOW + RUN)
    assert store.site.total() == Total(27, 0)


def test_what_appears_while_a_run_reads_is_in_the_total_too(
    store: Container, memory: Memory
) -> None:
    publish(
        Submission(article("a", published=NOW + RUN), 5),
        store.catalogue,
        store.books,
        now=NOW + RUN,
    )
    rank(store, memory, now=NOW)  # its clock stands at the time it was scheduled for
    rank(store, memory, now=NOW + 2 * RUN)
    assert store.site.total() == Total(5, 0)


def test_a_total_that_was_raised_by_hand_is_seen_on_the_next_day(
    store: Container, memory: Memory
) -> None:
    put(store, "a", views_before=7)
    rank(store, memory)
    store.books.counters.raise_base("a", 9)
    rank(store, memory, now=NOW + RUN)
    assert store.site.total() == Total(7, 0)
    rank(store, memory, now=NOW + timedelta(days=1))
    assert store.site.total() == Total(9, 0)


def test_a_day_gets_the_final_numbers_that_it_is_sealed_with(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 2, days=1)
    rank(store, memory)
    page = page_key("a", YESTERDAY)
    store.library_table.update(page, setting(views=5, visitors=4))
    seal(store, YESTERDAY)
    rank(store, memory, now=NOW + RUN)
    assert store.site.days(YESTERDAY, YESTERDAY) == Total(5, 4)
    store.library_table.update(page, setting(views=0, visitors=0))
    rank(store, remembering_all_but(3), now=NOW + 2 * RUN)
    assert store.site.days(YESTERDAY, YESTERDAY) == Total(0, 0)


def test_a_second_run_writes_nothing(store: Container, memory: Memory) -> None:
    put(store, "a", views_before=7)
    view(store, "a", 1)
    rank(store, memory)
    found = stored(store)
    calls = Calls(store)
    rank(store, memory, now=NOW + RUN)
    rank(store, remembering_all_but(3), now=NOW + RUN)
    assert "update_item" not in calls.taken()[0]
    assert stored(store) == found


def test_a_run_by_an_older_clock_changes_nothing(store: Container, memory: Memory) -> None:
    put(store, "a")
    view(store, "a", 1)
    rank(store, memory)
    found = stored(store)
    view(store, "a", 1, minutes=1)
    rank(store, memory, now=NOW - RUN, clock=NOW)
    assert stored(store) == found
    rank(store, memory, now=NOW + RUN)
    assert store.site.total() == Total(2, 2)


def test_a_new_container_finds_the_same(store: Container, memory: Memory) -> None:
    put(store, "a", "b", views_before=7)
    view(store, "a", 2, days=3)
    seal(store, THREE_DAYS_AGO)
    view(store, "b", 1)
    rank(store, memory)
    view(store, "b", 1, minutes=1)
    rank(store, memory, now=NOW + RUN)
    found = store.site.total(), store.site.days(THREE_DAYS_AGO, TODAY)
    store.site.put(TOTAL, Total(1, 1), as_of=NOW + RUN, clock=NOW)
    store.site.put(THREE_DAYS_AGO, Total(1, 1), as_of=NOW + RUN, clock=NOW)
    rank(store, Memory(), now=NOW + 2 * RUN)
    assert (store.site.total(), store.site.days(THREE_DAYS_AGO, TODAY)) == found


def test_a_run_that_dies_is_made_up_for_by_the_next(
    store: Container, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a", views_before=7)
    view(store, "a", 1, days=3)
    rank(store, memory)
    view(store, "a", 2, days=3, minutes=1)
    seal(store, day_of(NOW - timedelta(days=3)))

    def die(*_: object, **__: object) -> None:
        raise StoreUnavailable("throttled")

    with monkeypatch.context() as patched:
        patched.setattr(store.site, "put", die)
        with pytest.raises(StoreUnavailable):
            rank(store, memory, now=NOW + RUN)
    assert THREE_DAYS_AGO in memory.days
    rank(store, memory, now=NOW + 2 * RUN)
    assert store.site.total() == Total(10, 3)
    assert store.site.days(THREE_DAYS_AGO, THREE_DAYS_AGO) == Total(3, 3)


def test_a_quiet_run_reads_the_pages_of_today_alone(store: Container, memory: Memory) -> None:
    put(store, *(f"unviewed-{number}" for number in range(20)), views_before=7)
    put(store, "a")
    view(store, "a", 1)
    view(store, "a", 1, days=1)
    seal(store, YESTERDAY)
    calls = Calls(store)
    rank(store, memory)
    assert calls.taken()[1]["batch_get_item"] == 21
    rank(store, memory, now=NOW + RUN)
    made, items = calls.taken()
    assert made == {"query": 16 + 1}  # the buckets of today, and the site's days
    assert items == {"query": 1 + 3}
