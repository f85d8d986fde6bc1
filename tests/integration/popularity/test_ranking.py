from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.aws.table import Change
from circulation.counting.counts import Total
from circulation.counting.keys import count_key, page_key
from circulation.counting.queries import read_days, read_hours
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.popularity.keys import top_key
from circulation.popularity.memory import ClosedDay, Memory
from circulation.popularity.periods import Period
from circulation.popularity.queries import Popular, read_popular
from circulation.popularity.ranking import rank_popular
from circulation.popularity.windows import Ranking, Window, days_of_windows
from circulation.runtime import Container
from circulation.times import day_of, days_until
from tests.builders import NOW, TODAY, article, line

EARLIER = NOW - timedelta(days=60)
RUN = timedelta(minutes=5)


def remembering_all_but(*days_ago: int) -> Memory:
    """Remember the days before yesterday as empty, except some; nobody's test reads 31 days."""
    days = enumerate(days_of_windows(NOW))
    closed = {day: ClosedDay({}, Total(0, 0)) for ago, day in days if ago not in (0, 1, *days_ago)}
    return Memory(days=closed)


@pytest.fixture
def memory() -> Memory:
    return remembering_all_but(3, 7, 30)


def put(
    store: Container,
    *ids: str,
    views_before: int | None = None,
    at: datetime = EARLIER,
    **changes: Any,
) -> None:
    """Publish articles, long before now unless told otherwise."""
    told = {"published": EARLIER} | changes
    for each in ids:
        publish(
            Submission(article(each, **told), views_before),
            store.catalogue,
            store.books,
            now=at,
        )


def view(store: Container, article_id: str, number: int, **ago: float) -> None:
    """Have an article viewed some hours or days ago, as the tally tells it."""
    at = NOW - timedelta(**ago)
    lines = [line(mark, article_id, day=day_of(at), at=at) for mark in range(1, number + 1)]
    tally(Batch(f"{article_id}-{at.isoformat()}", lines), store.books)


def seal(store: Container, day: str, *, closed: bool = True) -> None:
    """Seal every page of a day, and settle it in the counters; and say that all days are so."""
    table = store.library_table
    for page in store.books.day_book.read(day, hourly=False):
        table.update(page_key(page.article, day), setting(sealed=True))
        settle(store, page.article, day)
    if closed:
        store.books.day_book.close(day)


def settle(store: Container, article_id: str, day: str) -> None:
    """Move a day in an article's counter from the open ones to the settled ones."""
    page = store.books.day_book.page(article_id, day)
    store.books.counters.settle(article_id, day, page.count, closed="2026-01-01")


def setting(**values: Any) -> Change:
    return Change(
        update="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        names={f"#{name}": name for name in values},
        values={f":{name}": value for name, value in values.items()},
    )


def rank(
    store: Container, memory: Memory, *, now: datetime = NOW, clock: datetime | None = None
) -> int:
    """Run the ranking on the store; give how many rankings changed."""
    found = rank_popular(store.charts, store.catalogue, store.books, memory, now=now, clock=clock)
    return found.written if found else 0


def ranking(store: Container, window: Window, section: str | None = None) -> Ranking:
    ranked = store.rankings.get(window, section)
    return ranked.ranking if ranked else ()


def popular(store: Container, section: str | None = None, limit: int = 10) -> Popular:
    return read_popular(
        Window.ALL, section, store.charts, store.catalogue, store.books, now=NOW, limit=limit
    )


def shown(found: Popular) -> list[tuple[str, int]]:
    return [(each.counted.article.id, each.window_views) for each in found.articles]


class Calls:
    """What is asked of DynamoDB: calls by operation, and the items that they find."""

    def __init__(self, store: Container) -> None:
        self.made: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        client: Any = store.client
        for name in ("get_item", "batch_get_item", "query", "update_item"):
            setattr(client, name, self._counted(name, getattr(client, name)))

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(**request: Any) -> Any:
            answer = call(**request)
            self.made[name] += 1
            found = [answer.get("Items", []), *answer.get("Responses", {}).values()]
            self.items[name] += sum(map(len, found))
            self.kinds.update(
                item["pk"]["S"].partition("#")[0] for items in found for item in items
            )
            return answer

        return counted

    def taken(self) -> tuple[dict[str, int], dict[str, int]]:
        told = dict(self.made), {name: number for name, number in self.items.items() if number}
        self.made.clear()
        self.items.clear()
        self.kinds.clear()
        return told


