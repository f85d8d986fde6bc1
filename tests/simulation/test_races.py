"""Two calls that meet at the one wrong moment, where seeds would seldom have them meet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.table import Change
from circulation.counting import counters
from circulation.counting.counts import DayCount, Page
from circulation.counting.day_book import DayBook
from circulation.counting.ledger import KEEP
from circulation.counting.sealing import queue_days, seal_portion
from circulation.counting.stream import batch_of_event
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.popularity.pace import LONGEST_REST
from circulation.popularity.ranking import rank_popular
from circulation.popularity.recent_days import read_recent_days
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import day_of, start_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from tests.builders import BROWSER, article
from tests.simulation.dynamodb import DynamoDB, Fate, Key
from tests.simulation.expressions import Item

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = day_of(START)
NEXT = start_of(DAY) + timedelta(days=1, minutes=15)
"""When the day is sealed."""
ARTICLE = "harbour-clock"
VIEWS = 3
Patch = pytest.MonkeyPatch
Act = Callable[[], object]


class Race:
    """An article with some views of a day, and what happens just before a write to an item."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.waiting: dict[str, Act] = {}
        """What happens before the next update of a page, or of a counter."""
        self.dynamodb = DynamoDB(lambda _: Fate.DONE, self._written)
        update = self.dynamodb.update_item
        self.dynamodb.update_item = lambda **request: self._update(update, request)  # type: ignore[method-assign]
        self.stream: list[dict[str, Any]] = []
        self.queue: list[tuple[str, list[str]]] = []
        self.store = self.container()
        publish(Submission(article(ARTICLE)), self.store.catalogue, self.store.books, now=START)
        for number in range(VIEWS):
            self.view(f"192.0.2.{number}", START)

    def container(self) -> Container:
        store = Container(self.settings, cast("Any", self.dynamodb))
        store.seal_queue = cast("Any", self)
        return store

    def send(self, day: str, articles: list[str]) -> None:
        """Stand in for the seal queue."""
        self.queue.append((day, articles))

    def view(self, address: str, now: datetime) -> None:
        record_hit(
            Hit(ARTICLE, address, BROWSER, f"{address}/{now}"),
            self.store.intake,
            now=now,
            repeat_window=timedelta(minutes=30),
            random_bytes=bytes,
        )

    def tally(self) -> None:
        tally(batch_of_event({"Records": self.stream, "shardId": "1"}), self.container().books)

    def seal(self, day: str = DAY, now: datetime = NEXT) -> None:
        store = self.container()
        list(seal_portion(day, [ARTICLE], store.books, store.ledger, now=now))

    def seal_and_die(self, now: datetime) -> None:
        """Seal the page, and end before the counter is settled."""
        self.waiting["COUNT"] = self.die
        with pytest.raises(StoreUnavailable):
            self.seal(now=now)

    @staticmethod
    def die() -> None:
        raise StoreUnavailable("the process has ended")

    def close(self, now: datetime) -> None:
        """Run SealDay, which finds nothing to do."""
        queue_days(self.store.books, cast("Any", self), now=now)
        assert not self.queue

    def expire(self) -> None:
        for partition, line in list(self.dynamodb.tables[self.settings.ledger_table]):
            key = {"pk": {"S": partition}, "sk": {"S": line}}
            self.dynamodb.delete_item(TableName=self.settings.ledger_table, Key=key)

    def numbers(self) -> tuple[int, int]:
        """Give the number shown, and the sum of the pages."""
        days = [day_of(START + timedelta(days=number)) for number in range(4)]
        found = [self.store.books.day_book.page(ARTICLE, day) for day in days]
        return self.store.books.count(ARTICLE).views, sum(page.count.views for page in found)

    def _update(self, update: Callable[..., Any], request: dict[str, Any]) -> Any:
        kind = "COUNT" if request["Key"].get("sk") == {"S": "COUNT"} else "page"
        if act := self.waiting.pop(kind, None):
            act()
        return update(**request)

    def _written(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        if table == self.settings.ledger_table:
            change = {
                "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
                "NewImage": after,
                "SequenceNumber": str(len(self.stream) + 1),
            }
            name = "MODIFY" if before else "INSERT"
            self.stream.append({"eventName": name, "dynamodb": change})


@pytest.fixture
def race(settings: Settings) -> Race:
    return Race(settings)


def two_seals_of_an_expired_day(race: Race) -> tuple[int, int]:
    """While a page is sealed, lines are tallied and a twin seals it, and dies; give the numbers."""
    race.expire()
    late = start_of(DAY) + KEEP + timedelta(hours=2)

    def meanwhile() -> None:
        race.tally()
        race.seal_and_die(late)

    race.waiting["page"] = meanwhile
    race.seal(now=late)
    return race.numbers()


def test_who_finds_a_page_sealed_settles_the_numbers_of_the_page(race: Race) -> None:
    assert two_seals_of_an_expired_day(race) == (VIEWS, VIEWS)


def own_recount_settled(patch: Patch) -> None:
    """Who finds a page sealed settles one's own numbers instead of the page's (m15)."""

    def seal(book: DayBook, page: Page, final: DayCount, **how: Any) -> Page:
        sealed = sealing_of(book, page, final, **how)
        return replace(sealed, count=final) if sealed.sealed else sealed

    sealing_of = DayBook.seal
    patch.setattr(DayBook, "seal", seal)


def test_without_that_the_counter_is_not_the_sum_of_the_pages(
    race: Race, monkeypatch: Patch
) -> None:
    own_recount_settled(monkeypatch)
    assert two_seals_of_an_expired_day(race) == (0, VIEWS)


def a_day_named_when_it_is_long_settled(race: Race, patch: Patch) -> tuple[int, int]:
    """A tally hangs between page and counter until the day is listed no more; give the numbers.

    A counter lists its settled days for two weeks; here only the newest one.
    """
    patch.setattr(counters, "REMEMBERED", timedelta(days=1))

    def meanwhile() -> None:
        race.seal()
        race.close(NEXT + timedelta(hours=1))
        race.view("192.0.2.99", NEXT)
        race.seal(day_of(NEXT), NEXT + timedelta(days=1))

    race.waiting["COUNT"] = meanwhile
    race.tally()
    return race.numbers()


def test_a_day_that_is_settled_and_listed_no_more_is_never_named_again(
    race: Race, monkeypatch: Patch
) -> None:
    assert a_day_named_when_it_is_long_settled(race, monkeypatch) == (VIEWS + 1, VIEWS + 1)


def no_horizon(patch: Patch) -> None:
    """A day may be named open unless it is among the settled days that are listed (m20)."""

    class Naming(Change):
        """A change whose condition names no horizon."""

        def __new__(cls, *args: Any, **how: Any) -> Any:
            condition = how.get("condition", "").partition(" AND (attribute_not_exists(#horizon)")
            return Change(*args, **how | {"condition": condition[0]})

    patch.setattr(counters, "Change", Naming)


def test_without_the_horizon_it_is_added_once_more(race: Race, monkeypatch: Patch) -> None:
    no_horizon(monkeypatch)
    shown, pages = a_day_named_when_it_is_long_settled(race, monkeypatch)
    assert (shown, pages) == (2 * VIEWS + 1, VIEWS + 1)


def ranked_between_page_and_counter(race: Race) -> int:
    """A day that was never tallied is sealed, ranked, and only then settled; give the site's views.

    Nobody views anything that day, which would make the rankings look again.
    """
    store = race.container()

    def rank(now: datetime) -> None:
        rank_popular(store.charts, store.catalogue, store.books, store.memory, now=now)

    race.seal_and_die(NEXT)
    rank(NEXT)
    race.seal()
    race.close(NEXT + timedelta(hours=1))
    rank(NEXT + LONGEST_REST + timedelta(hours=1))
    return store.site.total().views


def test_a_day_is_closed_for_the_rankings_when_all_is_settled(race: Race) -> None:
    assert ranked_between_page_and_counter(race) == VIEWS


def ranking_closed_by_pages(patch: Patch) -> None:
    """A day is closed for the rankings once its pages are sealed, settled or not (F9)."""

    def read(book: DayBook, *args: Any, **how: Any) -> Any:
        with pytest.MonkeyPatch.context() as closed:
            closed.setattr(DayBook, "closed_until", lambda _: "9999-12-31")
            return read_recent_days(book, *args, **how)

    patch.setattr("circulation.popularity.ranking.read_recent_days", read)


def test_without_that_the_site_lacks_what_was_settled_later(race: Race, monkeypatch: Patch) -> None:
    ranking_closed_by_pages(monkeypatch)
    assert ranked_between_page_and_counter(race) == 0
