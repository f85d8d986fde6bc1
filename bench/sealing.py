"""Sealing a day: requests, capacity and time for each article, by how often it was viewed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, Self, cast

from bench import deployment
from bench.engine import engine
from bench.events import DAY, NOON, SALT, address, article_ids
from bench.results import table, verdict
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.aws.table import session
from circulation.counting.sealing import PORTION, THREADS, queue_days, seal_portion
from circulation.counting.view import View
from circulation.runtime import Container, container
from circulation.times import start_of
from circulation.views.visitor import visitor_hash
from circulation_cli.local_stack.template import Template

VIEWS = (1, 10, 100)
PAGES = 5_000
A_DAY = 100_000
FULL_CORE_MB = 1_769
"""Memory of a container that has a whole core (AWS: Configure Lambda function memory)."""
CALL = 0.004
"""Seconds that DynamoDB or SQS takes for a call, as in the cost bench."""
SEAL_TIME = start_of(DAY) + timedelta(days=1, minutes=15)
"""When the day is sealed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What template.yaml gives sealing; times in seconds."""

    containers: int
    """Of SealArticles, at once."""
    cores: float
    """Of a container."""
    portion: float
    """A portion's longest time: SealArticles' time-out."""
    queueing: float
    """SealDay's time-out."""
    waiting: float
    """A portion's age at which SealQueueStalled rings."""

    @classmethod
    def of_template(cls, template: Template) -> Self:
        """Read them."""
        functions = template.functions()
        (containers,) = (
            event["ScalingConfig"]["MaximumConcurrency"]
            for function, event in template.events("SQS")
            if function == "SealArticles"
        )
        alarm = template.resources("AWS::CloudWatch::Alarm")["SealQueueStalled"]
        return cls(
            containers=containers,
            cores=template.document["Globals"]["Function"]["MemorySize"] / FULL_CORE_MB,
            portion=functions["SealArticles"]["Timeout"],
            queueing=functions["SealDay"]["Timeout"],
            waiting=alarm["Threshold"],
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """What sealing took for each article; times in seconds."""

    views: int
    """Of the article."""
    calls: float
    cpu: float
    wall: float

    def in_container(self, cores: float) -> float:
        """Give the seconds that a container takes for an article: computing or waiting."""
        return max(self.cpu / cores, self.calls * CALL / THREADS)


@dataclass(frozen=True, slots=True)
class Queued:
    """What SealDay's part took for the open pages."""

    messages: int
    cpu: float
    """Seconds."""


@dataclass
class Meter:
    """Counts the calls of several threads."""

    calls: int = 0
    lock: Lock = field(default_factory=Lock)

    def count(self, **_: object) -> None:
        """Count one call."""
        with self.lock:
            self.calls += 1


def measure() -> str:
    """Seal portions of a day that the tally never saw, and queue a day with many pages."""
    with engine():
        meter = Meter()
        session().register("after-call.dynamodb", meter.count)
        store = container()
        spent = [_seal(views, store, meter) for views in VIEWS]
        queued = _queue(store)
    return report(spent, queued, Limits.of_template(deployment.template()))


def report(spent: Sequence[Spent], queued: Queued, limits: Limits) -> str:
    """Write what was measured beside the limits, and which of them are kept."""
    minutes = limits.waiting / 60
    head = (
        "views of an article", "calls", "CPU, ms", "wall, ms",
        "a portion, s", f"≤ {limits.portion}", f"{A_DAY:,} articles, minutes", f"≤ {minutes:.0f}",
    )  # fmt: skip
    at_once = A_DAY / PAGES * (queued.cpu / limits.cores + queued.messages * CALL)
    return f"""\
Target: a day of {A_DAY:,} viewed articles is sealed within template.yaml's limits: a portion in
SealArticles' time-out, all of them before the alarm SealQueueStalled rings, and the queueing in
SealDay's time-out. The real code on MiniStack, for each article; a portion has {PORTION}, none of
them tallied before, and {THREADS} threads. Beside the limits stands a model: at most
{limits.containers} containers, whose {limits.cores:.2f} of a core is as fast as this machine's, and
{CALL * 1000:.0f} ms a call; whichever of CPU and waiting takes longer.

{table(head, [_row(article, limits) for article in spent])}
SealDay reads {PAGES:,} open pages and queues {queued.messages} portions with
{queued.cpu * 1000:.0f} ms of CPU; by the same model it is done with {A_DAY:,} after
{at_once:.0f} seconds: ≤ {limits.queueing} is {verdict(at_once, limits.queueing)}.
"""


def _row(spent: Spent, limits: Limits) -> tuple[object, ...]:
    article = spent.in_container(limits.cores)
    portion, day = article * PORTION, article * A_DAY / limits.containers
    return (
        f"{spent.views:,}", f"{spent.calls:.1f}", f"{spent.cpu * 1000:.1f}",
        f"{spent.wall * 1000:.1f}", f"{portion:.1f}", verdict(portion, limits.portion),
        f"{day / 60:.1f}", verdict(day, limits.waiting),
    )  # fmt: skip


def _seal(views: int, store: Container, meter: Meter) -> Spent:
    """Seal a portion of articles with so many views."""
    ids = article_ids(PORTION, f"sealed-{views}")
    for article_id in ids:
        _view(article_id, views, store)
    before = meter.calls
    cpu, wall = time.process_time(), time.perf_counter()
    sealed = list(seal_portion(DAY, ids, store.books, store.ledger, now=SEAL_TIME))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    wrong = [result for result in sealed if result.drift.recounted != views]
    assert not wrong, wrong  # noqa: S101  a figure of failures is none
    return Spent(views, (meter.calls - before) / PORTION, cpu / PORTION, wall / PORTION)


def _view(article: str, views: int, store: Container) -> None:
    """Publish an article and have it viewed by readers, each once, at noon."""
    published = {
        "section": "city",
        "title": "The harbour clock keeps time again",
        "body": "<p>At noon it struck twelve.</p>",
        "url": f"https://news.example/{article}",
        "published": "2026-11-20T12:00:00+04:00",
    }
    publish(read_submission(article, published), store.catalogue, store.books, now=NOON)
    store.books.day_book.open(article, DAY)
    for reader in range(views):
        visitor = visitor_hash(SALT, article, address(reader), "browser")
        view = View(article, DAY, visitor, f"nonce-{reader}", at=NOON)
        store.ledger.enter(view, repeat_window=timedelta(minutes=30))


@dataclass
class _Queue:
    """Takes the messages that SealDay would send."""

    messages: int = 0

    def send(self, _day: str, _articles: Sequence[str]) -> None:
        self.messages += 1


def _queue(store: Container) -> Queued:
    """Queue a day with many open pages, in the place of SealDay."""
    day = "2026-11-22"
    for article_id in article_ids(PAGES, "paged"):
        store.books.day_book.open(article_id, day)
    queue = _Queue()
    cpu = time.process_time()
    now = start_of(day) + timedelta(days=1, minutes=15)
    queued = queue_days(store.books, cast("Any", queue), now=now)
    cpu = time.process_time() - cpu
    assert queued == PAGES, queued  # noqa: S101  likewise
    return Queued(queue.messages, cpu)
