"""Write units per view: what DynamoDB bills, over rate, articles and window, by the real code.

MiniStack reports the capacity of each call. The recording and the tallying run on it in simulated
time; one shard is simulated, and the others are like it.
"""

import itertools
import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import boto3

from bench.dynamodb_rules import item_size, write_units
from bench.engine import engine
from bench.events import DAY, HOSTS, NOON, PAYLOAD_BYTES, article_ids, record, view
from bench.meter import Meter
from bench.results import table, verdict
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.counting.keys import count_key, page_key
from circulation.runtime import container
from circulation.times import start_of
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
READERS = 40
"""Readers whose views leave a mark: more than there are hosts, countries and form factors."""
DAY_SECONDS = 86_400
CONTAINERS_PER_DAY = 12
"""A container lives for some two hours."""
CONCURRENCY = 0.03
"""Containers at work for each view a second: 15 ms a view, twice over for peaks."""
BUSY = 1.10
"""The target of a day at BUSY_PLACE with a 60 s window."""
BUSY_PLACE = (50, 100)
"""Articles, and views a second."""
ANY_RATE = 2.6
"""The target of a day at any place."""
DEAREST_PLACE = (1_000, 1)
"""Nearly every view has a fold of its own."""


ABOUT = f"""\
Targets: ≤ {BUSY} through a day at 100 views/s over 50 articles with a 60 s window; ≤ {ANY_RATE}
at any rate, both as the mean of a day. Write units for each counted view, by
`ReturnConsumedCapacity`. Views are spread evenly over the articles, which is the dearest case, and
come from {len(HOSTS)} hosts and the site itself. A day has {GENERATIONS} generations of shards, and
each shard leaves a mark on the pages; the grid is measured in the third. Openings are an article's
page, which is made before its first view, and the day that its counter then calls open; they assume
containers that live two hours.
"""


def kind_of(operation: str, params: Mapping[str, Any]) -> str:
    """Name what a call's units are of: the ledger, a page, a counter's open days, or reading."""
    if operation != "UpdateItem":
        return "reading"
    if params["TableName"] != "Library":
        return str(params["TableName"]).lower()
    return "count" if params["Key"]["sk"]["S"] == "COUNT" else "page"


def measure() -> str:
    """Check the engine, then measure the grid and the day's course of the target's cell."""
    with engine():
        boundaries = _boundaries()
        meter = Meter(kind_of).attach()
        axes = itertools.product(SHARDS, ARTICLES, RATES)
        grid = {place: _cells(meter, *place) for place in axes}
        courses = {
            (shards, *place): _course(meter, shards, *place)
            for shards, place in itertools.product(SHARDS, (BUSY_PLACE, DEAREST_PLACE))
        }
    return f"{report(grid, courses)}\n{boundaries}"


@dataclass(frozen=True, slots=True)
class Units:
    """Units for each view, by what they are of."""

    ledger: float
    opening: float
    folding: float
    reading: float
    """Read units; no part of the total."""
    fold: float
    """Write units of one fold, whatever number of views it has; no part of the total, either."""

    @property
    def total(self) -> float:
        """All of it."""
        return self.ledger + self.opening + self.folding


Grid = Mapping[tuple[int, int, int], Sequence[Units]]
"""By shards, articles and views a second: the units for each window."""


def report(grid: Grid, courses: Mapping[tuple[int, int, int], Sequence[float]]) -> str:
    """Write the grid, the day's course by shards, articles and rate, and what is reached."""
    head = (
        "shards", "articles", "views/s", *(f"{window} s" for window in WINDOWS),
        "of it ledger", "openings", "a fold",
    )  # fmt: skip
    rows = [_row(*place, cells) for place, cells in grid.items()]
    hours = (f"{4 * place}–{4 * place + 4} h" for place in range(GENERATIONS))
    days = [_day(place, units) for place, units in courses.items()]
    dearest = statistics.mean(courses[max(SHARDS), *DEAREST_PLACE])
    busy = statistics.mean(courses[max(SHARDS), *BUSY_PLACE])
    model = grid[max(SHARDS), *BUSY_PLACE][WINDOWS.index(60)]
    figures = [
        ("dearest cell", f"{dearest:.3f}", f"≤ {ANY_RATE}", verdict(dearest, ANY_RATE)),
        ("four shards, the day", f"{busy:.3f}", f"≤ {BUSY}", verdict(busy, BUSY)),
        ("a fold", f"{model.fold:.3f}", "", ""),
        ("reading for a view", f"{model.reading:.3f}", "", ""),
    ]
    return (
        f"{ABOUT}\n{table(('of', 'units', 'target', ''), figures)}\n"
        f"The grid:\n\n{table(head, rows)}\n"
        "Through the day, with a 60 s window:\n\n"
        f"{table(('shards', 'articles', 'views/s', *hours, 'the day'), days)}"
    )


