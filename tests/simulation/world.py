"""A world in which everything goes wrong that can: the real recording, tallying and sealing in it.

Readers view articles and try again when they are not answered; others look at the numbers. The
ledger's changes travel in shards that split; batches are re-cut, delivered again, run beside a twin
that was given up for dead, and worked off by threads that take turns. Calls are refused, or done
with their answer lost; processes crash between two calls. Reads show items of different moments.
Containers come and go with what they remember. At any call of any use case, anything else may
happen first. All follows from a seed.
"""

import heapq
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting import tallying
from circulation.counting.sealing import queue_days, seal
from circulation.counting.stream import batch_of_event
from circulation.errors import ArticleNotFound, StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import day_of, milliseconds, start_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from circulation.views.salt_rotation import rotate_salts
from tests.builders import BROWSER, article
from tests.simulation.audience import Audience
from tests.simulation.dynamodb import AT_ONCE, Consistent, DynamoDB, Fate, Key
from tests.simulation.expressions import Item
from tests.simulation.moments import Moments
from tests.simulation.streams import Stream
from tests.simulation.turns import Crashed, Turns
from tests.simulation.wire import direct_client

START = datetime(2026, 3, 14, 19, 0, tzinfo=UTC)
SPAN = timedelta(hours=36)  # over two midnights
REPEAT_WINDOW = timedelta(minutes=30)
WINDOW = milliseconds(datetime.fromtimestamp(0, UTC) + REPEAT_WINDOW)
AGAIN = (REPEAT_WINDOW, REPEAT_WINDOW * 3, timedelta(hours=8))
"""How long after it began a hit is sent once more."""
SEAL_TIME = timedelta(minutes=15)  # after midnight
EVERY = {
    "_rest": timedelta(days=1),
    "_queue_days": timedelta(days=1),
    "_rotate": timedelta(minutes=10),
}
REST_TIME = timedelta(hours=22, minutes=50)
"""Before the tally is down, and before the day is sealed: then every number is true (I8)."""
VIEWS_BEFORE = 1_000
OUTAGE = 1_000
STALLED = (timedelta(hours=23), timedelta(hours=25))
"""The tally is down around each midnight, so that the seal finds lines that are not folded."""
MAX_DEPTH = 3
CUT_OFF = (StoreUnavailable, Crashed)
"""How a call of a use case ends that was not completed."""
SPLITS = 6
LAG = 200
"""Calls within which a read shows what was written."""
PIECES = (1, 7, 100, 400, 1_000)
"""Records in a batch."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a world is and what goes wrong in it, as chances between 0 and 1."""

    views: int
    articles: int = 40
    visitors: int = 4_000
    refused: float = 0.02
    """Of all attempts at a call; so with lost. In an outage no attempt has another fate."""
    lost: float = 0.02
    crashed: float = 0.0005
    """Of all attempts: not made, as the process ends before."""
    outage: float = 0.00005
    """Of all attempts: an outage begins, for the next OUTAGE attempts."""
    given_up: float = 0.10
    """Of all deliveries: done, and delivered again all the same, cut elsewhere."""
    twin: float = 0.002
    """Of all calls, and between the items of a batch: something else happens first."""
    looking: float = 0.02
    """Of all views: somebody looks at a number, or at a list of them."""
    again: float = 0.01
    """Of all views: sent again long after, whatever the reader has viewed meanwhile."""
    discarded: float = 0.0
    """Of the batches that fail: a mapping without endless retries gives them up."""
    dead: float = 0.1
    """Of the portions that fail while they are sealed: not delivered again."""
    parallelization: int = 1
    deaf: bool = False
    """The tally never runs: the stream forgets its records before it does."""
    sealing: bool = True
    outlasted: bool = False
    """The world goes on until its last day is sealed; else that one is as it is tallied."""
    direct: bool = False
    """The hot calls are made without the SDK, over connections that fail."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a world came to. An error is a view too many or too few, of any article and day."""

    errors: int
    broken: tuple[str, ...]
    """Invariants that did not hold, in words."""
    faults: int
    views: int
    acknowledged: int


class SealQueue:
    """The queue between SealDay and SealArticles; a send may fail."""

    def __init__(self, world: "World") -> None:
        self.messages: list[tuple[str, Sequence[str]]] = []
        self._world = world

    def send(self, day: str, articles: Sequence[str]) -> None:
        if self._world.fate("send") is not Fate.DONE:
            raise StoreUnavailable("the queue")
        self.messages.append((day, articles))


