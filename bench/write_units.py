"""Write units per view: what DynamoDB bills, over rate, articles and window, by the real code.

MiniStack reports the capacity of each call. The recording and the tallying run on it in simulated
time; one shard is simulated, and the others are like it.
"""

import itertools
import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import boto3

from bench.dynamodb_rules import item_size, write_units
from bench.engine import engine
from bench.events import DAY, NOON, PAYLOAD_BYTES, article_ids, record, view
from bench.results import table, verdict
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.aws.table import session
from circulation.counting.keys import count_key, page_key
from circulation.runtime import container
from functions import record_view, tally_views

RATES = (1, 10, 100, 1_000)
ARTICLES = (1, 50, 1_000)
WINDOWS = (10, 60, 300)
SHARDS = (1, 4)
BATCH_SIZE = 10_000
GENERATIONS = 6
"""DynamoDB closes a stream's shard after some four hours and goes on in a new one."""
MIDDAY = 2
"""The generation, from 0, that the grid is measured in: half of the day's marks are there."""
ENOUGH = 300
"""Records that are simulated at least, where a window has fewer."""
SAMPLE = 20
DAY_SECONDS = 86_400
CONTAINERS_PER_DAY = 12
"""A container lives for some two hours."""
CONCURRENCY = 0.03
"""Containers at work for each view a second: 15 ms a view, twice over for peaks."""
BUSY = 1.10
"""The target of a day at 100 views/s over 50 articles with a 60 s window."""
ANY_RATE = 2.6
"""The target of every cell of the grid."""


ABOUT = f"""\
Targets: ≤ {BUSY} through a day at 100 views/s over 50 articles with a 60 s window; ≤ {ANY_RATE}
at any rate. Write units for each counted view, by `ReturnConsumedCapacity`. Views are spread evenly
over the articles, which is the dearest case. A day has {GENERATIONS} generations of shards, and
each shard leaves a mark on the counters; the grid is measured in the third. Openings assume
containers that live two hours.
"""


