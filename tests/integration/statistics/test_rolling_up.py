"""The roll-ups of open and closed days, as RankPopular's runs leave them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish, unpublish
from circulation.counting.counts import DayCount
from circulation.counting.sealing import seal
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.popularity.memory import Memory
from circulation.popularity.pace import Pace
from circulation.popularity.ranking import rank_popular
from circulation.runtime import Container
from circulation.statistics import rolling_up, summing
from circulation.statistics.rolling_up import RollupMemory, close_day, roll_up
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind
from circulation.times import day_of, end_of
from circulation.views.hit import Reason
from tests.builders import NOW, TODAY, article, line
from tests.rollup_sums import wrong_rollups

MONTH = TODAY[:7]
AFTER = end_of(TODAY) + timedelta(hours=2)
CITY = Subject(SubjectKind.SECTION, "city")
SPORT = Subject(SubjectKind.SECTION, "sport")
LEYLA = Subject(SubjectKind.AUTHOR, "Leyla")
RAUF = Subject(SubjectKind.AUTHOR, "Rauf")
CLOCKS = Subject(SubjectKind.TAG, "clocks")


class Runs:
    """The runs of one container, each of which looks at everything."""

    def __init__(self, store: Container) -> None:
        self._store, self._memory, self._rollups = store, Memory(), RollupMemory()

    def run(self, now: datetime = NOW) -> None:
        store = self._store
        self._memory.came, self._memory.traits = None, None
        found = rank_popular(store.charts, store.catalogue, store.books, self._memory, now=now)
        assert found
        roll_up(found, store.rollup_sources, self._rollups, now=now, clock=now)


@pytest.fixture
def runs(store: Container, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """A container that writes whatever differs: pace has tests of its own."""
    at_once = dict.fromkeys(SubjectKind, Pace(timedelta(0), 0))
    monkeypatch.setattr("circulation.statistics.rolling_up.PACES", at_once)
    return Runs(store)


def put(store: Container, article_id: str = "a", *, at: datetime = NOW, **changes: Any) -> None:
    told = {"authors": ("Leyla",), "tags": ("clocks",)} | changes
    publish(Submission(article(article_id, **told)), store.catalogue, store.books, now=at)


def view(store: Container, article_id: str = "a", number: int = 3, **traits: Any) -> None:
    lines = [line(mark, article_id, **traits) for mark in range(1, number + 1)]
    tally(Batch(f"{article_id}-{sorted(traits.items())}", lines), store.books)


def settle(store: Container, *article_ids: str, day: str = TODAY) -> None:
    """Seal the pages with the numbers that they have, and close the day."""
    books = store.books
    for each in article_ids:
        page = books.day_book.page(each, day)
        labels = books.counters.labels_of(each)
        books.day_book.seal(page, page.count, complete=True, labels=labels)
        books.counters.settle(each, day, page.count, closed="2026-01-01")
    books.day_book.close(day)


def stored(store: Container, subject: Subject = THE_SITE, name: str = TODAY) -> Rollup | None:
    read = store.rollups.months if len(name) == len(MONTH) else store.rollups.days
    entry = read(subject, name, name).get(name)
    return entry.rollup if entry else None


def views(store: Container, *subjects: Subject, name: str = TODAY) -> list[int]:
    rollups = [stored(store, subject, name) for subject in subjects]
    return [rollup.views if rollup else -1 for rollup in rollups]


def test_what_has_views_is_rolled_up_while_the_day_is_open(store: Container, runs: Runs) -> None:
    put(store, "a", tags=("clocks", "harbour"))
    put(store, "b", section="sport", authors=("Leyla", "Rauf"))
    view(store, "a", 3, source="search", referrer="search.example", country="AZ")
    view(store, "b", 2, source="home")
    runs.run()
    assert views(store, THE_SITE, CITY, SPORT, LEYLA, RAUF, CLOCKS) == [5, 3, 2, 5, 2, 5]
    site = stored(store)
    assert site
    assert (site.hours, site.articles, site.closed) == ({NOW.hour: 5}, 2, False)
    assert site.sections == {"city": 3, "sport": 2}
    assert site.tags == {"clocks": 5, "harbour": 3}
    assert site.breakdown.sources == {"search": 3, "home": 2}
    of_leyla = stored(store, LEYLA)
    assert of_leyla
    assert of_leyla.top == (("a", 3), ("b", 2))
    assert of_leyla.breakdown.sources == {"search": 3, "home": 2}
    assert not of_leyla.breakdown.countries


def test_an_article_that_moves_takes_the_open_day_along(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    runs.run()
    later = NOW + timedelta(hours=1)
    put(store, at=later, section="sport", authors=("Rauf",))
    runs.run(later + timedelta(minutes=5))
    assert views(store, CITY, SPORT, LEYLA, RAUF, CLOCKS) == [0, 3, 0, 3, 3]
    Runs(store).run(later + timedelta(minutes=10))  # another container finds the empty ones as well
    assert views(store, CITY, SPORT, LEYLA, RAUF, CLOCKS) == [0, 3, 0, 3, 3]


def test_a_closed_day_stays_where_it_was_when_it_was_sealed(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    settle(store, "a")
    put(store, at=AFTER, section="sport", authors=("Rauf",))
    runs.run(AFTER)
    assert views(store, CITY, SPORT, LEYLA, RAUF) == [3, -1, 3, -1]
    assert not wrong_rollups(store, [TODAY])


def test_an_article_that_is_unpublished_leaves_its_views(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    runs.run()
    unpublish("a", store.catalogue, store.books, now=NOW + timedelta(minutes=1))
    runs.run(NOW + timedelta(minutes=5))
    assert views(store, THE_SITE, CITY, LEYLA) == [3, 3, 3]
    settle(store, "a")
    runs.run(AFTER)
    assert not wrong_rollups(store, [TODAY])


def test_a_day_is_final_once_it_is_settled_and_its_month_is_the_sum(
    store: Container, runs: Runs
) -> None:
    put(store)
    view(store)
    runs.run()
    seal("a", TODAY, store.books, Recounted(7), now=AFTER, closed="")  # the tally had missed four
    store.books.day_book.close(TODAY)
    runs.run(AFTER)
    final = stored(store, CITY)
    assert final
    assert (final.views, final.closed) == (7, True)
    assert views(store, THE_SITE, CITY, LEYLA, CLOCKS, name=MONTH) == [7, 7, 7, 7]
    assert not wrong_rollups(store, [TODAY])


class Recounted:
    """A ledger that has some views."""

    def __init__(self, number: int) -> None:
        self._number = number

    def recount(self, _article: str, _day: str) -> DayCount:
        return DayCount(self._number, self._number, {12: self._number})

    def is_complete(self, _day: str, *, now: datetime) -> bool:
        return now > NOW


def test_a_month_is_final_with_its_last_day_also_of_those_not_viewed_then(
    store: Container, runs: Runs
) -> None:
    put(store)
    view(store)
    settle(store, "a")
    runs.run(AFTER)
    month = stored(store, CITY, MONTH)
    assert month
    assert not month.closed
    put(store, "b", section="sport", at=datetime.fromisoformat("2026-03-20T00:00:00Z"))
    last = f"{MONTH}-31"
    at = datetime.fromisoformat(f"{last}T12:00:00Z")
    tally(Batch("b", [line(1, "b", day=last, at=at)]), store.books)
    settle(store, "b", day=last)
    runs.run(end_of(last) + timedelta(hours=2))
    rollups = [stored(store, subject, MONTH) for subject in (THE_SITE, CITY, SPORT)]
    assert [(rollup.views, rollup.closed) for rollup in rollups if rollup] == [
        (4, True),
        (3, True),
        (1, True),
    ]


def test_a_month_is_final_when_nobody_read_on_its_last_day(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    settle(store, "a")
    runs.run(AFTER)
    store.books.day_book.close(f"{MONTH}-31")
    runs.run(end_of(f"{MONTH}-31") + timedelta(hours=2))
    rollups = [stored(store, subject, MONTH) for subject in (THE_SITE, CITY, LEYLA)]
    assert [(rollup.views, rollup.closed) for rollup in rollups if rollup] == [(3, True)] * 3
    before = store.client.write_units
    runs.run(end_of(f"{MONTH}-31") + timedelta(hours=3))
    Runs(store).run(end_of(f"{MONTH}-31") + timedelta(hours=3))
    assert store.client.write_units == before


def test_a_closing_that_was_broken_off_is_made_good(
    store: Container, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store)
    view(store)
    settle(store, "a")
    whole = 6  # section, author, tag and their months come before the site's day
    for calls in range(whole):
        with monkeypatch.context() as patch:
            patch.setattr(store.rollups, "put", broken_off(store.rollups.put, calls))
            with pytest.raises(KeyboardInterrupt):
                Runs(store).run(AFTER)
        site = stored(store)
        assert site is None or not site.closed
    runs.run(AFTER + timedelta(minutes=5))
    assert not wrong_rollups(store, [TODAY])


def broken_off(put: Callable[..., bool], calls: int) -> Callable[..., bool]:
    done = iter(range(calls))

    def some(*arguments: Any, **named: Any) -> bool:
        if next(done, None) is None:
            raise KeyboardInterrupt
        return put(*arguments, **named)

    return some


def test_a_twin_that_is_late_does_not_open_a_closed_day(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    memory = Memory()
    early = rank_popular(store.charts, store.catalogue, store.books, memory, now=NOW)
    settle(store, "a")
    runs.run(AFTER)
    assert early
    roll_up(early, store.rollup_sources, RollupMemory(), now=NOW, clock=AFTER)
    assert not wrong_rollups(store, [TODAY])


def test_closing_again_changes_nothing(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    settle(store, "a")
    runs.run(AFTER)
    before = [stored(store, subject) for subject in (THE_SITE, CITY, LEYLA, CLOCKS)]
    close_day(TODAY, store.rollup_sources, {}, now=AFTER, clock=AFTER)
    assert [stored(store, subject) for subject in (THE_SITE, CITY, LEYLA, CLOCKS)] == before


def test_nothing_is_written_where_nothing_changed(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    runs.run()
    before = store.client.write_units
    runs.run(NOW + timedelta(minutes=5))
    Runs(store).run(NOW + timedelta(minutes=10))
    assert store.client.write_units == before


def test_a_roll_up_is_written_as_soon_as_its_views_pay_or_it_is_old(store: Container) -> None:
    pace = rolling_up.PACES[SubjectKind.SECTION]
    put(store)
    runs = Runs(store)
    view(store, "a", 10)
    runs.run()
    assert views(store, CITY) == [10]  # the day has been open for long
    view(store, "a", pace.views_per_unit - 1, country="AZ")
    runs.run(NOW + timedelta(minutes=5))
    assert views(store, CITY) == [10]
    view(store, "a", 1, country="TR")
    runs.run(NOW + timedelta(minutes=10))
    assert views(store, CITY) == [10 + pace.views_per_unit]
    view(store, "a", 1, country="GE")
    runs.run(NOW + timedelta(minutes=10) + pace.oldest)
    assert views(store, CITY) == [11 + pace.views_per_unit]


def test_no_more_subjects_than_the_bound_have_roll_ups_of_a_day(
    store: Container, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summing, "MAX_SUBJECTS", 3)
    put(store, "a", tags=("t1",))
    put(store, "b", tags=("t2",), authors=())
    view(store, "a", 1)
    view(store, "b", 2)
    runs.run()
    assert store.rollups.subjects(TODAY) == {CITY, Subject(SubjectKind.TAG, "t2"), LEYLA}
    site = stored(store)
    assert site
    assert site.tags == {"t1": 1, "t2": 2}
    settle(store, "a", "b")
    runs.run(AFTER)
    assert len(store.rollups.subjects(TODAY)) == 3


def test_the_site_says_how_many_hits_were_filtered(store: Container, runs: Runs) -> None:
    put(store)
    view(store)
    store.emit = lambda *_: None
    store.filtered.count("a", TODAY, Reason.BOT, now=NOW)
    runs.run()
    site = stored(store)
    assert site
    assert site.filtered == {"bot": 1}


def test_a_page_of_an_article_that_never_was_is_the_sites_alone(
    store: Container, runs: Runs
) -> None:
    view(store, "ghost", 2)
    runs.run()
    assert views(store, THE_SITE) == [2]
    assert store.rollups.subjects(TODAY) == set()
    assert day_of(NOW) == TODAY
