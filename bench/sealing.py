"""Sealing a day: requests, capacity and time for each article, by how often it was viewed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, cast

from bench.engine import engine
from bench.events import DAY, NOON, SALT, address, article_ids
from bench.results import table
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.aws.table import session
from circulation.counting.sealing import PORTION, THREADS, queue_days, seal_portion
from circulation.counting.view import View
from circulation.runtime import Container, container
from circulation.times import start_of
from circulation.views.visitor import visitor_hash

VIEWS = (1, 10, 100)
PAGES = 5_000
A_DAY = 100_000
CONCURRENCY = 10
"""Containers of SealArticles at once: template.yaml's MaximumConcurrency."""
CORES = 512 / 1_769
"""Of a container (AWS: Configure Lambda function memory)."""
CALL = 0.004
"""Seconds that DynamoDB or SQS takes for a call, as in the cost bench."""
SEAL_TIME = start_of(DAY) + timedelta(days=1, minutes=15)
"""When the day is sealed."""


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
        rows = [_row(views, store, meter) for views in VIEWS]
        queueing = _queueing(store)
    return f"{ABOUT}\n{table(HEAD, rows)}\n{queueing}"


ABOUT = f"""\
Target: a day of {A_DAY:,} viewed articles is sealed within Lambda's limits. The real code on
MiniStack, for each article; a portion has {PORTION}, none of them tallied before, and
{THREADS} threads. The last column is a model: {CONCURRENCY} containers of 512 MB, whose
{CORES:.2f} of a core is as fast as this machine's, and {CALL * 1000:.0f} ms a call; whichever of
CPU and waiting takes longer.
"""


HEAD = (
    "views of an article", "calls", "CPU, ms", "wall, ms",
    f"{A_DAY:,} articles, minutes",
)  # fmt: skip


def _row(views: int, store: Container, meter: Meter) -> tuple[object, ...]:
    ids = article_ids(PORTION, f"sealed-{views}")
    for article_id in ids:
        _view(article_id, views, store)
    before = meter.calls
    cpu, wall = time.process_time(), time.perf_counter()
    sealed = list(seal_portion(DAY, ids, store.books, store.ledger, now=SEAL_TIME))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    wrong = [result for result in sealed if result.drift.recounted != views]
    assert not wrong, wrong  # noqa: S101  a figure of failures is none
    calls = (meter.calls - before) / PORTION
    alone = max(cpu / PORTION / CORES, calls * CALL / THREADS)
    return (
        f"{views:,}", f"{calls:.1f}", f"{cpu / PORTION * 1000:.1f}",
        f"{wall / PORTION * 1000:.1f}", f"{alone * A_DAY / CONCURRENCY / 60:.1f}",
    )  # fmt: skip


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


def _queueing(store: Container) -> str:
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
    at_once = A_DAY / PAGES * (cpu / CORES + queue.messages * CALL)
    return (
        f"SealDay reads {PAGES:,} open pages and queues {queue.messages} portions with "
        f"{cpu * 1000:.0f} ms of CPU; by the\nsame model it is done with {A_DAY:,} after "
        f"{at_once:.0f} seconds, of the 900 that it has.\n"
    )