class World:
    """One world, from its seed and plan."""

    def __init__(self, seed: int, plan: Plan, settings: Settings) -> None:
        self._dice = random.Random(seed)  # noqa: S311  chance that can be repeated
        self._plan = plan
        self._settings = settings
        self._now = START
        self._depth = 0
        self._calm = True
        self._queue = SealQueue(self)
        self._moments = Moments(self._dice, LAG)
        self._turns = Turns(self._dice)
        self._stream = Stream(
            self._dice, records=plan.views, sizes=PIECES, lanes=plan.parallelization
        )
        self._dynamodb = DynamoDB(
            self.fate, self._written, moments=self._moments, between=self._between
        )
        direct = plan.direct
        self._client: Any = direct_client(self._dynamodb, self._dice) if direct else self._dynamodb
        self._containers = [self._container() for _ in range(6)]
        consistent = cast("Any", Consistent(self._dynamodb))
        self._observer = Container(settings, consistent, AT_ONCE)
        """Sees what stands."""
        self._outage = 0
        self._again: list[tuple[datetime, str, Hit]] = []
        """When which hit is sent again; its nonce tells two of the same time apart."""
        self._entered: Counter[str] = Counter()
        """How often each hit stands in the ledger, by its nonce."""
        self._viewed: dict[tuple[str, str], int] = {}
        """When each reader viewed an article last, in the ledger, ms."""
        self._readers: dict[str, str] = {}
        """Who sent a hit, by its nonce."""
        self._broken: list[str] = []
        self._audience = Audience(self._moments, self._most, self._broken)
        self._faults = 0
        self._true: Counter[str] = Counter()
        """The views of each article in the ledger."""
        self._attempted: Counter[str] = Counter()
        self._acknowledged: Counter[str] = Counter()
        self._ids = [f"article-{number}" for number in range(plan.articles)]
        for each in self._ids:
            told = Submission(article(each), VIEWS_BEFORE)
            cold = self._containers[0]
            publish(told, cold.catalogue, cold.books, now=START)
        self._moments.wait()
        midnight = start_of(day_of(START))
        self._due = {
            "_rest": midnight + REST_TIME,
            "_queue_days": midnight + EVERY["_queue_days"] + SEAL_TIME,
            "_rotate": START,
        }
        self._weights = [1 / (1 + place) for place in range(plan.articles)]

    def run(self) -> Outcome:
        """Live through the plan's views, then let everything that is under way arrive."""
        with self._turns.in_place():
            self._live()
            self._arrive()
        return self._outcome()

    def _live(self) -> None:
        self._calm = False
        step = SPAN / self._plan.views
        articles = self._dice.choices(self._ids, self._weights, k=self._plan.views)
        splits = {self._plan.views * part // (SPLITS + 1) for part in range(1, SPLITS + 1)}
        for number, each in enumerate(articles):
            self._now += step
            self._view(each, number)
            self._pass_time()
            if self._dice.random() < 1 / 100:
                self._something()
            if self._dice.random() < self._plan.looking:
                self._look_around()
            if number in splits:
                self._stream.split()

    # What becomes of a call

    def fate(self, _name: str) -> Fate:
        """Decide an attempt's fate; something else may happen before it."""
        if self._calm:
            return Fate.DONE
        self._turns.pass_on()
        self._between()
        if self._dice.random() < self._plan.crashed:
            self._faults += 1
            raise Crashed
        chance = self._dice.random()
        if self._outage:
            self._outage -= 1
            chance *= self._plan.refused + self._plan.lost
        elif chance > 1 - self._plan.outage:
            self._outage = OUTAGE
        if chance < self._plan.refused:
            self._faults += 1
            return Fate.REFUSED
        if chance < self._plan.refused + self._plan.lost:
            self._faults += 1
            return Fate.LOST
        return Fate.DONE

    def _between(self) -> None:
        """Let something else happen first, perhaps: before a call, or between a batch's items."""
        if self._calm or self._depth >= MAX_DEPTH or self._dice.random() >= self._plan.twin:
            return
        self._faults += 1
        self._something()

    def _something(self) -> None:
        self._depth += 1
        if self._dice.random() < 0.9 or not self._plan.sealing:
            self._deliver()
        else:
            self._seal_some()
        if self._dice.random() < 0.02:
            self._containers[self._dice.randrange(len(self._containers))] = self._container()
        self._depth -= 1

    def _container(self) -> Container:
        """A cold container, which remembers nothing."""
        store = Container(self._settings, self._client, AT_ONCE, emit=ignore)
        store.seal_queue = cast("Any", self._queue)
        return store

    def _any_container(self) -> Container:
        return self._containers[int(self._dice.random() * len(self._containers))]

    # Readers

    def _view(self, article_id: str, number: int) -> None:
        """Have an article viewed; some readers send their view again long after."""
        while self._again and self._again[0][0] <= self._now:
            sent, _, hit = heapq.heappop(self._again)
            self._send(hit, sent - hit.age)
        visitor = int(self._dice.random() * self._plan.visitors)
        address = f"10.{visitor >> 16}.{visitor >> 8 & 255}.{visitor & 255}"
        hit = Hit(article_id, address, BROWSER, f"nonce-{number}")
        self._readers[hit.nonce] = address
        self._attempted[article_id] += 1
        if self._send(hit, self._now):
            self._acknowledged[article_id] += 1
            if not self._entered[hit.nonce]:
                self._broken.append(f"I3: {hit.nonce} was acknowledged and never entered")
        if self._dice.random() < self._plan.again:
            later = self._dice.choice(AGAIN)
            heapq.heappush(self._again, (self._now + later, hit.nonce, replace(hit, age=later)))

    def _send(self, hit: Hit, begun: datetime) -> bool:
        """Send a hit until it is answered; tell whether it was counted."""
        for _ in range(3):
            store = self._any_container()
            try:
                recorded = record_hit(
                    replace(hit, age=self._now - begun),
                    store.intake,
                    now=self._now,
                    repeat_window=REPEAT_WINDOW,
                    random_bytes=self._dice.randbytes,
                )
            except CUT_OFF:
                if self._dice.random() < 0.3:
                    return False  # the reader has gone
                self._now += timedelta(seconds=2)
                continue
            return recorded.counted
        return False

    def _look_around(self) -> None:
        """Look at an article's number or at a list, as readers do or with consistent reads."""
        is_consistent = self._dice.random() < 0.5
        store = self._any_container()
        if is_consistent:
            store = Container(
                self._settings, cast("Any", Consistent(self._client)), AT_ONCE, emit=ignore
            )
        start = self._moments.now
        try:
            if self._dice.random() < 0.8:
                counts = [store.books.count(self._dice.choice(self._ids), today=day_of(self._now))]
            else:
                counts = list(store.books.counts(self._ids[:10]).values())
        except CUT_OFF:
            return
        for count in counts:
            if is_consistent:
                self._audience.see(count, start, "a number")
            else:
                self._audience.glance(count.article, count.views - count.adjust, start, "a number")

    def _most(self, article_id: str) -> int:
        return VIEWS_BEFORE + self._true[article_id]

    def _entering(self, article_id: str, line: Item) -> None:
        """Hear of a view that was entered: a hit once, a reader once in the repeat window."""
        nonce, at = line["x"]["S"], int(line["at"]["N"])
        self._true[article_id] += 1
        self._entered[nonce] += 1
        if self._entered[nonce] > 1:
            self._broken.append(f"I3: {nonce} was counted twice")
        reader = (article_id, self._readers[nonce])
        if at - self._viewed.get(reader, -WINDOW) < WINDOW:
            self._broken.append(f"I3: {nonce} was counted within the repeat window")
        self._viewed[reader] = at

    # The stream

    def _written(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        if table == self._settings.ledger_table:
            self._entering(key[0].partition("#")[0], after)
            self._stream.append(*key, before, after, at=self._now)
        elif key[1] == "COUNT" and before:
            self._look_at(key[0].partition("#")[2])
        elif key[0].startswith("DAY#"):
            self._look_at(key[1])

    def _look_at(self, article_id: str) -> None:
        """Have somebody look at a number just when something was written of it."""
        calm, self._calm = self._calm, True
        start = self._moments.now
        try:
            count = self._observer.books.count(article_id)
        except ArticleNotFound:  # its page is opened before it is published
            return
        finally:
            self._calm = calm
        self._audience.see(count, start, "what stands")

    def _deliver(self) -> None:
        """Hand some records of a shard to the tally, as the mapping does."""
        piece = self._stream.piece()
        if piece is None or self._plan.deaf or self._is_stalled():
            return
        try:
            tallying.tally(batch_of_event(piece.event()), self._any_container().books)
        except CUT_OFF:
            if self._dice.random() >= self._plan.discarded:
                return
        else:
            if self._dice.random() < self._plan.given_up and not self._calm:
                self._faults += 1
                return
        piece.finish()

    def _is_stalled(self) -> bool:
        midnight = START.replace(hour=0)
        since = (self._now - midnight) % timedelta(days=1)
        start, end = STALLED
        return not self._calm and (since >= start or since < end - timedelta(days=1))

    # Midnight

    def _pass_time(self) -> None:
        """Wake what the schedules wake; what fails is done again later."""
        for wake, due in self._due.items():
            if due > self._now or (wake == "_queue_days" and not self._plan.sealing):
                continue
            every = EVERY[wake]
            self._due[wake] += every * (1 + (self._now - due) // every)
            for _ in range(3):  # Lambda tries an asynchronous invocation three times
                try:
                    getattr(self, wake)()
                except CUT_OFF:
                    continue
                break

    def _queue_days(self) -> None:
        store = self._any_container()
        queue_days(store.books, store.seal_queue, now=self._now)

    def _rotate(self) -> None:
        rotate_salts(
            self._any_container().salts,
            now=self._now,
            repeat_window=REPEAT_WINDOW,
            random_bytes=self._dice.randbytes,
        )

    def _seal_some(self) -> None:
        """Work off a portion of the queue; one that fails comes again, as do some that do not."""
        if not self._queue.messages:
            return
        place = self._dice.randrange(len(self._queue.messages))
        message = day, articles = self._queue.messages.pop(place)
        try:
            closed = self._any_container().books.day_book.closed_until() or ""
            for each in articles:
                store = self._any_container()
                seal(each, day, store.books, store.ledger, now=self._now, closed=closed)
        except CUT_OFF:
            # Some go to the dead letters: SealDay finds what they leave.
            if self._dice.random() >= self._plan.dead or self._calm:
                self._queue.messages.append(message)
        else:
            if self._dice.random() < 0.5 and not self._calm:
                self._queue.messages.append(message)

    # The end

    def _arrive(self) -> None:
        """Let the faults cease and everything that is under way arrive."""
        self._calm = True
        if self._plan.outlasted:
            self._now = start_of(day_of(self._now)) + timedelta(days=1) + SEAL_TIME
        else:
            self._rest()
        if self._plan.sealing:
            self._queue_days()
            while self._queue.messages:
                self._seal_some()
        self._drain()

    def _rest(self) -> None:
        """Let everything arrive, and see that numbers are true before a seal sets them right."""
        if self._plan.deaf or self._plan.discarded:
            return
        calm, self._calm = self._calm, True
        self._drain()
        for article_id, count in self._observer.books.counts(self._ids).items():
            if count.views != self._most(article_id):
                self._broken.append(f"I8: {article_id} has {count.views}, all arrived")
        self._calm = calm

    def _drain(self) -> None:
        while not (self._plan.deaf or all(shard.is_drained() for shard in self._stream.shards)):
            self._deliver()

    def _outcome(self) -> Outcome:
        true: Counter[tuple[str, str]] = Counter()
        visitors: Counter[tuple[str, str]] = Counter()
        for line in self._dynamodb.items(self._settings.ledger_table):
            each, day, _ = line["pk"]["S"].split("#")
            true[each, day] += int(line["n"]["N"])
            visitors[each, day] += 1
        store = self._observer
        errors = 0
        for each in self._ids:
            count = store.books.count(each)
            days = {day for viewed, day in true if viewed == each}
            views = sum(true[each, day] for day in days)
            people = sum(visitors[each, day] for day in days)
            errors += abs(count.views - VIEWS_BEFORE - views) + abs(count.visitors - people)
            pages = {day: store.books.day_book.page(each, day) for day in days}
            if count.views - VIEWS_BEFORE != sum(page.count.views for page in pages.values()):
                self._broken.append(f"I2: {each} is not the sum of its days")
            for day, page in pages.items():
                told = (page.count.views, page.count.visitors)
                errors += abs(told[0] - true[each, day])
                if page.sealed and told != (true[each, day], visitors[each, day]):
                    self._broken.append(f"I1: {each} was sealed on {day} with {told}")
                if self._plan.sealing and page.sealed != (day < day_of(self._now)):
                    self._broken.append(f"I1: {each} is not sealed on {day}")
                if page.sealed and day in count.open_days:
                    self._broken.append(f"I7: {each} has not settled {day}")
            if not self._acknowledged[each] <= views <= self._attempted[each]:
                self._broken.append(f"I3: {each} has {views} views")
        return Outcome(
            errors,
            tuple(self._broken),
            self._faults,
            views=sum(true.values()),
            acknowledged=sum(self._acknowledged.values()),
        )


def ignore(_service: str, _counts: Mapping[str, int]) -> None:
    """Take metrics, which nobody reads here."""
