"""Weeks in which everything goes wrong that can, as those see them who look at the numbers.

A few articles are viewed, tallied, sealed late or not at all, ranked, unpublished, imported and
corrected, while readers look at their numbers. Calls fail before they are done or after, processes
crash between two calls, and at any call anything else may happen first. Reads show items of
different moments. Lines expire, the stream forgets, messages come twice, weeks later or never. At
last SealDay alone makes everything good. All follows from a seed.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from circulation.articles.article import Submission, read_submission
from circulation.articles.exporting import export_articles
from circulation.articles.publishing import publish, unpublish
from circulation.articles.restoring import corrected_count
from circulation.counting import tallying
from circulation.counting.correcting import correct
from circulation.counting.correction import Proposal
from circulation.counting.counts import TOTAL, Count
from circulation.counting.ledger import KEEP
from circulation.counting.sealing import queue_days, seal_portion
from circulation.counting.stream import batch_of_event
from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    InvalidInput,
    PublishConflict,
    StoreUnavailable,
)
from circulation.popularity.pace import LONGEST_REST, PACES
from circulation.popularity.ranking import rank_popular
from circulation.popularity.windows import Window
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.statistics.article_months import note_article_day
from circulation.statistics.rolling_up import RollupMemory, roll_up
from circulation.times import day_of, end_of, start_of
from circulation.views.hit import Hit
from circulation.views.recording import record_hit
from circulation.views.salt_rotation import rotate_salts
from circulation.web.json import exports
from tests.builders import BROWSER, article
from tests.rollup_sums import wrong_rollups
from tests.simulation.audience import Audience
from tests.simulation.dynamodb import AT_ONCE, ATTEMPTS, Consistent, DynamoDB, Fate, Key
from tests.simulation.expressions import Item
from tests.simulation.moments import Moments
from tests.simulation.streams import RETENTION, Piece, Record, Stream
from tests.simulation.turns import Crashed, Turns
from tests.simulation.wire import direct_client

START = datetime(2026, 3, 1, tzinfo=UTC)
ARTICLES = ("a", "b", "c")
GHOST = "ghost"
"""Its page was opened by a publishing that failed."""
WINDOW = timedelta(hours=1)
TIMES = (2, 12, 16, 20, 40, 75, 480, 1_000, 1_380, 1_410, 1_438)
"""Minutes after midnight at which something happens; the last ones are before the next."""
SEALED_AT = (16, 75)
"""When SealDay runs."""
OLDER_TOTAL = 500
"""So that no correction makes a number negative."""
LAG = 40
"""Calls within which a read shows what was written."""
MAX_DEPTH = 3
QUERIES = 50
"""Of which one read of a day makes 16, and SealDay a thousand."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a world is and how much of what goes wrong, as chances between 0 and 1."""

    days: int = 5
    busy: int = 14
    """What happens at one time of a day, at most; more often by so much, the more is seen."""
    failing: float = 0.03
    """Of all calls: refused, done with the answer lost, or not made as the process crashes.

    Likewise twin; of queries, many of which make one read, a QUERIES-th.
    """
    twin: float = 0.04
    """Of all calls, and between the items of a batch: something else happens first."""
    asleep: float = 0.2
    """Of SealDay's runs: it does not run."""
    first: int = 0
    """The day after which SealDay runs first."""
    lost: float = 0.3
    """Of the portions that fail: they go to the dead letters, and come again much later."""
    deaf: tuple[int, ...] = ()
    """The days on which the tally does not run."""
    beside: float = 0
    """Of all that happens while a portion is sealed: the same one is sealed beside it."""
    straggling: bool = False
    """The tally runs only while something is being sealed."""
    retention: timedelta = RETENTION
    """How long the stream keeps a record, or a call of the tally that has been running since."""
    sealing: float = 0.2
    """Of all that happens: a portion is sealed, if one waits."""
    publishing: bool = True
    """A publisher imports, corrects, unpublishes and publishes anew."""
    quiet: float = 0.4
    """Of all ends of days: everything under way arrives, and numbers are true before any seal."""
    direct: bool = False
    """The hot calls are made without the SDK, over connections that fail."""


@dataclass(slots=True)
class Portion:
    """A message of the seal queue."""

    day: str
    articles: Sequence[str]


