"""Sealing a day: requests, capacity and time for each article, by how often it was viewed."""

import itertools
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Self, cast

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from bench import deployment
from bench.engine import engine
from bench.events import DAY, NOON, SALT, address, article_ids, record
from bench.invocation import FULL_CORE_MB, memory_of
from bench.meter import Meter
from bench.results import table, verdict
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.aws.attribute_values import encoded
from circulation.aws.sdk import make_session
from circulation.aws.table import Table
from circulation.counting.keys import count_key, page_key
from circulation.counting.ledger import Ledger
from circulation.counting.recounting import LARGE_PARTITION, recount_partition
from circulation.counting.recounts import Recounts
from circulation.counting.seal_queue import PartitionJob
from circulation.counting.sealing import PORTION, THREADS, queue_days, seal_portion
from circulation.counting.stream import batch_of_event
from circulation.counting.tallying import tally
from circulation.counting.view import View
from circulation.runtime import Container, container
from circulation.statistics.article_months import note_sealed
from circulation.times import day_of, milliseconds, start_of
from circulation.views.visitor import visitor_hash
from circulation_cli.local_stack.template import Template
from functions.seal_articles import RESERVE_MS

VIEWS = (1, 10, 100)
PAGES = 5_000
CLOSED_DAYS = 2
PAGE_LINES = 5_000
"""Lines of 200 bytes in one answer of a query, of 1 MB (API_Query)."""
LINES = 10 * PAGE_LINES
"""Of one partition of a large article's ledger."""
A_LOT = 100_000_000
"""Visitors of one article on one day."""
PAGE_OF_A_QUERY = 1_000
"""Items of a query's megabyte: a page takes about one kilobyte."""
A_DAY = 100_000
CALL = 0.004
"""Seconds that DynamoDB or SQS takes for a call, as in the cost bench."""
Item = dict[str, Any]

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
            cores=memory_of("SealArticles") / FULL_CORE_MB,
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
    reads: float
    """Read units."""
    writes: float
    """Write units."""

    def in_container(self, cores: float) -> float:
        """Give the seconds that a container takes for an article: computing or waiting."""
        return max(self.cpu / cores, self.calls * CALL / THREADS)


@dataclass(frozen=True, slots=True)
class Queued:
    """What SealDay's part took for a day's pages."""

    messages: int
    cpu: float
    """Seconds."""
    items: int
    """Items read."""
    units: float
    """Read units."""

    def for_a_day(self, limits: "Limits") -> float:
        """Give the seconds that it takes for the day of the target."""
        waiting = self.messages * CALL + self.items / PAGE_OF_A_QUERY * CALL
        return A_DAY / PAGES * (self.cpu / limits.cores + waiting)


@dataclass(frozen=True, slots=True)
class Recounted:
    """What the recount of a part of a large article-day took."""

    lines: int
    cpu: float
    """Seconds."""

    def in_a_job(self, limits: Limits) -> float:
        """Give the lines that a container recounts before it leaves the rest to the next job."""
        return (limits.portion - RESERVE_MS / 1000) * limits.cores * self.lines / self.cpu


def measure() -> str:
    """Seal portions of a day that the tally never saw, and queue a day with many pages."""
    with engine():
        meter = Meter().attach()
        store = container()
        spent = [_seal(views, store, meter) for views in VIEWS]
        nights = _queue(store, meter)
        recounted = _recount()
    return report(spent, nights, recounted, Limits.of_template(deployment.template()))