def units_per_view(  # noqa: PLR0913  the axes of the grid
    meter: Meter, *, rate: float, articles: int, window: float, shards: int, generation: int
) -> Units:
    """Tally one shard's batches of the traffic; let a new container record a few views of it."""
    ids = _articles_in(articles, shards, generation)
    container.cache_clear()
    meter.clear()
    folded = folds = 0
    for batch in _batches(ids, rate / shards, window, generation):
        tally_views.handler(batch, None)
        folded += len(batch["Records"])
        folds += len({change["dynamodb"]["Keys"]["pk"]["S"][:-2] for change in batch["Records"]})
    pages = meter.units["page"]
    meter.clear()
    sample = ids[:SAMPLE]
    for article in sample:
        answer = record_view.handler(view(article, next(_turns)), None)
        assert json.loads(answer["body"])["counted"], answer  # noqa: S101  a repeat is no view
    asked = meter.units["page"] / len(sample)
    containers = CONTAINERS_PER_DAY * max(1.0, rate * CONCURRENCY)
    return Units(
        ledger=meter.units["ledger"] / len(sample),
        # The first container opens the page; each one after it may ask whether it is open. The
        # tally then names the day, once.
        opening=len(ids) * (1 + containers * asked + 1) / (rate * DAY_SECONDS),
        folding=pages / folded,
        fold=pages / folds,
        reading=meter.units["reading"] / len(sample),
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
        f"{max(cell.fold for cell in cells):.2f}",
    )  # fmt: skip


def _course(meter: Meter, shards: int, articles: int, rate: int) -> list[float]:
    return [
        units_per_view(
            meter, rate=rate, articles=articles, window=60, shards=shards, generation=generation
        ).total
        for generation in range(GENERATIONS)
    ]


def _day(place: tuple[int, int, int], units: Sequence[float]) -> tuple[object, ...]:
    shards, articles, rate = place
    cells = (f"{cell:.3f}" for cell in units)
    return (shards, f"{articles:,}", rate, *cells, f"{statistics.mean(units):.3f}")


def _batches(
    ids: list[str], rate: float, window: float, generation: int
) -> Iterator[dict[str, Any]]:
    """Cut one shard's views as the mapping does: by time, by number, or by the payload's size."""
    shard, at = _shard(generation, 0), _middle_of(generation)
    dice = Random(f"{rate} {window}")  # noqa: S311  the same views in every run
    size = len(json.dumps(record(ids[0], 0, 0)))
    most = min(rate * window, BATCH_SIZE, PAYLOAD_BYTES // size)
    cut, due = 0, 0.0
    while cut < max(ENOUGH, int(most)):
        due += most
        count = int(due) - cut
        if count:
            records = [
                record(dice.choice(ids), number, next(_turns), at=at) for number in range(count)
            ]
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
        "url": f"https://news.example/city/{ids[0]}",
        "published": "2026-11-20T12:00:00+04:00",
        "views_before": 346,
    }
    publish(read_submission(ids[0], published), container().catalogue, container().books, now=NOON)
    for number, shard in itertools.product(range(generation + 1), range(shards)):
        if (number, shard) != (generation, 0):
            at = _middle_of(number)
            records = [record(ids[0], reader, next(_turns), at=at) for reader in range(READERS)]
            tally_views.handler({"shardId": _shard(number, shard), "Records": records}, None)
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
    puts: list[Any] = [{"PutRequest": {"Item": item | key}} for key in keys[1:]]
    for start in range(0, len(puts), 25):
        client.batch_write_item(RequestItems={"Library": puts[start : start + 25]})


def _middle_of(generation: int) -> datetime:
    """Give a moment of a generation: its views leave an hour on the page."""
    return start_of(DAY) + timedelta(hours=4 * generation + 2)


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
