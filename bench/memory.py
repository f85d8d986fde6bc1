"""Memory: what each function takes, and what it costs and how long it lasts by memory."""

import json
import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bench import deployment
from bench.container import container
from bench.deployment import Deployment
from bench.engine import engine
from bench.events import NOON, article_ids, batch, views
from bench.invocation import FULL_CORE_MB, Handler, memory_of
from bench.meter import Meter
from bench.prices import MILLION, Prices
from bench.results import table, verdict
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish_all
from circulation.aws.parallel import WORKERS
from circulation.runtime import container as runtime
from circulation.times import milliseconds

SIZES = (128, 256, 512, 1_024, 1_769)
STARTS = 5
READERS_WAIT_MS = 30
"""The longest that a reader's page may wait for a warm function: CPU and calls, without the way."""
FILLED = 0.7
"""The most of a function's memory that its largest work may fill: Lambda's own parts need some."""
BODY = "<p>The council met on Tuesday and voted on the plan for the harbour; then it rained.</p>"
BODY_BYTES = 20_000

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What a function does all day, and the largest that it may have to do."""

    function: str
    what: str
    events: Callable[[], Iterator[Event]]
    largest: Callable[[], Event]
    waits: bool = True
    """Whether a reader waits for the answer."""
    runs: int = 100
    """How often it is done, after a tenth of that to warm up."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one invocation takes, and a container."""

    cpu_ms: float
    calls: float
    loaded_ms: float
    """CPU until it asked for its first event; Lambda has a whole core for that."""
    memory: int
    """Bytes that were resident at most, after the largest work."""

    def handler(self, memory_mb: int) -> Handler:
        """Give the cost model's handler with so much memory."""
        return Handler(self.cpu_ms, self.calls, log_bytes=0, memory_mb=memory_mb)


def works() -> tuple[Work, ...]:
    """Give the work of the functions that are called most."""
    ids = article_ids(100)
    return (
        Work("RecordView", "a view", lambda: views(ids), lambda: next(views(ids, start=10**6))),
        Work("ReadArticles", "the newest 20", lambda: _asked("/articles"),
             lambda: next(_asked("/articles", limit="100"))),
        Work("ServeFeeds", "a feed of 50, again", lambda: _asked("/feed.rss"),
             lambda: next(_asked("/feed.json"))),
        Work("ServeWidget", "the script", lambda: _asked("/widget.js"),
             lambda: next(_asked("/articles/{id}/views.svg", id=ids[0]))),
        Work("TallyViews", "1,000 records, 500 articles", lambda: _batches(500, 1_000),
             lambda: next(_batches(500, 10_000, first=500)), waits=False, runs=10),
    )  # fmt: skip


ABOUT = f"""\
Target: the cheapest memory, and a reader's page waits for {READERS_WAIT_MS} ms at most for a
function that is warm. Lambda gives a function CPU by its memory, {FULL_CORE_MB:,} MB for a whole
core, and bills memory by time: computing costs the same whatever the memory, waiting for DynamoDB
(4 ms a call) costs more with more of it. So the cheapest is the least that the largest work fills
to at most {FILLED:.0%}, as Lambda's own parts need some, and that keeps the wait; for the tally it
is what lets it keep up (see tally). CPU and memory are those of the container's process with
`awslambdaric`, on MiniStack, which takes this machine's cores, too; calls by a meter. Loading is
the CPU until the first event, which a cold start waits for on a whole core.
"""


def measure() -> str:
    """Let a container of each function do its work, and model its memory."""
    with engine() as endpoint:
        meter = Meter().attach()
        _publish(100)
        taken = {work: _take(work, meter, endpoint) for work in works()}
    head = ("function", "work", "loading, ms", "CPU, ms", "calls", "filled at most, MB")
    rows = [
        (work.function, work.what, f"{spent.loaded_ms:.0f}", f"{spent.cpu_ms:.2f}",
         f"{spent.calls:.1f}", f"{spent.memory / 2**20:.0f}")
        for work, spent in taken.items()
    ]  # fmt: skip
    heads = (
        "function", *(f"{size:,} MB" for size in SIZES), "template", "filled", f"≤ {FILLED:.0%}",
        "ms", f"≤ {READERS_WAIT_MS}",
    )  # fmt: skip
    return (
        f"{ABOUT}\n{table(head, rows)}\nMilliseconds of an invocation, and dollars for a million "
        f"of them, by memory:\n\n{table(heads, [_row(*entry) for entry in taken.items()])}"
    )