def test_articles_are_ranked_by_their_views_in_each_window(
    store: Container, memory: Memory
) -> None:
    put(store, "hour", "day", "week", "month")
    put(store, "ages", views_before=5)
    view(store, "hour", 1, minutes=69)
    view(store, "day", 2, hours=20)
    view(store, "week", 3, days=7)
    view(store, "month", 4, days=30)
    publish(
        Submission(article("ages", published=EARLIER), 6), store.catalogue, store.books, now=NOW
    )
    rank(store, memory)
    expected = [("ages", 6), ("month", 4), ("week", 3), ("day", 2), ("hour", 1)]
    assert ranking(store, Window.HOUR) == tuple(expected[4:])
    assert ranking(store, Window.DAY) == tuple(expected[3:])
    assert ranking(store, Window.WEEK) == tuple(expected[2:])
    assert ranking(store, Window.MONTH) == tuple(expected[1:])
    assert ranking(store, Window.ALL) == tuple(expected)


def test_each_section_has_a_ranking_of_its_own(store: Container, memory: Memory) -> None:
    put(store, "a")
    put(store, "b", section="sport")
    view(store, "a", 1)
    view(store, "b", 2)
    rank(store, memory)
    for window in Window:
        assert ranking(store, window) == (("b", 2), ("a", 1))
        assert ranking(store, window, "city") == (("a", 1),)
        assert ranking(store, window, "sport") == (("b", 2),)
        assert ranking(store, window, "nowhere") == ()


def test_what_leaves_a_window_leaves_its_ranking_empty(store: Container, memory: Memory) -> None:
    put(store, "a")
    view(store, "a", 1)
    rank(store, memory)
    later = NOW + timedelta(days=31)
    assert rank(store, memory, now=later) == 8  # of 4 windows: everywhere and the section
    for window in (Window.HOUR, Window.DAY, Window.WEEK, Window.MONTH):
        assert ranking(store, window) == ranking(store, window, "city") == ()
    assert ranking(store, Window.ALL) == (("a", 1),)


def test_a_ranking_is_written_only_when_it_changed(store: Container, memory: Memory) -> None:
    put(store, "a")
    put(store, "b", section="sport")
    view(store, "a", 1)
    view(store, "b", 1)
    assert rank(store, memory) == 15  # 5 windows: everywhere and 2 sections
    assert rank(store, memory, now=NOW + RUN) == 0
    assert rank(store, remembering_all_but(), now=NOW + RUN) == 0
    view(store, "b", 1, minutes=-6)
    assert rank(store, memory, now=NOW + 2 * RUN) == 10
    found = store.rankings.get(Window.DAY, "city")
    assert found
    assert found.as_of == NOW.replace(microsecond=0)


def test_a_run_that_can_expect_few_views_reads_nothing_and_the_next_one_sees_to_all(
    store: Container, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.popularity.pace.ENOUGH_VIEWS", 3)
    put(store, "a")
    for number, seen in enumerate([1, 2, 2, 4, 4]):
        view(store, "a", 1, minutes=60 - number)
        rank(store, memory, now=NOW + number * RUN)
        # what came before the second run is known by then: one view, so the third run rests
        assert ranking(store, Window.ALL) == (("a", seen),)
    calls = Calls(store)
    rank(store, memory, now=NOW + 4 * RUN)
    assert calls.taken() == ({}, {})


def test_an_older_run_does_not_overwrite_a_later_one(store: Container) -> None:
    later, older = (("a", 2),), (("a", 1),)
    assert store.rankings.put(Window.DAY, None, later, as_of=NOW, clock=NOW)
    assert not store.rankings.put(Window.DAY, None, older, as_of=NOW - RUN, clock=NOW)
    assert ranking(store, Window.DAY) == later


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=1), timedelta(days=400)])
def test_what_was_found_before_the_clock_was_set_back_stands_in_no_way(
    store: Container, memory: Memory, ahead: timedelta
) -> None:
    put(store, "a", views_before=7)
    view(store, "a", 1)
    rank(store, memory, now=NOW + ahead)
    view(store, "a", 2, minutes=1)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("a", 10),)
    assert ranking(store, Window.DAY) == (("a", 3),)
    assert store.site.total().views == 10


def test_of_two_hosts_whose_clocks_differ_a_little_the_later_run_wins(store: Container) -> None:
    later, older = (("a", 2),), (("a", 1),)
    ahead = NOW + timedelta(seconds=30)
    assert store.rankings.put(Window.DAY, None, later, as_of=ahead, clock=ahead)
    assert not store.rankings.put(Window.DAY, None, older, as_of=NOW, clock=NOW)
    assert ranking(store, Window.DAY) == later


