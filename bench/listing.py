"""Lists: what a page of articles takes from a small library and from a large one."""

import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import boto3

from bench.engine import engine
from bench.events import NOON
from bench.meter import Meter
from bench.results import table, verdict
from circulation.articles.article import Submission, read_submission
from circulation.articles.keys import place
from circulation.articles.publishing import publish_all
from circulation.runtime import container
from circulation.times import format_time, milliseconds
from functions import read_articles

SMALL = 100
LARGE = 50_000
REPEATS = 15
BATCH = 25
SAME = 1.3
"""The target, as a ratio: what a page may take of a small one's calls, items and CPU."""
BODY = f"<p>{'word ' * 400}</p>"
ABOUT = f"""\
Target: a page of a large library takes what a page of a small one does, ≤ {SAME} of its
calls, items and CPU. The whole of ReadArticles on MiniStack, {REPEATS} times: calls, items read,
and the CPU of this process. The engine itself goes through a whole partition for each query, which
DynamoDB does not: its wall time grows, to 2.6 seconds a query at 100,000 articles. The large
library has {SMALL} articles and {LARGE - SMALL:,} older entries of the site's listing; larger ones
are not measured here.
"""
HEAD = (
    "asked", *(f"{what}, of {size:,}" for size in (SMALL, LARGE)
               for what in ("calls", "items", "CPU, ms")),
    "CPU, of the small one", f"≤ {SAME}",
)  # fmt: skip


class Cost(NamedTuple):
    """What one request takes."""

    calls: int
    items: int
    cpu: float
    """Seconds."""


def measure() -> str:
    """Ask for the same pages before and after the library has grown."""
    with engine():
        meter = Meter().attach()
        seconds = _publish()
        cursor = json.loads(_get("/articles", limit="50")["body"])["cursor"]
        asked: dict[str, Callable[[], Any]] = {
            "newest 20": lambda: _get("/articles"),
            "newest 100, titles alone": lambda: _get("/articles", limit="100", fields="title"),
            "the page after 50": lambda: _get("/articles", cursor=cursor),
            "of a section": lambda: _get("/articles", section="section-1"),
        }
        small = {name: _cost(ask, meter) for name, ask in asked.items()}
        _grow()
        large = {name: _cost(ask, meter) for name, ask in asked.items()}
    rate = SMALL / seconds
    rows = [row(name, small[name], large[name]) for name in asked]
    return (
        f"{ABOUT}\n{table(HEAD, rows)}\nA batch of {SMALL} new articles in 8 sections is published "
        f"at {rate:.0f} a second here; the engine takes most of it.\n"
    )


def row(name: str, small: Cost, large: Cost) -> tuple[object, ...]:
    """Compare what a page takes; of calls, items and CPU the largest ratio decides."""
    most = max(ours / theirs for ours, theirs in zip(large, small, strict=True))
    return (
        name, *_cells(small), *_cells(large), f"{large.cpu / small.cpu:.2f}", verdict(most, SAME),
    )  # fmt: skip


def _publish() -> float:
    """Publish the small library as one batch; give the seconds it took."""
    submissions: list[Submission] = []
    for number in range(SMALL):
        fields = {
            "section": f"section-{number % 8}",
            "title": f"Article {number}",
            "body": BODY,
            "url": f"https://news.example/{number}",
            "published": f"2026-11-22T12:{number // 60:02}:{number % 60:02}Z",
        }
        submissions.append(read_submission(f"article-{number}", fields))
    before = time.perf_counter()
    publish_all(submissions, container().catalogue, container().books, now=NOON)
    return time.perf_counter() - before


def _grow() -> None:
    """Put entries of older articles into the listing of the whole site."""
    client = boto3.client("dynamodb")
    for start in range(0, LARGE - SMALL, BATCH):
        puts: list[Any] = []
        for number in range(start, min(start + BATCH, LARGE - SMALL)):
            published = NOON.replace(year=2000 + number % 20, minute=number % 60)
            item = {
                "pk": {"S": "LIST#all"},
                "sk": {"S": place(published, f"old-{number}")},
                "url": {"S": f"https://news.example/old/{number}"},
                "revised": {"S": format_time(published)},
            }
            puts.append({"PutRequest": {"Item": item}})
        client.batch_write_item(RequestItems={"Library": puts})


def _cost(ask: Callable[[], Any], meter: Meter) -> Cost:
    """Measure one request."""
    ask()
    meter.clear()
    spent = []
    for _ in range(REPEATS):
        before = time.process_time()
        ask()
        spent.append(time.process_time() - before)
    return Cost(meter.calls // REPEATS, meter.items // REPEATS, median(spent))


def _cells(cost: Cost) -> tuple[object, ...]:
    return cost.calls, cost.items, f"{cost.cpu * 1000:.1f}"


def _get(path: str, **query: str) -> Any:  # noqa: ANN401  Lambda's answer
    answer = read_articles.handler(
        {
            "version": "2.0",
            "routeKey": f"GET {path}",
            "rawPath": path,
            "headers": {"accept-encoding": "identity"},
            "queryStringParameters": query,
            "requestContext": {
                "domainName": "api.example",
                "http": {"method": "GET", "sourceIp": "192.0.2.1"},
                "requestId": "bench",
                "timeEpoch": milliseconds(NOON),
            },
        },
        None,
    )
    assert answer["statusCode"] == 200, answer  # noqa: PLR2004, S101  a figure of failures is none
    return answer