@dataclass
class Meter:
    """Sums the write units of the calls of one phase, by what they write."""

    phase: str = ""
    units: Counter[str] = field(default_factory=Counter)

    def start(self, phase: str) -> None:
        """Begin to count anew."""
        self.phase = phase
        self.units.clear()

    def ask(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        """Ask each call for its capacity."""
        params["ReturnConsumedCapacity"] = "TOTAL"
        context["written"] = self._kind(params)

    def read(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        """Add what a call consumed; a failed condition costs its item, which no engine reports."""
        if "Error" in parsed:
            self.units[context["written"]] += write_units(item_size(parsed.get("Item", {})))
        else:
            self.units[context["written"]] += parsed["ConsumedCapacity"]["CapacityUnits"]

    def _kind(self, params: Mapping[str, Any]) -> str:
        if params["TableName"] == "Ledger":
            return "ledger"
        if self.phase == "recording":
            return "opening"
        return "count" if params["Key"]["sk"]["S"] == "COUNT" else "page"


def measure() -> str:
    """Check the engine, then measure the grid and the day's course of the target's cell."""
    with engine():
        boundaries = _boundaries()
        meter = Meter()
        session().register("provide-client-params.dynamodb.UpdateItem", meter.ask)
        session().register("after-call.dynamodb.UpdateItem", meter.read)
        axes = itertools.product(SHARDS, ARTICLES, RATES)
        grid = {place: _cells(meter, *place) for place in axes}
        course = {shards: _course(meter, shards) for shards in SHARDS}
    return f"{report(grid, course)}\n{boundaries}"


@dataclass(frozen=True, slots=True)
class Units:
    """Write units for each view, by what is written."""

    ledger: float
    opening: float
    folding: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.ledger + self.opening + self.folding


Grid = Mapping[tuple[int, int, int], Sequence[Units]]
"""By shards, articles and views a second: the units for each window."""


def report(grid: Grid, course: Mapping[int, Sequence[float]]) -> str:
    """Write the grid and the day's course by shards, and which of the targets are reached."""
    head = (
        "shards", "articles", "views/s", *(f"{window} s" for window in WINDOWS),
        "of it ledger", "openings",
    )  # fmt: skip
    rows = [_row(*place, cells) for place, cells in grid.items()]
    dearest = max(cell.total for cells in grid.values() for cell in cells)
    hours = (f"{4 * place}–{4 * place + 4} h" for place in range(GENERATIONS))
    days = [_day(shards, units) for shards, units in course.items()]
    return (
        f"{ABOUT}\n{table(head, rows)}\nThe dearest cell has {dearest:.3f}: ≤ {ANY_RATE} "
        f"at any rate is {verdict(dearest, ANY_RATE)}.\n\nThrough the day, at 100 views/s over 50 "
        f"articles with a 60 s window:\n\n{table(('shards', *hours, 'the day', f'≤ {BUSY}'), days)}"
    )


def units_per_view(  # noqa: PLR0913  the axes of the grid
    meter: Meter, *, rate: float, articles: int, window: float, shards: int, generation: int
) -> Units:
    """Tally one shard's batches of the traffic; let a new container record a few views of it."""
    ids = _articles_in(articles, shards, generation)
    container.cache_clear()
    meter.start("tallying")
    folded = 0
    for batch in _batches(ids, rate / shards, window, _shard(generation, 0)):
        tally_views.handler(batch, None)
        folded += len(batch["Records"])
    folding = (meter.units["page"] + meter.units["count"]) / folded
    meter.start("recording")
    sample = ids[:SAMPLE]
    for article in sample:
        answer = record_view.handler(view(article, next(_turns)), None)
        assert json.loads(answer["body"])["counted"], answer  # noqa: S101  a repeat is no view
    asked = meter.units["opening"] / len(sample)
    containers = CONTAINERS_PER_DAY * max(1.0, rate * CONCURRENCY)
    return Units(
        ledger=meter.units["ledger"] / len(sample),
        # The first container opens the page; each one after it may ask whether it is open.
        opening=len(ids) * (1 + containers * asked) / (rate * DAY_SECONDS),
        folding=folding,
    )


def _cells(meter: Meter, shards: int, articles: int, rate: int) -> list[Units]:
    return [
        units_per_view(
            meter, rate=rate, articles=articles, window=window, shards=shards, generation=MIDDAY
        )
        for window in WINDOWS
    ]


def _row(shards: int, articles: int, rate: int, cells: Sequence[Units]) -> tuple[object, ...]:
    return (
        shards, f"{articles:,}", f"{rate:,}", *(f"{cell.total:.3f}" for cell in cells),
        f"{cells[0].ledger:.2f}", f"{cells[0].opening:.4f}",
    )  # fmt: skip


def _course(meter: Meter, shards: int) -> list[float]:
    return [
        units_per_view(
            meter, rate=100, articles=50, window=60, shards=shards, generation=generation
        ).total
        for generation in range(GENERATIONS)
    ]


def _day(shards: int, units: Sequence[float]) -> tuple[object, ...]:
    day = statistics.mean(units)
    return (shards, *(f"{cell:.3f}" for cell in units), f"{day:.3f}", verdict(day, BUSY))


def _batches(ids: list[str], rate: float, window: float, shard: str) -> Iterator[dict[str, Any]]:
    """Cut one shard's views as the mapping does: by time, by number, or by the payload's size."""
    dice = Random(f"{rate} {window}")  # noqa: S311  the same views in every run
    size = len(json.dumps(record(ids[0], 0, 0)))
    most = min(rate * window, BATCH_SIZE, PAYLOAD_BYTES // size)
    cut, due = 0, 0.0
    while cut < max(ENOUGH, int(most)):
        due += most
        count = int(due) - cut
        if count:
            records = [record(dice.choice(ids), number, next(_turns)) for number in range(count)]
            yield {"shardId": shard, "Records": records}
        cut += count


@cache
def _articles_in(count: int, shards: int, generation: int) -> list[str]:
    """Publish articles whose counters bear the marks of the day so far.

    One article gets them by the real code, and the others are copies of it.
    """
    ids = article_ids(count, f"a{count}-{shards}-{generation}")
    published = {
        "section": "city",
        "title": "The harbour clock keeps time again",
        "body": "<p>At noon it struck twelve.</p>",
        "url": "https://news.example/city/harbour-clock",
        "published": "2026-11-20T12:00:00+04:00",
        "views_before": 346,
    }
    publish(read_submission(ids[0], published), container().catalogue, container().books, now=NOON)
    for number, shard in itertools.product(range(generation + 1), range(shards)):
        if (number, shard) != (generation, 0):
            batch = {"shardId": _shard(number, shard), "Records": [record(ids[0], 0, next(_turns))]}
            tally_views.handler(batch, None)
    for key_of in (count_key, lambda article: page_key(article, DAY)):
        _copy(key_of, ids)
    return ids


def _copy(key_of: Callable[[str], dict[str, str]], ids: list[str]) -> None:
    """Copy the first article's item to the others."""
    client = boto3.client("dynamodb")
    keys = [{name: {"S": text} for name, text in key_of(article_id).items()} for article_id in ids]
    item = client.get_item(TableName="Library", Key=keys[0]).get("Item")
    if item is None:
        return  # the day's first shard: nobody has a page yet
    for key in keys[1:]:
        client.put_item(TableName="Library", Item=item | key)


def _shard(generation: int, number: int) -> str:
    """Name a shard as DynamoDB does."""
    return f"shardId-000000017638{generation:04}{number:04}-a1b2c3d4"


_turns = itertools.count(1)
"""Readers and records, numbered through all of the run."""


def _boundaries() -> str:
    """Compare what the engine reports with the documented rules, around the steps of 1 KB."""
    client = boto3.client("dynamodb")
    cases, wrong = 0, []
    for before, after in itertools.product((0, 1_023, 1_024, 1_025, 3_000), (200, 1_024, 1_025)):
        for transaction in (False, True):
            key = {"day": {"S": f"{before}-{after}-{transaction}"}}
            if before:
                client.put_item(TableName="Salts", Item=_sized(key, before))
            item = _sized(key, after)
            if transaction:
                put = {"Put": {"TableName": "Salts", "Item": item}}
                answer = client.transact_write_items(
                    TransactItems=[put], ReturnConsumedCapacity="TOTAL"
                )
                (capacity,) = answer["ConsumedCapacity"]
            else:
                capacity = client.put_item(
                    TableName="Salts", Item=item, ReturnConsumedCapacity="TOTAL"
                )["ConsumedCapacity"]
            expected = write_units(max(before, after)) * (2 if transaction else 1)
            cases += 1
            if capacity["CapacityUnits"] != expected:
                kind = "in a transaction" if transaction else "alone"
                wrong.append(
                    f"{before} → {after} bytes {kind}: {capacity['CapacityUnits']}, not {expected}"
                )
    return (
        f"MiniStack's report was compared with DynamoDB's documented rules in {cases} cases "
        "around 1 KB "
        f"(new, growing and shrinking items, alone and in transactions): "
        f"{'it is right in all of them' if not wrong else '; '.join(wrong)}. Failed conditions "
        "report "
        "nothing, as on AWS; they are counted here as the rules bill them, by the size of the "
        "item.\n"
    )


def _sized(key: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Give an item of so many bytes."""
    item = {**key, "v": {"S": ""}}
    return {**key, "v": {"S": "x" * (size - item_size(item))}}
