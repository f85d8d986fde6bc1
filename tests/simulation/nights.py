"""Weeks of nights in which sealing is late, cut off, doubled and lost: the real sealing in them.

Days have a few views of a few articles. Their lines are tallied soon, late or never; they expire.
SealDay and SealArticles fail between any two calls, run beside a twin, or lose their message. At
the end everything is made good by SealDay alone. All follows from a seed.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, cast

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.attribute_values import decoded
from circulation.counting.counters import count_of_item
from circulation.counting.ledger import KEEP
from circulation.counting.sealing import queue_days, seal_portion
from circulation.counting.stream import batch_of_event
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import day_of, end_of, start_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from tests.builders import BROWSER, article
from tests.simulation.dynamodb import ATTEMPTS, DynamoDB, Fate, Key
from tests.simulation.expressions import Item

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLES = ("a", "b", "c")
GHOST = "ghost"
"""Its page was opened by a publishing that failed."""
WINDOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a world is and how much of what can fails, as chances between 0 and 1."""

    days: int = 16
    views: int = 6
    """Of a day, at most."""
    failing: float = 0.1
    """Of all writes, by night: refused, or done with the answer lost; of reads, a fiftieth."""
    twin: float = 0.03
    """Of all calls, by night: another portion is sealed, or lines are tallied, before it."""
    beside: float = 0
    """Of the portions sealed before a call: the very one that makes the call."""
    lost: float = 0.3
    """Of all portions that fail: they go to the dead letters."""
    asleep: float = 0.3
    """Of all nights: SealDay does not run, and this may go on for several."""
    first: int = 0
    """The first night on which SealDay runs."""
    untallied: float = 0.3
    """Of all days: the tally sees no line of it by day."""
    straggling: bool = False
    """The tally sees lines only while their day is being sealed."""


