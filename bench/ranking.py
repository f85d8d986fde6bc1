"""What RankPopular costs, with the roll-ups: its units over a day, metered in memory."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, cast

from bench.prices import MILLION, READ_ON, REGION, Prices
from bench.results import table, verdict
from circulation.articles.article import Submission, read_submission
from circulation.articles.publishing import publish_all
from circulation.aws.attribute_values import encoded
from circulation.counting.keys import page_key
from circulation.counting.tally import Batch, LedgerLine, mark_of
from circulation.counting.tallying import tally
from circulation.counting.traits import Traits
from circulation.popularity.memory import Memory
from circulation.popularity.periods import Period
from circulation.popularity.ranking import rank_popular
from circulation.popularity.top import top_of_day
from circulation.runtime import Container
from circulation.statistics.article_months import note_article_day
from circulation.statistics.curves import draw_curves
from circulation.statistics.rolling_up import RollupMemory, roll_up
from circulation.statistics.rollup import THE_SITE, Rollup
from circulation.times import day_before, days_until, end_of, format_time, start_of
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate

if TYPE_CHECKING:
    from circulation.settings import Settings

DAY = "2026-11-27"
SECTIONS, AUTHORS, TAGS = 8, 20, 40
TAGS_OF_ARTICLE = 2
EVERY = timedelta(minutes=5)
A_CONTAINER_LIVES = timedelta(hours=2)
SEALED_AFTER = timedelta(minutes=15)
CLOSED_AFTER = timedelta(minutes=75)
"""After the day: SealDay's second round."""
HISTORY = 30
HOSTS, COUNTRIES, FORM_FACTORS = 12, 5, 3
SHARDS, GENERATIONS = 4, 6
"""Marks of a much viewed page: a shard lives four hours."""
MARK = bytes(23)
MAX_SIMULATED = 5_000
"""Articles that are simulated at most; more of them cost at most as many times as much."""
CALL_SECONDS = 0.004
MEMORY_GB = 1_769 / 1_024
TARGET = 0.50
TRAFFICS = ((10_000, 500), (1_000_000, 5_000))


@dataclass(slots=True)
class RankingDay:
    """What the runs of a day took."""

    views: int
    runs: int = 0
    reads: float = 0
    writes: int = 0
    calls: int = 0
    cold_reads: float = 0
    """Of the reads, those of the first runs of containers."""
    cpu_seconds: float = 0

    def dollars(self, prices: Prices) -> tuple[float, float]:
        """Give the dollars for a million views: of DynamoDB's units, and of the function."""
        units = self.reads * prices.read_unit + self.writes * prices.write_unit
        seconds = self.cpu_seconds + self.calls * CALL_SECONDS
        function = self.runs * prices.lambda_request + seconds * MEMORY_GB * prices.lambda_gb_second
        return units * MILLION / self.views, function * MILLION / self.views


class _World:
    """A site whose articles are viewed by Zipf's law with the exponent 1, evenly over the day."""

    def __init__(self, views: int, articles: int) -> None:
        self.random = Random(19)  # noqa: S311  the same views in every run
        self.dynamodb = DynamoDB(lambda _: Fate.DONE, lambda *_: None, metered=True)
        self.store = Container(cast("Settings", _Names), cast("Any", self.dynamodb), AT_ONCE)
        self.views = views
        self.ids = [f"article-{number:05}-{'of-a-usual-slug':.16}" for number in range(articles)]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, articles + 1)))
        for start in range(0, articles, 100):
            publish_all(
                [self._submission(number) for number in range(start, min(articles, start + 100))],
                self.store.catalogue,
                self.store.books,
                now=start_of(DAY) - timedelta(days=40),
            )

    def _submission(self, number: int) -> Submission:
        return read_submission(
            self.ids[number],
            {
                "section": f"section-{number % SECTIONS}",
                "author": [f"Author {number % AUTHORS}"],
                "tags": [f"tag-{(number + 7 * place) % TAGS}" for place in range(TAGS_OF_ARTICLE)],
                "title": f"Article {number}",
                "body": "<p>Text</p>",
                "url": f"https://news.example/{number}",
                "published": format_time(start_of(DAY) - timedelta(hours=number % 700)),
            },
        )

    def viewed(self, day: str, number: int) -> Counter[str]:
        """Draw views of a day; which articles are in front changes from day to day."""
        order = Random(day).sample(self.ids, len(self.ids))  # noqa: S311  likewise
        return Counter(self.random.choices(order, cum_weights=self.weights, k=number))

    def remember(self) -> None:
        """Write what earlier days left: their tops, as if they were whole."""
        for day in days_until(day_before(day_before(DAY)), HISTORY - 1):
            top = top_of_day(dict(self.viewed(day, self.views).most_common(500)), 0, closed=True)
            now = end_of(day)
            self.store.charts.tops.put(Period(day), top, as_of=now, clock=now)
            rollup = Rollup(top.views, closed=True)
            self.store.rollups.put(THE_SITE, day, rollup, as_of=now, clock=now)
            self._draw_curves(day, now)
        self.store.books.day_book.close(day_before(day_before(DAY)))

    def _draw_curves(self, day: str, now: datetime) -> None:
        counters = self.store.books.counters.of(self.ids)
        standings = {article: counter.standing(()) for article, counter in counters.items()}
        day_book = self.store.books.day_book
        draw_curves(day, standings, self.store.rollups, day_book, now=now, clock=now)

    def view(self, day: str, at: datetime, number: int) -> None:
        """Have articles viewed: the first view of a day by the tally, the others on the page."""
        name = self.store.settings.library_table
        pages = self.dynamodb.tables[name]
        for article, views in self.viewed(day, number).items():
            key = page_key(article, day)
            page = pages.get((key["pk"], key["sk"]))
            if page is None:
                line = LedgerLine(article, day, mark_of("1"), True, at, Traits("a.example"))
                tally(Batch(article, [line]), self.store.books)
                views -= 1  # noqa: PLW2901
                page = pages[key["pk"], key["sk"]]
            self.dynamodb.put(name, page | _growth(page, at, views))

    def seal(self, day: str) -> None:
        """Seal every page of a day, and settle it."""
        books = self.store.books
        for page in list(books.day_book.pages(day)):
            books.day_book.seal(
                page, page.count, complete=True, labels=books.counters.labels_of(page.article)
            )
            books.counters.settle(page.article, day, page.count, closed=day_before(day))
            note_article_day(page.article, day, books.day_book, self.store.rollups)