def report(
    spent: Sequence[Spent], nights: Mapping[str, Queued], recounted: Recounted, limits: Limits
) -> str:
    """Write what was measured beside the limits, and which of them are kept."""
    minutes = limits.waiting / 60
    head = (
        "views of an article", "calls", "read units", "write units", "CPU, ms", "wall, ms",
        "a portion, s", f"≤ {limits.portion}", f"{A_DAY:,} articles, minutes", f"≤ {minutes:.0f}",
    )  # fmt: skip
    heads = (
        "of a day", f"CPU of {PAGES:,} pages, ms", "items", "read units", f"{A_DAY:,} articles, s",
        f"≤ {limits.queueing}",
    )  # fmt: skip
    queueing = [
        (
            name, f"{queued.cpu * 1000:.0f}", f"{queued.items:,}", f"{queued.units:,.0f}",
            f"{queued.for_a_day(limits):.0f}",
            verdict(queued.for_a_day(limits), limits.queueing),
        )
        for name, queued in nights.items()
    ]  # fmt: skip
    in_a_job, seconds = recounted.in_a_job(limits), recounted.cpu / recounted.lines
    jobs = 16 * ceil(A_LOT / 16 / in_a_job)
    an_hour = 3600 * limits.containers * limits.cores / seconds
    counting = (
        ("a line, µs of CPU", f"{seconds * 1e6:.1f}"),
        ("lines an hour of all containers", f"{an_hour:,.0f}"),
    )
    return f"""\
Target: a day of {A_DAY:,} viewed articles is sealed within template.yaml's limits: a portion in
SealArticles' time-out, all of them before the alarm SealQueueStalled rings, and the queueing in
SealDay's time-out. The real code on MiniStack, for each article; a portion has {PORTION}, none of
them tallied before, and {THREADS} threads. Beside the limits stands a model: at most
{limits.containers} containers, whose {limits.cores:.2f} of a core is as fast as this machine's, and
{CALL * 1000:.0f} ms a call; whichever of CPU and waiting takes longer.

{table(head, [_row(article, limits) for article in spent])}
SealDay reads the days that are not closed, and no others: here the last one of {CLOSED_DAYS + 1},
with {PAGES:,} pages as large as a day leaves them, and queues portions of {PORTION}. In its second
round of a night it finds them sealed, asks their counters, and closes the day.

{table(heads, queueing)}
An article-day with {LARGE_PARTITION:,} lines or more in one of its 16 ledger partitions is
recounted partition by partition, each in jobs of its own. By the same model a job recounts
{in_a_job:,.0f} lines before it leaves the rest to the next one, and {A_LOT:,} visitors take {jobs}
jobs and {A_LOT / an_hour * 60:.0f} minutes: no number is too large.

{table(("of it", "recount"), counting)}"""


def _row(spent: Spent, limits: Limits) -> tuple[object, ...]:
    article = spent.in_container(limits.cores)
    portion, day = article * PORTION, article * A_DAY / limits.containers
    return (
        f"{spent.views:,}", f"{spent.calls:.1f}", f"{spent.reads:.1f}", f"{spent.writes:.1f}",
        f"{spent.cpu * 1000:.1f}",
        f"{spent.wall * 1000:.1f}", f"{portion:.1f}", verdict(portion, limits.portion),
        f"{day / 60:.1f}", verdict(day, limits.waiting),
    )  # fmt: skip


def _seal(views: int, store: Container, meter: Meter) -> Spent:
    """Seal a portion of articles with so many views."""
    ids = article_ids(PORTION, f"sealed-{views}")
    for article_id in ids:
        _view(article_id, views, store)
    meter.clear()
    cpu, wall = time.process_time(), time.perf_counter()
    portion = seal_portion(DAY, ids, store.books, store.ledger, now=SEAL_TIME)
    sealed = list(note_sealed(portion, DAY, store.books.day_book, store.rollups))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    wrong = [result for result in sealed if result.drift.recounted != views]
    assert not wrong, wrong  # noqa: S101  a figure of failures is none
    return Spent(
        views,
        meter.calls / PORTION,
        cpu / PORTION,
        wall / PORTION,
        meter.units["read"] / PORTION,
        meter.units["written"] / PORTION,
    )


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