def _row(work: Work, taken: Taken) -> tuple[object, ...]:
    chosen = memory_of(work.function)
    filled = taken.memory / 2**20 / chosen
    lasting = _milliseconds(taken.handler(chosen))
    return (
        work.function,
        *(_cell(taken.handler(size)) for size in SIZES),
        f"{chosen:,} MB",
        f"{filled:.0%}",
        verdict(filled, FILLED),
        f"{lasting:.0f}",
        verdict(lasting, READERS_WAIT_MS) if work.waits else "",
    )


def _cell(handler: Handler) -> str:
    seconds = handler.gb_seconds()
    return f"{_milliseconds(handler):.0f}; ${seconds * Prices().lambda_gb_second * MILLION:.2f}"


def _milliseconds(handler: Handler) -> float:
    return handler.gb_seconds() * 1000 * 1024 / handler.memory_mb


def _take(work: Work, meter: Meter, endpoint: str) -> Taken:
    deployed = deployment.product_of(work.function)
    handle = deployment.template().function(work.function).handler
    events, few = work.events(), work.runs // 10
    for event in islice(events, work.runs):  # the first ones open pages
        handle(event, None)
    meter.clear()
    for event in islice(events, few):
        handle(event, None)
    calls = meter.calls / few
    loaded = statistics.median(_loaded(deployed, endpoint) for _ in range(STARTS))
    with container(deployed, endpoint) as started:
        for event in islice(events, few):
            started.invoke(event)
        before = started.cpu_so_far()
        for event in islice(events, work.runs):
            started.invoke(event)
        spent = (started.cpu_so_far() - before) / work.runs
        started.invoke(work.largest())
        # So many calls wait at the same time where there are many.
        waits = calls if work.waits else math.ceil(calls / WORKERS)
        return Taken(spent * 1000, waits, loaded * 1000, started.most_memory())


def _loaded(deployed: Deployment, endpoint: str) -> float:
    """Start a container; give the seconds of CPU until it asked for an event."""
    with container(deployed, endpoint) as started:
        started.api.wait_until_ready()
        return started.cpu_at_end()


def _publish(count: int) -> None:
    """Publish articles of a long text."""
    submissions = [
        read_submission(
            article,
            {
                "section": f"section-{number % 8}",
                "title": f"The harbour clock keeps time again, {number} years after it stopped",
                "body": BODY * (BODY_BYTES // len(BODY)),
                "url": f"https://news.example/{article}",
                "published": f"2026-11-20T12:{number // 60:02}:{number % 60:02}Z",
            },
        )
        for number, article in enumerate(article_ids(count))
    ]
    for submission in submissions:
        publish_all([submission], runtime().catalogue, runtime().books, now=NOON)


def _batches(articles: int, records: int, *, first: int = 0) -> Iterator[Event]:
    """Give batches of a stream without end, each of later records."""
    ids = article_ids(articles, "tallied")
    text = json.dumps(batch(ids, records))
    number = first
    while True:
        number += 1
        yield json.loads(text.replace('"1405400000000000', f'"1405{number:06}400000'))


def _asked(path: str, id: str = "", **query: str) -> Iterator[Event]:  # noqa: A002  the route's name
    """Give one request of a route without end."""
    while True:
        yield {
            "version": "2.0",
            "routeKey": f"GET {path}",
            "rawPath": path.replace("{id}", id),
            "headers": {"accept-encoding": "gzip, br", "host": "api.example"},
            "queryStringParameters": query,
            "pathParameters": {"id": id} if id else {},
            "requestContext": {
                "domainName": "api.example",
                "http": {"method": "GET", "sourceIp": "192.0.2.1", "path": path},
                "requestId": "bench",
                "timeEpoch": milliseconds(NOON),
            },
        }