def test_an_import_reaches_the_all_time_ranking_without_a_view(
    store: Container, memory: Memory
) -> None:
    publish(
        Submission(article("imported", published=EARLIER), 346),
        store.catalogue,
        store.books,
        now=NOW,
    )
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("imported", 346),)
    assert ranking(store, Window.MONTH) == ()


def test_the_same_import_again_opens_no_page(store: Container) -> None:
    told = Submission(article(published=EARLIER), 346)
    publish(told, store.catalogue, store.books, now=EARLIER)
    publish(told, store.catalogue, store.books, now=NOW)
    assert not list(store.books.day_book.read(TODAY, hourly=False))


def test_the_all_time_ranking_keeps_what_is_not_viewed_any_more(
    store: Container, memory: Memory
) -> None:
    put(store, "old", views_before=9)
    put(store, "new")
    rank(store, Memory(), now=EARLIER)
    assert ranking(store, Window.ALL) == (("old", 9),)
    view(store, "new", 1)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("old", 9), ("new", 1))
    assert rank(store, remembering_all_but()) == 0


def test_an_unpublished_article_leaves_every_ranking_and_comes_back(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 1, days=3)
    seal(store, day_of(NOW - timedelta(days=3)))
    rank(store, memory)
    assert ranking(store, Window.WEEK) == (("a", 1),)
    unpublish("a", store.catalogue, store.books, now=NOW)
    rank(store, memory)
    for window in Window:
        assert ranking(store, window) == ranking(store, window, "city") == ()
    publish(Submission(article("a", published=EARLIER)), store.catalogue, store.books, now=NOW)
    rank(store, memory)
    assert ranking(store, Window.WEEK) == (("a", 1),)


def test_a_moved_article_moves_in_the_rankings_though_nobody_views_it(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 1, days=3)
    seal(store, day_of(NOW - timedelta(days=3)))
    rank(store, memory)
    publish(
        Submission(article("a", published=EARLIER, section="sport")),
        store.catalogue,
        store.books,
        now=NOW,
    )
    rank(store, memory)
    assert ranking(store, Window.WEEK, "city") == ()
    assert ranking(store, Window.WEEK, "sport") == (("a", 1),)


def test_a_text_that_changes_opens_no_page(store: Container) -> None:
    put(store, "a")
    publish(
        Submission(article("a", published=EARLIER, title="New")),
        store.catalogue,
        store.books,
        now=NOW,
    )
    assert not list(store.books.day_book.read(TODAY, hourly=False))


def test_an_article_that_lies_in_the_future_waits_for_its_time(
    store: Container, memory: Memory
) -> None:
    put(store, "a", published=NOW + RUN, views_before=3)
    view(store, "a", 1)
    rank(store, memory)
    assert ranking(store, Window.ALL) == ()
    rank(store, memory, now=NOW + RUN)
    assert ranking(store, Window.ALL) == (("a", 4),)


def test_a_view_of_what_was_never_published_is_not_ranked(store: Container, memory: Memory) -> None:
    view(store, "nobody", 1)
    assert rank(store, memory) == 0


def queried(store: Container, memory: Memory, **after: float) -> tuple[int, int]:
    """Rank; give how many pages of the day book and how many counters were read."""
    calls = Calls(store)
    rank(store, memory, now=NOW + timedelta(**after))
    return calls.kinds["DAY"], calls.kinds["ARTICLE"]


def test_a_closed_day_is_read_once_by_a_container(store: Container, memory: Memory) -> None:
    put(store, "a", "b")
    day = day_of(NOW - timedelta(days=3))
    view(store, "a", 1, days=3)
    view(store, "b", 2, days=3)
    seal(store, day)
    rank(store, memory)
    assert ranking(store, Window.WEEK) == (("b", 2), ("a", 1))
    assert dict(memory.days[day].views.items()) == {"a": 1, "b": 2}
    assert queried(store, memory) == (0, 0)


def test_of_a_closed_day_a_new_container_has_sums_and_no_pages(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 1, days=3)
    seal(store, day_of(NOW - timedelta(days=3)))
    found = rank_popular(store.charts, store.catalogue, store.books, memory, now=NOW)
    assert found
    assert found.days.pages.keys() == {TODAY, day_of(NOW - timedelta(days=1))}
    assert ranking(store, Window.ALL) == (("a", 1),)