class _Names:
    library_table = "Library"


def _growth(page: dict[str, Any], at: datetime, views: int) -> dict[str, Any]:
    """Give the attributes of a page that views change: it has as many as a real one."""
    before = int(page["views"]["N"])
    after = before + views
    hour = f"h{at.hour:02}"
    traits = {
        **{f"r#host-{number}.example": after for number in range(min(HOSTS, after // 3))},
        **{f"c#X{number}": after for number in range(min(COUNTRIES, after // 3))},
        **{f"f#{number}": after for number in range(min(FORM_FACTORS, after))},
        "hosts": min(HOSTS, after // 3),
    }
    marks = {f"m{number:08}": MARK for number in range(min(SHARDS * (at.hour // 4 + 1), after))}
    numbers = {
        "views": after,
        "visitors": after,
        hour: int(page.get(hour, {"N": 0})["N"]) + views,
    }
    return encoded(numbers | traits | marks)


@cache
def simulate(views_a_day: int, articles: int) -> RankingDay:
    """Run RankPopular every five minutes of a day, in containers that live two hours."""
    world, day = _World(views_a_day, articles), RankingDay(views_a_day)
    yesterday = day_before(DAY)
    world.remember()
    for hour in range(24):
        world.view(yesterday, start_of(yesterday) + timedelta(hours=hour), views_a_day // 24)
    memory, runs = _Memories(), timedelta(days=1) // EVERY
    _run(world, _Memories(), start_of(DAY) - EVERY, RankingDay(views_a_day))
    for number in range(runs):
        now = start_of(DAY) + number * EVERY
        if now == start_of(DAY) + SEALED_AFTER:
            world.seal(yesterday)
        if now == start_of(DAY) + CLOSED_AFTER:
            world.store.books.day_book.close(yesterday)
        if number:
            world.view(DAY, now - EVERY / 2, views_a_day // runs)
        if cold := number % (A_CONTAINER_LIVES // EVERY) == 0:
            memory = _Memories()
        before = day.reads
        _run(world, memory, now, day)
        if cold:
            day.cold_reads += day.reads - before
    return day


@dataclass(slots=True)
class _Memories:
    """What a container remembers."""

    rankings: Memory = field(default_factory=Memory)
    rollups: RollupMemory = field(default_factory=RollupMemory)


def _run(world: _World, memory: _Memories, now: datetime, day: RankingDay) -> None:
    store, dynamodb = world.store, world.dynamodb
    reads, writes, calls = dynamodb.read_units, dynamodb.write_units, dynamodb.calls.total()
    started = time.process_time()
    found = rank_popular(store.charts, store.catalogue, store.books, memory.rankings, now=now)
    if found:
        roll_up(found, store.rollup_sources, memory.rollups, now=now, clock=now)
    day.cpu_seconds += time.process_time() - started
    day.reads += dynamodb.read_units - reads
    day.writes += dynamodb.write_units - writes
    day.calls += dynamodb.calls.total() - calls
    day.runs += 1


def ranking_cost(views_a_day: int, articles: int) -> float:
    """Give the dollars that the rankings cost for a million views: units and function.

    Of more articles than are simulated it is a bound: what a run reads and computes grows with
    them, what it writes does not.
    """
    simulated = min(articles, MAX_SIMULATED)
    return sum(simulate(views_a_day, simulated).dollars(Prices())) * articles / simulated


ABOUT = f"""\
A day of RankPopular, with the roll-ups, run by its own code every five minutes on tables in memory
that meter as DynamoDB bills; list prices of {REGION}, {READ_ON}. Readers by Zipf's law over the
day's articles, evenly over the day, {SECTIONS} sections, {AUTHORS} authors, {TAGS} tags of which
each article has {TAGS_OF_ARTICLE}, ids of 30 characters, a container every two hours. Beside the
units there is the function: {CALL_SECONDS * 1000:.0f} ms a call, and CPU. Target: ≤ {TARGET:.2f}
dollars for a million views at 10,000 a day.
"""


def measure() -> str:
    """Write the table."""
    rows = []
    for views, articles in TRAFFICS:
        day = simulate(views, articles)
        units, function = day.dollars(Prices())
        rows.append(
            (
                f"{views:,} views, {articles:,} articles",
                f"{day.reads:,.0f}",
                f"{day.cold_reads:,.0f}",
                f"{day.writes:,}",
                f"{units:.2f}",
                f"{function:.2f}",
                f"{units + function:.2f}",
            )
        )
    head = ("a day", "read units", "of new containers", "write units", "units, $", "function, $",
            "together, $")  # fmt: skip
    together = ranking_cost(*TRAFFICS[0])
    return f"{ABOUT}\n{table(head, rows)}\nThe target is {verdict(together, TARGET)}.\n"
