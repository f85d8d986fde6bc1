"""Write units of the last minutes, by the real code, on tables in memory that meter as on AWS."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, cast

from bench.invocation import memory_of
from bench.prices import MILLION, Prices
from bench.traffic import Traffic
from circulation.aws.table import Table
from circulation.counting.tally import Batch, LedgerLine, mark_of
from circulation.counting.traits import Source, Traits
from circulation.statistics.live_views import LiveViews
from circulation.times import day_of, start_of
from tests.simulation.dynamodb import DynamoDB, Fate

DAY = "2026-11-27"
DAY_SECONDS = 86_400
MOST_VIEWS = 10_000
"""Views of a shard that are simulated at most: beyond that every minute is like the one before."""
A_CONTAINER_LIVES = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LiveCost:
    """What the last minutes take for each view."""

    writes: float
    """Write units."""
    cpu_seconds: float
    """Also those of the table in memory, which are about as many as those of a call."""
    read_units: float
    """Of reading the last half hour once, at the end, of all shards."""

    def dollars(self, prices: Prices) -> float:
        """Give the dollars for a million views. The calls go on beside the tally's own."""
        memory = memory_of("TallyViews") / 1_024
        seconds = self.cpu_seconds * memory * prices.lambda_gb_second
        return MILLION * (self.writes * prices.write_unit + seconds)


@cache
def live_cost(traffic: Traffic, shards: int, window: float, batch_size: int) -> LiveCost:
    """Have one shard's views of a day noted, in containers that live two hours."""
    dynamodb = DynamoDB(lambda _: Fate.DONE, lambda *_: None, metered=True)
    table = Table(cast("Any", dynamodb), "Library")
    live, since = LiveViews(table), start_of(DAY)
    views, seconds = 0, 0.0
    for batch in _batches(traffic, shards, window, batch_size):
        now = batch.lines[-1].at + timedelta(seconds=window / 2)
        if now - since > A_CONTAINER_LIVES:
            live, since = LiveViews(table), now
        started = time.process_time()
        live.put(batch, now=now)
        seconds += time.process_time() - started
        views += len(batch.lines)
    written, before = dynamodb.write_units, dynamodb.read_units
    LiveViews(table).since(now)
    read = (dynamodb.read_units - before) * shards
    return LiveCost(written / views, seconds / views, read)


def _batches(traffic: Traffic, shards: int, window: float, batch_size: int) -> Iterator[Batch]:
    """Cut one shard's views as the mapping does: a window from the first one on, or by number."""
    random = Random(20)  # noqa: S311  the same views in every run
    pause = DAY_SECONDS * shards / traffic.views_per_day
    shares = (rank**-traffic.zipf for rank in range(1, traffic.articles_per_day + 1))
    weights = list(accumulate(shares))
    names = [f"article-{number:05}-{'of-a-usual-slug':.16}" for number in range(len(weights))]
    sources = list(Source)
    seconds, lines = 0.0, list[LedgerLine]()
    for number in range(int(min(traffic.views_per_day / shards, MOST_VIEWS))):
        seconds += random.expovariate(1 / pause)
        at = start_of(DAY) + timedelta(seconds=seconds)
        if lines and (at - lines[0].at > timedelta(seconds=window) or len(lines) == batch_size):
            yield Batch("shardId-000000017638-a1b2c3d4", lines)
            lines = []
        (article,) = random.choices(names, cum_weights=weights)
        traits = Traits(source=random.choice(sources))
        mark = mark_of(f"{10**24 + number}")
        lines.append(LedgerLine(article, day_of(at), mark, True, at, traits))
    yield Batch("shardId-000000017638-a1b2c3d4", lines)
