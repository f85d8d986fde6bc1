"""Hits crowd about midnight: the real recording and rotating, with requests that overlap.

Requests are lost, answers are lost, some requests take long, so that the next attempt of the same
hit runs beside them, and beacons send a hit again up to eight hours later. All follows from a seed.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import end_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from circulation.views.salt_rotation import rotate_salts
from tests.builders import BROWSER, article
from tests.simulation.dynamodb import DynamoDB, Fate, Key
from tests.simulation.expressions import Item

START = datetime(2026, 3, 14, tzinfo=UTC)
MIDNIGHTS = [START + timedelta(days=days) for days in (1, 2)]
HITS = 400
VISITORS = HITS // 3
ARTICLE = "harbour-clock"
LONGEST = timedelta(seconds=29)
BEACONS = (30, 300, 700, 1_500, 3_000, 9_000, 30_000)
"""The latest that a beacon follows the attempts before it, s."""
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Entered:
    """A view as it came into the ledger."""

    nonce: str
    day: str
    at: datetime
    written: datetime

    @property
    def is_remainder(self) -> bool:
        """Whether its request was still running when its day ended: that is not fenced off."""
        return self.written >= end_of(self.day)


@dataclass(slots=True)
class Midnights:
    """Two nights, from a seed and a repeat window."""

    seed: int
    window: timedelta
    settings: Settings
    errors: Counter[str] = field(default_factory=Counter)
    late: int = 0
    remainder: int = 0
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _views: dict[str, list[Entered]] = field(default_factory=lambda: defaultdict(list))
    _acknowledged: set[str] = field(default_factory=set)
    _now: datetime = START
    _depth: int = 0
    _number: int = 0
    _delay: timedelta | None = None
    """How long the next call of the attempt that is running takes."""
    _dice: random.Random = field(init=False)
    _containers: list[Container] = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  chance that can be repeated
        dynamodb = cast("Any", DynamoDB(self._fate, self._written))
        self._containers = [Container(self.settings, dynamodb) for _ in range(3)]
        published = article(ARTICLE, published=START - timedelta(days=1))
        store = self._containers[0]
        publish(Submission(published), store.catalogue, store.books, now=START)

    def run(self) -> "Midnights":
        for minutes in range(0, 3 * 24 * 60, 10):
            self._plan(START + timedelta(minutes=minutes), self._rotate)
        spread = max(600.0, self.window.total_seconds() / 2)
        for number in range(HITS):
            about = self._dice.gauss(0, spread if self._dice.random() < 0.6 else 20)
            at = self._dice.choice(MIDNIGHTS) + timedelta(seconds=about)
            address = f"192.0.2.{self._dice.randrange(VISITORS)}"
            hit = Hit(ARTICLE, address, BROWSER, f"{address}/{number}")
            self._plan(at, lambda hit=hit, at=at: self._attempt(hit, at, 1))  # type: ignore[misc]
        self._run_until(datetime.max.replace(tzinfo=UTC))
        self._judge()
        return self

    def _plan(self, at: datetime, event: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (at, self._number, event))

    def _run_until(self, moment: datetime) -> None:
        while self._events and self._events[0][0] <= moment:
            at, _, event = heapq.heappop(self._events)
            self._now = max(self._now, at)
            event()

    def _rotate(self) -> None:
        rotate_salts(
            self._dice.choice(self._containers).salts,
            now=self._now,
            repeat_window=self.window,
            random_bytes=self._dice.randbytes,
        )

    def _attempt(self, hit: Hit, begun: datetime, number: int) -> None:
        """Send a hit; a reader who is not answered sends it again, at last by a beacon."""
        chance = self._dice.random
        gone, lost = chance() < 0.10, chance() < 0.25
        slow = LONGEST * chance() if chance() < 0.05 else None
        if gone or lost or slow:
            wait: float | None = None
            if number == 1:
                wait = self._dice.choice((1, 2, 5, 12)) + 2
            elif number == 2 and chance() < 0.4:
                wait = self._dice.choice(BEACONS) * chance()
            if wait is not None:
                at = self._now + timedelta(seconds=wait)
                self._plan(at, lambda: self._attempt(hit, begun, number + 1))
        if gone:
            return
        self._delay, self._depth = slow, self._depth + 1
        store = self._dice.choice(self._containers)
        try:
            recorded = record_hit(
                replace(hit, age=self._now - begun),
                store.intake,
                now=self._now,
                repeat_window=self.window,
                random_bytes=self._dice.randbytes,
                clock=lambda: self._now,
            )
        except StoreUnavailable:
            return
        finally:
            self._delay, self._depth = None, self._depth - 1
        self.late += recorded.reason == "late"
        if recorded.counted and not lost:
            self._acknowledged.add(hit.nonce)

    def _fate(self, _name: str) -> Fate:
        """Have a slow call outlast whatever else happens meanwhile."""
        if self._delay and self._depth <= MAX_DEPTH and self._dice.random() < 0.4:
            delay, self._delay = self._delay, None
            until = self._now + delay
            self._run_until(until)
            self._now = max(self._now, until)
        return Fate.DONE

    def _written(self, table: str, key: Key, _before: Item | None, after: Item) -> None:
        if table == self.settings.ledger_table:
            nonce, day = after["x"]["S"], key[0].split("#")[1]
            at = datetime.fromtimestamp(int(after["at"]["N"]) / 1000, UTC)
            self._views[nonce.partition("/")[0]].append(Entered(nonce, day, at, self._now))

    def _judge(self) -> None:
        for views in self._views.values():
            views.sort(key=lambda view: view.at)
            for number, view in enumerate(views):
                for earlier in views[:number]:
                    if earlier.nonce == view.nonce:
                        self._note("one hit counted twice", earlier)
                    elif view.at - earlier.at < self.window - timedelta(milliseconds=2):
                        self._note("a repeat within the window counted", earlier)
        entered = {view.nonce for views in self._views.values() for view in views}
        self.errors["acknowledged and not counted"] += len(self._acknowledged - entered)
        self.errors = +self.errors

    def _note(self, error: str, earlier: Entered) -> None:
        if earlier.is_remainder:
            self.remainder += 1
        else:
            self.errors[error] += 1