@dataclass(slots=True)
class Nights:
    """One world, from a seed."""

    seed: int
    settings: Settings
    plan: Plan = field(default_factory=Plan)
    broken: list[str] = field(default_factory=list)
    messages: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The largest drift that was told of an article and day, in views."""
    _now: datetime = START
    _faulty: bool = False
    _depth: int = 0
    _sealing: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    """The portions under way."""
    _losing: int = 0
    """Attempts of the call under way whose answers are lost as well."""
    _true: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lifetimes: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """Stream records by day that the tally has still to see."""
    _sequence: int = 1_000
    _dice: random.Random = field(init=False)
    _dynamodb: DynamoDB = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  chance that can be repeated
        self._dynamodb = DynamoDB(self._fate, self._written)
        store = self._store()
        for each in ARTICLES:
            published = article(each, url=f"https://news.example/{each}", published=START)
            publish(Submission(published), store.catalogue, store.books, now=START)

    def run(self) -> "Nights":
        for number in range(self.plan.days):
            self._now = START + timedelta(days=number)
            self._live_a_day()
            self._live_a_night(sealing=number >= self.plan.first)
        self._make_good()
        self._judge()
        return self

    def _sealed(self, day: str) -> set[str]:
        """Name the articles whose page of a day is sealed."""
        pages = self._dynamodb.tables[self.settings.library_table]
        return {
            article_id
            for (partition, article_id), page in pages.items()
            if partition.startswith(f"DAY#{day}#") and "sealed" in page
        }

    def _store(self) -> Container:
        """A cold container."""
        store = Container(self.settings, cast("Any", self._dynamodb))
        store.seal_queue = cast("Any", self)
        return store

    def send(self, day: str, articles: Sequence[str]) -> None:
        """Stand in for the seal queue."""
        self.messages.append((day, articles))

    def _live_a_day(self) -> None:
        store, day = self._store(), day_of(self._now)
        store.books.day_book.open(GHOST, day)
        for each in ARTICLES:
            if self._dice.random() < 0.3:
                store.books.day_book.open(each, day)  # it was published anew, whether viewed or not
            for number in range(self._dice.randrange(self.plan.views)):
                hit = Hit(each, f"192.0.2.{number}", BROWSER, f"{day}/{number}")
                record_hit(
                    hit,
                    store.intake,
                    now=self._now,
                    repeat_window=WINDOW,
                    random_bytes=self._dice.randbytes,
                )
        if self._dice.random() >= self.plan.untallied:
            self._tally(day, self._dice.random())

    def _tally(self, day: str, part: float = 1, articles: Sequence[str] = ARTICLES) -> None:
        """Tally some of a day's lines of some articles; what was tallied before may come again.

        The stream forgets sooner than the ledger does: of a day whose lines have expired there is
        at most a batch under way, and it began before its pages were sealed.
        """
        records = [each for each in self._waiting.get(day, ()) if _article(each) in articles]
        some = records[: ceil(len(records) * part)]
        if start_of(day) + KEEP <= self._now:
            sealed = self._sealed(day)
            some = [each for each in some if _article(each) not in sealed]
        try:
            tally(batch_of_event({"Records": some, "shardId": day}), self._store().books)
        except StoreUnavailable:
            return

    def _live_a_night(self, *, sealing: bool) -> None:
        self._now = end_of(day_of(self._now)) + timedelta(minutes=15)
        self._expire()
        self._faulty = True
        if sealing and self._dice.random() >= self.plan.asleep:
            self._seal_day()
        for _ in range(30):
            self._seal_some()
            if self._dice.random() < 0.5 and self._waiting and not self.plan.straggling:
                self._tally(self._dice.choice(sorted(self._waiting)))
        self._faulty = False

    def _expire(self) -> None:
        """Forget lines whose time is over, and what the stream keeps for a day."""
        lines = self._dynamodb.tables.get(self.settings.ledger_table, {})
        for key in [key for key in lines if start_of(key[0].split("#")[1]) + KEEP <= self._now]:
            self._dynamodb.delete_item(
                TableName=self.settings.ledger_table, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}}
            )
        for day in [day for day in self._waiting if end_of(day) + 2 * KEEP <= self._now]:
            del self._waiting[day]

    def _seal_day(self) -> None:
        for _ in range(3):  # Lambda tries an asynchronous invocation three times
            store = self._store()
            try:
                queue_days(store.books, store.seal_queue, now=self._now)
            except StoreUnavailable:
                continue
            return

    def _seal_some(self) -> None:
        """Seal a portion; one that fails comes again, and so do some that do not."""
        if not self.messages:
            return
        message = self.messages.pop(self._dice.randrange(len(self.messages)))
        if self._dice.random() < 0.2:
            self.messages.append(message)
        if not self._seal(message) and self._dice.random() >= self.plan.lost:
            self.messages.append(message)

    def _seal(self, message: tuple[str, Sequence[str]]) -> bool:
        """Seal one article after another, so that a seed is a world; tell whether all were."""
        day, articles = message
        self._sealing.append(message)
        try:
            for each in articles:
                store = self._store()
                for sealed in seal_portion(day, [each], store.books, store.ledger, now=self._now):
                    self.told[each, day] = max(self.told[each, day], sealed.drift.views)
        except StoreUnavailable:
            return False
        finally:
            self._sealing.pop()
        return True

    def _make_good(self) -> None:
        """Let the faults cease: what nights left undone, the next ones do."""
        self.messages.clear()  # they lie with the dead letters
        self._now += timedelta(days=1)
        for _ in range(2):
            self._seal_day()
            while self.messages:
                self._seal_some()
            self._now += timedelta(hours=1)

    def _fate(self, name: str) -> Fate:
        if self._losing:
            self._losing -= 1
            return Fate.LOST
        if not self._faulty:
            return Fate.DONE
        chance = self._dice.random()
        if chance < self.plan.twin and self._depth < 2:
            self._depth += 1
            if self._sealing and self._dice.random() < 0.5:
                day, _ = self._sealing[-1]
                self._tally(day, self._dice.random(), [self._dice.choice(ARTICLES)])
            elif self._sealing and self._dice.random() < self.plan.beside:
                self._seal(self._sealing[-1])
            else:
                self._seal_some()
            self._depth -= 1
        failing = self.plan.failing / (1 if name == "update_item" else 50)
        if chance > 1 - failing / 2:
            raise StoreUnavailable("before it was done")
        if chance > 1 - failing:
            self._losing = ATTEMPTS - 1
            return Fate.LOST
        return Fate.DONE

    def _written(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        if table == self.settings.ledger_table:
            each, day, _ = key[0].split("#")
            self._true[each, day] += 1
            self._sequence += 1
            change = {
                "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
                "NewImage": after,
                "SequenceNumber": str(self._sequence),
            }
            self._waiting[day].append(
                {"eventName": "MODIFY" if before else "INSERT", "dynamodb": change}
            )
        elif key[1] == "COUNT":
            views = count_of_item(decoded(after)).views
            if views < self._lifetimes[key[0]]:
                self.broken.append(f"I4: {key[0]} fell to {views} views on {day_of(self._now)}")
            self._lifetimes[key[0]] = views

    def _judge(self) -> None:
        store = self._store()
        pages = {
            (page.article, day): page
            for day in {day for _, day in self._true}
            for page in store.books.day_book.pages(day)
        }
        for each in ARTICLES:
            count = store.books.counters.get(each)
            days = sum(page.count.views for page in pages.values() if page.article == each)
            if count.views != days or count.open_days:
                self.broken.append(f"I7: {each} has {count.views} views, its pages {days}")
        for (each, day), views in self._true.items():
            page = pages.get((each, day))
            if page is None or not page.sealed:
                self.broken.append(f"{each} was never sealed on {day}")
            elif page.count.views > views:
                self.broken.append(f"I1: {each} has {page.count.views} of {views} views on {day}")
        for key, page in pages.items():
            if self.told[key] < abs(page.drift):
                self.broken.append(f"the drift of {key} was not told")
        if (f"ARTICLE#{GHOST}", "COUNT") in self._dynamodb.tables[self.settings.library_table]:
            self.broken.append("a counter was made for what was never published")


def _article(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["pk"]["S"]).partition("#")[0]