@dataclass(slots=True)
class Weeks:
    """One world, from a seed."""

    seed: int
    settings: Settings
    plan: Plan = field(default_factory=Plan)
    broken: list[str] = field(default_factory=list)
    faults: int = 0
    _now: datetime = START
    _depth: int = 0
    _calm: bool = True
    _hits: int = 0
    """Hits that are being recorded: meanwhile no time passes."""
    _losing: int = 0
    """Attempts of the call under way whose answers are lost as well."""
    _sealing: list[Portion] = field(default_factory=list)
    """The portions that are being sealed."""
    _portions: list[Portion] = field(default_factory=list)
    _dead: list[Portion] = field(default_factory=list)
    _views: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The true views of an article and day; likewise visitors."""
    _visitors: Counter[tuple[str, str]] = field(default_factory=Counter)
    _entered: Counter[str] = field(default_factory=Counter)
    _sent: list[tuple[Hit, datetime]] = field(default_factory=list)
    _imported: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARTICLES, OLDER_TOTAL))
    """The highest older total that was sent in; done says which of them surely came in."""
    _done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARTICLES, OLDER_TOTAL))
    _settled: Counter[str] = field(default_factory=Counter)
    _forgotten: set[tuple[str, str]] = field(default_factory=set)
    """Articles and days of which the stream forgot records that were never tallied."""
    _short: set[tuple[str, str]] = field(default_factory=set)
    """Articles and days that were sealed when their ledger was no longer whole."""
    _drifts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The largest drift that sealing reported, in views."""
    _unreported: set[tuple[str, str]] = field(default_factory=set)
    """Articles and days of which a process that sealed them may have died before it reported."""
    _dice: random.Random = field(init=False)
    _moments: Moments = field(init=False)
    _turns: Turns = field(init=False)
    _stream: Stream = field(init=False)
    _dynamodb: DynamoDB = field(init=False)
    _client: Any = field(init=False)
    _audience: Audience = field(init=False)
    _containers: list[Container] = field(init=False)
    _ranker: Container = field(init=False)
    _observer: Container = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  chance that can be repeated
        self._moments = Moments(self._dice, LAG)
        self._turns = Turns(self._dice)
        self._stream = Stream(self._dice, records=100, sizes=(0, 1, 2, 10))
        self._dynamodb = DynamoDB(
            self._fate, self._written, moments=self._moments, between=self._between
        )
        direct = self.plan.direct
        self._client = direct_client(self._dynamodb, self._dice) if direct else self._dynamodb
        self._audience = Audience(self._moments, self._most, self.broken)
        self._containers = [self._container() for _ in range(3)]
        self._ranker = self._container()
        self._observer = Container(self.settings, cast("Any", Consistent(self._dynamodb)))
        for name in ARTICLES:
            self._publish(name, OLDER_TOTAL)
        self._moments.wait()

    def run(self) -> "Weeks":
        """Live through the days, then let the faults cease."""
        with self._turns.in_place():
            for number in range(self.plan.days):
                self._live_a_day(number)
            self._make_good()
            self._judge()
            for portion in self._dead:  # weeks later they change nothing
                self._seal(portion)
            self._judge()
        return self

    # What happens

    def _live_a_day(self, number: int) -> None:
        midnight = START + timedelta(days=number)
        self._containers[0].books.day_book.open(GHOST, day_of(midnight))
        for minutes in TIMES:
            self._now = max(self._now, midnight + timedelta(minutes=minutes))
            self._calm = True
            self._expire()
            self._rotate()
            self._calm = False
            if (
                minutes in SEALED_AT
                and number > self.plan.first
                and self._chance(1 - self.plan.asleep)
            ):
                any(self._try(self._seal_day) for _ in range(3))  # as Lambda tries
            for _ in range(self._dice.randrange(self.plan.busy)):
                self._now += timedelta(seconds=1)
                self._happen()
        self._calm = True
        if self._chance(self.plan.quiet) and number not in self.plan.deaf:
            self._arrive()
            self._check_numbers()

    def _happen(self) -> None:
        chance = self._dice.random()
        if self._sealing and self._chance(self.plan.beside):
            portion = self._sealing[-1]
            act: Callable[[], None] = lambda: self._seal(portion)  # noqa: E731
        elif chance < self.plan.sealing:
            act = self._seal_some
        else:
            act = self._dice.choices(self._acts(), (20, 6, 3, 2, 3, 1, 2, 2, 1, 1))[0]
        self._depth += 1
        self._try(act)
        self._depth -= 1

    def _acts(self) -> tuple[Callable[[], None], ...]:
        publisher = self._publish_anew if self.plan.publishing else self._view
        return (
            self._view,
            self._deliver,
            self._read,
            self._read_list,
            self._glance,
            self._rank,
            publisher,
            self._correct if self.plan.publishing else self._view,
            self._restart,
            self._linger,
        )

    def _try(self, act: Callable[[], object]) -> bool:
        """Do something; tell whether nothing cut it off."""
        try:
            act()
        except (StoreUnavailable, Crashed):
            return False
        return True

    def _chance(self, chance: float) -> bool:
        return self._dice.random() < chance

    def _linger(self) -> None:
        """Let time pass while something is under way; no hit takes so long, and no call an hour."""
        end = end_of(day_of(self._now))
        if not self._hits and self._depth > 1:
            self._now = min(
                self._now + timedelta(minutes=5), max(self._now, end - timedelta(minutes=1))
            )

    def _restart(self) -> None:
        if self._chance(0.2):
            self._ranker = self._container()
        self._containers[self._dice.randrange(len(self._containers))] = self._container()

    def _container(self) -> Container:
        """A cold container, which remembers nothing."""
        store = Container(self.settings, self._client, AT_ONCE, emit=ignore)
        store.seal_queue = cast("Any", self)
        return store

    def _store(self) -> Container:
        return self._dice.choice(self._containers)

    # Readers

    def _view(self) -> None:
        """View an article, or send a hit again; some hits are of nobody in particular."""
        if self._sent and self._chance(0.2):
            hit, begun = self._dice.choice(self._sent[-20:])
        else:
            address = f"192.0.2.{self._dice.randrange(4)}"
            nonce = f"nonce-{len(self._sent)}"
            anonymous = self._chance(0.1)
            hit = Hit(self._dice.choice(ARTICLES), address, BROWSER, nonce, anonymous=anonymous)
            begun = self._now
            self._sent.append((hit, begun))
        start, store = self._moments.now, self._store()
        self._hits += 1
        try:
            recorded = record_hit(
                replace(hit, age=self._now - begun),
                store.intake,
                now=self._now,
                repeat_window=WINDOW,
                random_bytes=self._dice.randbytes,
            )
        except ArticleGone:
            return
        finally:
            self._hits -= 1
        number = recorded.count.views - recorded.count.adjust
        self._audience.glance(hit.article, number, start, "own view")
        if recorded.counted and not self._entered[hit.nonce]:
            self.broken.append(f"I3: {hit.nonce} was acknowledged and never entered")

    def _read(self) -> None:
        """Read a number with consistent reads, though of items one after another."""
        store = Container(self.settings, cast("Any", Consistent(self._client)), AT_ONCE)
        start, name = self._moments.now, self._dice.choice(ARTICLES)
        count = store.books.count(name, today=day_of(self._now))
        self._audience.see(count, start, "a number")

    def _read_list(self) -> None:
        store = Container(self.settings, cast("Any", Consistent(self._client)), AT_ONCE)
        start = self._moments.now
        for count in store.books.counts(ARTICLES).values():
            self._audience.see(count, start, "a number in a list")

    def _glance(self) -> None:
        """Read a number as readers do."""
        start, store = self._moments.now, self._store()
        if self._chance(0.5):
            counts = list(store.books.counts(ARTICLES).values())
        else:
            name = self._dice.choice(ARTICLES)
            counts = [store.books.count(name, today=day_of(self._now))]
        for count in counts:
            number = count.views - count.adjust
            self._audience.glance(count.article, number, start, "a number")

    # The tally

    def _deliver(self) -> None:
        if (self._now - START).days in self.plan.deaf or (
            self.plan.straggling and not self._sealing
        ):
            return
        piece = self._stream.piece()
        if piece and self._tally(piece) and self._chance(0.9):  # else done, and not known to be
            piece.finish()

    def _tally(self, piece: Piece) -> bool:
        try:
            tallying.tally(batch_of_event(piece.event()), self._store().books)
        except StoreUnavailable:
            return False
        return True

    # Sealing

    def send(self, day: str, articles: Sequence[str]) -> None:
        """Stand in for the seal queue."""
        self._portions.append(Portion(day, articles))

    def _seal_day(self) -> None:
        store = self._store()
        queue_days(store.books, store.seal_queue, now=self._now)

    def _seal_some(self) -> None:
        """Seal a portion; one that fails comes again, and so do some that do not."""
        if self._dead and self._chance(0.05):
            self._portions.append(self._dead.pop(0))  # an operator has them sent once more
        if not self._portions:
            return
        portion = self._portions.pop(self._dice.randrange(len(self._portions)))
        if self._chance(0.3):
            self._portions.append(portion)
        if self._chance(0.05):
            self._dead.append(portion)
        if not self._try(lambda: self._seal(portion)):
            (self._dead if self._chance(self.plan.lost) else self._portions).append(portion)

    def _seal(self, portion: Portion) -> None:
        """Seal one article after another, so that a seed is a world."""
        self._sealing.append(portion)
        try:
            for name in portion.articles:
                self._seal_one(name, portion.day)
        finally:
            self._sealing.remove(portion)

    def _seal_one(self, name: str, day: str) -> None:
        store = self._store()
        try:
            for sealed in seal_portion(day, [name], store.books, store.ledger, now=self._now):
                self._drifts[name, day] = max(self._drifts[name, day], sealed.drift.views)
                note_article_day(name, day, store.books.day_book, store.rollups)
        except Crashed:
            self._unreported.add((name, day))  # as when it is over, and dies before it says so
            raise

    # The publisher

    def _publish(self, name: str, total: int) -> None:
        published = article(
            name,
            url=f"https://news.example/{name}",
            published=START,
            section=self._dice.choice(("city", "sport")),
            authors=tuple(self._dice.choices(("Leyla", "Rauf"), k=self._dice.randrange(3))),
            tags=self._dice.choice(((), ("clocks",))),
        )
        self._imported[name] = max(self._imported[name], total)
        store = self._containers[0]
        publish(Submission(published, total), store.catalogue, store.books, now=self._now)
        self._done[name] = max(self._done[name], total)

    def _publish_anew(self) -> None:
        """Import an older total, or one's own export, or take an article away for a while."""
        name, store = self._dice.choice(ARTICLES), self._store()
        match self._dice.randrange(3):
            case 0:
                self._publish(name, OLDER_TOTAL + self._dice.randrange(30))
            case 1:
                self._import_what_was_exported(store)
            case 2:
                try:
                    unpublish(name, store.catalogue, store.books, now=self._now)
                except (ArticleGone, PublishConflict):
                    self._publish(name, OLDER_TOTAL)

    def _import_what_was_exported(self, store: Container) -> None:
        page = export_articles(None, store.catalogue, store.books, store.corrections, limit=10)
        for exported in page.articles:
            shown = exports.exported_json(exported, self.settings.publication)
            submission = read_submission(shown["id"], shown)
            try:
                published = publish(submission, store.catalogue, store.books, now=self._now)
                corrected_count(
                    submission, published, store.books, store.corrections, now=self._now
                )
            except PublishConflict:
                continue

    def _correct(self) -> None:
        name, store = self._dice.choice(ARTICLES), self._store()
        views = self._dice.choice((-20, -3, 5, 40))
        total = OLDER_TOTAL + views if self._chance(0.3) else None
        proposal = Proposal(
            f"c{self._dice.randrange(10**6)}", "why", None if total else views, total
        )
        try:
            correct(name, proposal, store.books, store.corrections, now=self._now, by="t")
        except (PublishConflict, InvalidInput):
            return

    # Rankings

    def _rank(self) -> None:
        store = self._ranker
        now, memory = self._now, store.memory
        found = rank_popular(store.charts, store.catalogue, store.books, memory, now=now)
        if found and (self._calm or self._chance(0.9)):  # or the process ends there
            roll_up(found, store.rollup_sources, store.rollup_memory, now=now, clock=now)
            if self._chance(0.1):
                roll_up(found, store.rollup_sources, RollupMemory(), now=now, clock=now)

    # What becomes of a call

    def _between(self, share: float = 1) -> None:
        if not self._calm and self._chance(self.plan.twin * share) and self._depth < MAX_DEPTH:
            self._happen()

    def _fate(self, name: str) -> Fate:
        if self._calm:
            return Fate.DONE
        self._turns.pass_on()
        if self._losing:
            self._losing -= 1
            return Fate.LOST
        share = 1 / QUERIES if name == "query" else 1
        self._between(share)
        if not self._chance(self.plan.failing * share):
            return Fate.DONE
        chance = self._dice.random()
        self.faults += 1
        if chance < 0.3:
            raise Crashed
        if chance < 0.5:
            raise StoreUnavailable("before it was done")
        if chance < 0.8:
            self._losing = ATTEMPTS - 1 + self.plan.direct
            return Fate.LOST
        return Fate.REFUSED

    def _written(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        if table == self.settings.ledger_table:
            self._enter(key, before, after)
        elif key[1] == "COUNT" or key[0].startswith("DAY#"):
            name = key[0].partition("#")[2] if key[1] == "COUNT" else key[1]
            if "sealed" in after and key[1] != "COUNT" and "sealed" not in (before or {}):
                self._check_sealed(name, key[0].split("#")[1], before or {}, after)
            self._look(name)

    def _enter(self, key: Key, before: Item | None, after: Item) -> None:
        name, day, _ = key[0].split("#")
        if before is None or before["n"] != after["n"]:
            self._views[name, day] += 1
            self._entered[after["x"]["S"]] += 1
            if self._entered[after["x"]["S"]] > 1:
                self.broken.append(f"I3: {after['x']['S']} was counted twice")
        if before is None:
            self._visitors[name, day] += "a" not in after
        self._stream.append(*key, before, after, at=self._now)

    def _look(self, name: str) -> None:
        """Have somebody look at a number just when something was written of it."""
        if name == GHOST:
            return
        calm, self._calm = self._calm, True
        start = self._moments.now
        try:
            count = self._observer.books.count(name)
        except ArticleNotFound:  # it is being published first
            return
        finally:
            self._calm = calm
        self._audience.see(count, start, "what stands")

    # The end of days

    def _expire(self) -> None:
        """Forget lines whose time is over, and what the stream keeps for a day."""
        lines = self._dynamodb.tables.get(self.settings.ledger_table, {})
        for key in [key for key in lines if start_of(key[0].split("#")[1]) + KEEP <= self._now]:
            self._dynamodb.delete_item(
                TableName=self.settings.ledger_table, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}}
            )
        self._forgotten |= set(
            map(article_day, self._stream.forget(self._now - self.plan.retention))
        )

    def _rotate(self) -> None:
        rotate_salts(
            self._store().salts,
            now=self._now,
            repeat_window=WINDOW,
            random_bytes=self._dice.randbytes,
        )

    def _arrive(self) -> None:
        """Let the stream's records arrive, and rankings be made."""
        self._calm = True
        for piece in self._stream.rests():
            tallying.tally(batch_of_event(piece.event()), self._containers[0].books)
            piece.finish()
        self._moments.wait()
        self._now += LONGEST_REST  # or the run may leave its work to the next one
        self._rank()

    def _make_good(self) -> None:
        """Let the faults cease: what nights left undone, the next ones do."""
        self._calm = True
        self._portions.clear()  # they lie with the dead letters
        self._now += timedelta(days=1, hours=1)
        for _ in range(3):
            self._expire()
            self._moments.wait()
            self._seal_day()
            while self._portions:
                portion = self._portions.pop(self._dice.randrange(len(self._portions)))
                self._seal(portion)
            self._now += timedelta(hours=1)
        self._now += PACES[Window.ALL].oldest
        self._arrive()

    # What holds

    def _most(self, name: str) -> int:
        views = sum(views for (viewed, _), views in self._views.items() if viewed == name)
        return self._imported[name] + views

    def _check_numbers(self) -> dict[str, int]:
        """See that every number is true though nothing was sealed for it (I8, I2, I5)."""
        lost = self._forgotten | self._short
        counts = self._observer.books.counts(ARTICLES)
        for name, count in counts.items():
            views, visitors = self._true(name)
            if any(viewed == name for viewed, _ in lost):
                continue
            if (count.views - count.adjust - count.base, count.visitors) != (views, visitors):
                numbers = f"{count.views - count.adjust - count.base} and {count.visitors}"
                self.broken.append(f"I8: {name} has {numbers} of {views} and {visitors}")
        return self._check_sums(counts)

    def _check_sums(self, counts: Mapping[str, Count]) -> dict[str, int]:
        """See that sums are those of their parts (I2, I5); give the numbers of what is public."""
        store = self._observer
        for name, count in counts.items():
            if not self._done[name] <= count.base <= self._imported[name]:
                self.broken.append(f"I2: the older total of {name} is {count.base}")
            corrected = sum(made.views for made in store.corrections.of(name))
            if count.adjust != corrected:
                self.broken.append(f"I2: {name} is corrected by {count.adjust}, not {corrected}")
        shown = {name: count.views for name, count in counts.items() if count.is_public(self._now)}
        if store.site.total().views != sum(shown.values()):
            self.broken.append(f"I5: the site has {store.site.total().views}, shown are {shown}")
        for day, total in store.site.since(day_of(START)).items():
            pages = sum(page.count.views for page in store.books.day_book.pages(day))
            if day != TOTAL and total.views != pages:
                self.broken.append(f"I5: the site has {total.views} on {day}, its pages {pages}")
        return shown

    def _check_rankings(self, shown: Mapping[str, int]) -> None:
        """See that the ranking of all time is of the numbers shown, once it is due (I5)."""
        ranked = self._observer.rankings.get(Window.ALL, None)
        if (dict(ranked.ranking) if ranked else {}) != shown:  # no empty one is written at first
            self.broken.append(f"I5: ranked are {ranked}, shown {shown}")

    def _check_rollups(self, days: Sequence[str]) -> None:
        """See that what is rolled up of days that are settled is the sum of their pages (I5)."""
        store = self._observer
        self.broken += wrong_rollups(store, days)
        for name in ARTICLES:
            months = store.rollups.article_months(name).values()
            noted = {day: numbers for month in months for day, numbers in month.days.items()}
            for day in days:
                count = store.books.day_book.page(name, day).count
                found = noted.get(day, (0, 0) if count.views == 0 else None)
                if found != (count.views, count.visitors):
                    self.broken.append(f"I5: {name} has {found} on {day}, not {count.views}")

    def _true(self, name: str) -> tuple[int, int]:
        """Give an article's true views and visitors."""
        return (
            sum(views for (viewed, _), views in self._views.items() if viewed == name),
            sum(number for (viewed, _), number in self._visitors.items() if viewed == name),
        )

    def _check_sealed(self, name: str, day: str, before: Item, after: Item) -> None:
        """See that a page is sealed with what the ledger has (I1), or had."""
        key = name, day
        views, visitors = int(after["views"]["N"]), int(after["visitors"]["N"])
        true = self._views[key], self._visitors[key]
        if start_of(day) + KEEP > self._now:
            if (views, visitors) != true:
                self.broken.append(f"I1: {key} was sealed with {views} and {visitors}, not {true}")
            return
        self._short.add(key)
        if not int(before["views"]["N"]) <= views <= true[0]:
            self.broken.append(f"I1: {key} was sealed with {views} of {true[0]}")

    def _judge(self) -> None:
        """See that all is sealed and settled, once."""
        store = self._observer
        days = sorted({day for _, day in self._views})
        pages = {
            (page.article, day): page for day in days for page in store.books.day_book.pages(day)
        }
        counts = store.books.counts(ARTICLES)
        for name, count in counts.items():
            settled = sum(page.count.views for page in pages.values() if page.article == name)
            if count.counted != settled or count.open_days:
                self.broken.append(f"I7: {name} has {count.counted} views, its pages {settled}")
        for key in self._views:
            page = pages.get(key)
            if page is None or not page.sealed:
                self.broken.append(f"{key} was never sealed")
        for key, page in pages.items():
            if self._drifts[key] < abs(page.drift) and key not in self._unreported:
                self.broken.append(f"the drift of {key} was not reported")
            if sum(page.count.hours.values()) != page.count.views:
                self.broken.append(f"the hours of {key} are not its views")
        self._check_rankings(self._check_numbers())
        self._check_rollups(days)
        if (f"ARTICLE#{GHOST}", "COUNT") in self._dynamodb.tables[self.settings.library_table]:
            self.broken.append("a counter was made for what was never published")


def article_day(record: Record) -> tuple[str, str]:
    """Read whose line a record is of."""
    name, day, _ = record["dynamodb"]["Keys"]["pk"]["S"].split("#")
    return name, day


def ignore(_service: str, _counts: Mapping[str, int]) -> None:
    """Take metrics, which nobody reads here."""