def _queue(store: Container, meter: Meter) -> dict[str, Queued]:
    """Queue a day with many pages, in the place of SealDay, when it is open and when it is sealed.

    Days before it, with as many pages, are closed.
    """
    days = [format_day(number) for number in range(CLOSED_DAYS + 1)]
    page, count = _finished(store)
    for day in days:
        _copy(page, [page_key(article, day) for article in article_ids(PAGES, "paged")])
    counted = count | {"sealed": {"SS": [days[-1]]}}
    _copy(counted, [count_key(article) for article in article_ids(PAGES, "paged")])
    store.books.day_book.close(days[-2])
    now = start_of(days[-1]) + timedelta(days=1, hours=2)
    meter.clear()
    list(store.books.day_book.pages(days[-1]))
    whole = meter.units["read"]
    first = _queued(store, meter, now, PAGES)
    # The meter sees what is read of a page, and a query is billed by what it reads it out of.
    unseen = whole - first.units
    sealed = page | {"sealed": {"BOOL": True}}
    _copy(sealed, [page_key(article, days[-1]) for article in article_ids(PAGES, "paged")])
    second = _queued(store, meter, now, 0)
    nights = {"SealDay": first, "the second round": second}
    return {name: replace(night, units=night.units + unseen) for name, night in nights.items()}


def _queued(store: Container, meter: Meter, now: datetime, expected: int) -> Queued:
    queue = _Queue()
    meter.clear()
    cpu = time.process_time()
    queued = queue_days(store.books, cast("Any", queue), now=now)
    cpu = time.process_time() - cpu
    assert queued == expected, queued  # noqa: S101  likewise
    return Queued(queue.messages, cpu, meter.items, meter.units["read"])


def format_day(number: int) -> str:
    """Give one of the days after all others of this bench."""
    return day_of(NOON + timedelta(days=10 + number))


def _finished(store: Container) -> tuple[Item, Item]:
    """Give a page as a day leaves it, with all its hours, hosts and marks, and its counter."""
    article = "finished-1"
    _view(article, 1, store)
    for hour, reader in itertools.product(range(24), range(20)):
        at = start_of(DAY) + timedelta(hours=hour)
        change = record(article, reader, 100 * hour + reader, at=at)
        batch = {"shardId": f"shardId-{hour:020}-a1b2c3d4", "Records": [change]}
        tally(batch_of_event(batch), store.books)
    client = boto3.client("dynamodb")
    keys = (page_key(article, DAY), count_key(article))
    page, count = (client.get_item(TableName="Library", Key=_encoded(key))["Item"] for key in keys)
    return page, {name: value for name, value in count.items() if name != "open"}


def _copy(item: Item, keys: Iterable[Mapping[str, str]]) -> None:
    """Put an item under other keys."""
    client = boto3.client("dynamodb")
    puts: list[Any] = [{"PutRequest": {"Item": item | _encoded(key)}} for key in keys]
    for start in range(0, len(puts), 25):
        client.batch_write_item(RequestItems={"Library": puts[start : start + 25]})


def _encoded(key: Mapping[str, str]) -> Item:
    return {name: {"S": text} for name, text in key.items()}


def _recount() -> Recounted:
    """Recount a partition whose lines DynamoDB gives out as it does, 1 MB of them at a time."""
    lines = [
        {"sk": f"{number:022}", "n": 1, "at": milliseconds(NOON)} for number in range(PAGE_LINES)
    ]
    last = {"pk": f"large#{DAY}#0", "sk": lines[-1]["sk"]}
    page = {"Items": [encoded(line) for line in lines], "Count": PAGE_LINES}
    first = json.dumps(page | {"LastEvaluatedKey": encoded(last)}).encode()
    queries = iter([first] * (LINES // PAGE_LINES - 1) + [json.dumps(page).encode()])

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        is_query = request.headers["X-Amz-Target"].endswith(b".Query")
        return AWSResponse(request.url, 200, {}, _Body(next(queries) if is_query else b"{}"))

    made = make_session()
    made.register("before-send.dynamodb", answer)
    client = made.create_client("dynamodb", "us-east-1", aws_access_key_id="local",
                                aws_secret_access_key="local")  # noqa: S106  of nobody  # fmt: skip
    ledger, recounts = Ledger(Table(client, "Ledger")), Recounts(Table(client, "Library"))
    cpu = time.process_time()
    reached = recount_partition(
        PartitionJob(DAY, "large", "0"),
        ledger,
        recounts,
        is_late=lambda: False,
        checkpoint=LINES + 1,
    )
    cpu = time.process_time() - cpu
    assert (reached.views, reached.done) == (LINES, True), reached  # noqa: S101  likewise
    return Recounted(LINES, cpu)


class _Body:
    """The body of an answer, with the method of urllib3's that botocore reads it by."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content