def test_a_new_container_takes_a_closed_day_from_its_top_if_that_lists_every_article(
    store: Container, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a", "b")
    view(store, "a", 1, days=3)
    view(store, "b", 2, days=3)
    seal(store, day_of(NOW - timedelta(days=3)))
    rank(store, memory)
    assert queried(store, remembering_all_but(3)) == (0, 2)
    assert ranking(store, Window.WEEK) == (("b", 2), ("a", 1))
    monkeypatch.setattr("circulation.popularity.top.MAX_LISTED", 1)
    store.library_table.delete(top_key(Period(day_of(NOW - timedelta(days=3)))))
    assert queried(store, remembering_all_but(3)) == (2, 2)
    assert queried(store, remembering_all_but(3)) == (2, 2)
    assert ranking(store, Window.WEEK) == (("b", 2), ("a", 1))


def test_a_day_is_read_again_until_it_is_said_to_be_closed(
    store: Container, memory: Memory
) -> None:
    put(store, "a", "b")
    day = day_of(NOW - timedelta(days=3))
    view(store, "a", 1, days=3)
    view(store, "b", 2, days=3)
    rank(store, memory)
    seal(store, day, closed=False)
    rank(store, memory)
    assert day not in memory.days
    assert queried(store, memory) == (2, 0)
    store.books.day_book.close(day)
    assert queried(store, memory) == (2, 2)
    assert queried(store, memory) == (0, 0)
    assert ranking(store, Window.ALL) == (("b", 2), ("a", 1))


def test_a_day_that_a_counter_calls_open_is_not_closed_whatever_is_said(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    day = day_of(NOW - timedelta(days=3))
    view(store, "a", 2, days=3)
    page = page_key("a", day)
    store.library_table.update(page, setting(sealed=True, views=5))
    store.books.day_book.close(day)
    rank(store, memory)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("a", 5),)
    assert store.site.total().views == 5
    assert day not in memory.days
    settle(store, "a", day)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("a", 5),)
    assert store.site.total().views == 5
    assert day in memory.days


def test_a_day_that_was_closed_before_its_counter_was_seen_to_settle_it_is_not_lost(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    day = day_of(NOW - timedelta(days=3))
    view(store, "a", 2, days=3)
    memory.days[day] = ClosedDay({"a": 2}, Total(2, 2))
    rank(store, memory)
    assert store.site.total() == Total(2, 2)
    assert ranking(store, Window.ALL) == (("a", 2),)


def test_a_day_long_past_that_is_still_open_is_in_the_lifetime(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 2, days=50)
    view(store, "a", 1)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("a", 3),)


def test_a_view_whose_day_is_not_named_yet_is_ranked_once_it_is(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 2)
    unnamed = Change(
        update="DELETE #open :days", names={"#open": "open"}, values={":days": {TODAY}}
    )
    store.library_table.update(count_key("a"), unnamed)
    rank(store, memory)
    assert ranking(store, Window.DAY) == (("a", 2),)
    assert ranking(store, Window.ALL) == ()
    named = Change(update="ADD #open :days", names={"#open": "open"}, values={":days": {TODAY}})
    store.library_table.update(count_key("a"), named)
    assert queried(store, memory) == (1, 1)
    assert ranking(store, Window.ALL) == (("a", 2),)
    assert queried(store, memory) == (1, 0)


def test_a_day_that_was_never_named_is_in_the_lifetime_once_it_is_settled(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    day = day_of(NOW - timedelta(days=3))
    view(store, "a", 2, days=3)
    unnamed = Change(update="REMOVE #open", names={"#open": "open"})
    store.library_table.update(count_key("a"), unnamed)
    rank(store, memory)
    assert ranking(store, Window.ALL) == ()
    seal(store, day)
    rank(store, memory)
    assert ranking(store, Window.ALL) == (("a", 2),)
    assert day in memory.days


def test_yesterdays_pages_are_remembered_with_their_hours_once_it_is_closed(
    store: Container, memory: Memory
) -> None:
    put(store, "a")
    view(store, "a", 1, hours=20)
    rank(store, memory)
    assert queried(store, memory) == (1, 0)
    seal(store, day_of(NOW - timedelta(hours=20)))
    assert queried(store, memory) == (1, 1)
    assert queried(store, memory) == (0, 0)
    assert ranking(store, Window.DAY) == (("a", 1),)
    rank(store, memory, now=NOW + timedelta(hours=6))
    assert ranking(store, Window.DAY) == ()


def test_a_late_first_page_of_yesterday_is_seen(store: Container, memory: Memory) -> None:
    put(store, "a")
    midnight = NOW.replace(hour=0, minute=0, second=1)
    rank(store, memory, now=midnight)
    view(store, "a", 1, hours=15, minutes=9, seconds=27)
    seal(store, "2026-03-13")
    rank(store, memory, now=NOW + timedelta(days=1))
    assert ranking(store, Window.WEEK) == (("a", 1),)


def test_a_run_that_fails_between_the_days_and_the_counters_remembers_neither(
    store: Container, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "a")
    view(store, "a", 1, days=3)
    rank(store, memory)
    view(store, "a", 1, days=3, minutes=1)
    seal(store, day_of(NOW - timedelta(days=3)))

    def fail(*_: object) -> None:
        raise StoreUnavailable("throttled")

    with monkeypatch.context() as patched:
        patched.setattr(store.books.counters, "standings", fail)
        with pytest.raises(StoreUnavailable):
            rank(store, memory)
    rank(store, memory)
    assert ranking(store, Window.ALL) == ranking(store, Window.WEEK) == (("a", 2),)


def test_what_a_run_reads_and_writes_does_not_grow_with_the_catalogue(
    store: Container, memory: Memory
) -> None:
    viewed = [f"v{number}" for number in range(5)]
    put(store, *viewed)
    for each in viewed:
        view(store, each, 1)
    rank(store, memory)
    calls = Calls(store)
    view(store, "v3", 1, minutes=1)
    calls.taken()
    rank(store, memory)
    small = calls.taken()
    put(store, *(f"unviewed-{number}" for number in range(50)), views_before=7)
    rank(store, memory)
    view(store, "v3", 1, minutes=2)
    calls.taken()
    rank(store, memory)
    assert calls.taken() == small
    made, _ = small
    assert set(made) == {"get_item", "query", "update_item"}


def test_who_was_unpublished_or_moved_since_the_ranking_is_left_out_and_the_next_move_up(
    store: Container, memory: Memory
) -> None:
    ids = [f"a{number}" for number in range(6)]
    put(store, *ids)
    for number, each in enumerate(ids, start=1):
        view(store, each, number)
    rank(store, memory)
    unpublish("a5", store.catalogue, store.books, now=NOW)
    unpublish("a3", store.catalogue, store.books, now=NOW)
    publish(
        Submission(article("a4", published=EARLIER, section="sport")),
        store.catalogue,
        store.books,
        now=NOW,
    )
    publish(Submission(article("a2", published=NOW + RUN)), store.catalogue, store.books, now=NOW)
    assert shown(popular(store, limit=2)) == [("a4", 5), ("a1", 2)]
    assert shown(popular(store, "city", limit=2)) == [("a1", 2), ("a0", 1)]
    assert shown(popular(store, "sport")) == []


def test_before_the_first_ranking_nothing_is_popular(store: Container) -> None:
    assert popular(store) == Popular([], None)


def test_the_days_and_the_older_counter_are_the_lifetime(store: Container) -> None:
    put(store, "a", views_before=346)
    for ago in (0, 1, 29):
        view(store, "a", 1 + ago, days=ago)
    days = read_days("a", days_until(TODAY, 30), store.books, now=NOW)
    assert [days[day].views for day in (TODAY, "2026-03-13", "2026-02-13")] == [1, 2, 30]
    assert [days[TODAY].visitors, days["2026-02-14"].visitors] == [1, 0]
    count = store.books.count("a")
    assert sum(day.views for day in days.values()) + count.base == count.views


def test_a_year_of_days_is_read_in_four_batches(store: Container) -> None:
    put(store, "a")
    view(store, "a", 2, days=365)
    calls = Calls(store)
    days = read_days("a", days_until(TODAY, 366), store.books, now=NOW)
    assert next(iter(days.values())).views == 2
    assert calls.taken()[0] == {"batch_get_item": 2 + 4}


def test_hours_are_read_from_the_pages_of_their_days(store: Container) -> None:
    put(store, "a")
    hour = NOW.replace(minute=0, second=0)
    view(store, "a", 2, hours=1)
    view(store, "a", 3, hours=16)
    hours = [hour - timedelta(hours=back) for back in (16, 2, 1, 0)]
    assert list(read_hours("a", hours, store.books, now=NOW).values()) == [3, 0, 2, 0]


def test_a_month_is_closed_when_it_is_over_though_its_last_days_had_no_views(
    store: Container,
) -> None:
    put(store, "a")
    view(store, "a", 3, days=15)  # on 27 February
    seal(store, "2026-02-27")
    memory = Memory()
    rank(store, memory, now=NOW - timedelta(days=14))
    month = store.charts.tops.get(Period("2026-02"))
    assert month
    assert (month.top.ranking, month.top.closed) == ((("a", 3),), False)
    for remembered in (memory, Memory()):
        rank(store, remembered, now=NOW - timedelta(days=10))
        month = store.charts.tops.get(Period("2026-02"))
        assert month
        assert (month.top.ranking, month.top.closed) == ((("a", 3),), True)
