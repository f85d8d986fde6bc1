"""The cost model: dollars for a million views, for this design and for the usual ones."""

import math
from dataclasses import dataclass, fields, replace

from bench.logs import access_line_bytes
from bench.prices import API_FIRST_TIER, MILLION, READ_ON, REGION, Prices
from bench.results import figure, table, verdict

DAYS = 30
DAY_SECONDS = 86_400
GB = 1_000_000_000
FULL_CORE_MB = 1_769  # Lambda Developer Guide: Configuring function memory
BUCKETS = 16
LINE_BYTES = 170  # a ledger line; a read unit of a consistent query takes 4 KB of them
READ_BYTES = 4_096
BATCH_SIZE = 7_000  # records that fit in Lambda's payload


@dataclass(frozen=True, slots=True)
class Traffic:
    """What comes in."""

    views_per_day: float
    articles_per_day: float
    """Articles that are viewed on a day."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What one view takes in its Lambda function; figures of the other benches."""

    cpu_ms: float
    """Warm CPU for each view, on a whole core."""
    calls: float
    """DynamoDB calls, one after the other."""
    log_bytes: float
    memory_mb: int = 512
    call_ms: float = 4.0
    """What a call to DynamoDB takes within the region."""
    traced: float = 0.05
    """X-Ray's default rule: one trace in twenty, and one a second."""

    def gb_seconds(self) -> float:
        """Give what is billed: waiting, and computing on the memory's share of a core."""
        share = min(1.0, self.memory_mb / FULL_CORE_MB)
        return (self.calls * self.call_ms + self.cpu_ms / share) / 1000 * self.memory_mb / 1024


@dataclass(frozen=True, slots=True)
class Design:
    """How views become a number; the rates are for each view."""

    name: str
    handler: Handler
    writes: float
    """Write units that every view costs by itself."""
    reads: float = 0.0
    read_cache: float = 0.0
    """The share of those reads that a cache in the container answers."""
    access_log_bytes: float = 0.0
    tallies: bool = False
    """Whether a ledger is folded into counters in batches, and sealed every day."""
    window: float = 60.0
    shards: int = 4
    counter_units: float = 2.5
    """Units of one fold of an article's batch, its count and its page, over the day."""
    containers_per_day: float = 24.0
    opens: float = 1.0
    """Units that each container spends on each article's page."""
    fold_ms: float = 200.0
    """CPU of one batch, on a whole core."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars a day, by what is paid for."""

    api: float
    compute: float
    writes: float
    reads: float
    logs: float
    tally: float = 0.0
    seal: float = 0.0

    def per_million(self, views: float) -> "Cost":
        """Give the dollars for a million views."""
        shares = {field.name: getattr(self, field.name) * MILLION / views for field in fields(self)}
        return Cost(**shares)

    @property
    def total(self) -> float:
        """All of it."""
        return sum(float(getattr(self, field.name)) for field in fields(self))


_CPU = "CPU per view, ms"
TYPICAL = Handler(
    cpu_ms=figure("warm", "typical", _CPU),
    calls=2,
    log_bytes=figure("logs", "together", "typical"),
)
OURS = Handler(
    cpu_ms=figure("warm", "circulation", _CPU),
    calls=2,
    log_bytes=figure("logs", "together", "circulation"),
)

CIRCULATION = Design(
    "circulation",
    OURS,
    writes=1.0,
    reads=0.5,
    access_log_bytes=access_line_bytes(),
    tallies=True,
)
DESIGNS = (
    CIRCULATION,
    Design("one UpdateItem ADD; retries inflate", replace(TYPICAL, calls=1), writes=1.0),
    Design("put + update; a crash between loses", TYPICAL, writes=2.0),
    Design("transaction of both; conflicts on hot articles", replace(TYPICAL, calls=1), writes=4.0),
)
TARGETS = {
    Traffic(10_000, 500): 4.0,
    Traffic(1_000_000, 5_000): 2.95,
    Traffic(100_000_000, 50_000): 2.85,
}
"""Dollars for a million views that circulation may cost, with its rankings, by traffic."""
TRAFFICS = tuple(TARGETS)
ASSUMPTIONS = f"""\
Dollars for a million views; list prices of {REGION}, {READ_ON}, beyond every free tier. A model:
a handler's CPU and log bytes are those that stand above under warm and logs; DynamoDB takes 4 ms a
call and 512 MB are assumed, and write units of one a view and 2.5 a fold; a window of 60 s and four
shards, views spread evenly over the articles. Storage, data transfer and readers' own GETs are left
out: the same for all, or under a cent. The usual designs are run by the typical handler; they count
every repeat, and none of them survives both a retry and a crash. The targets of circulation include
its rankings, which this model leaves out.
"""
VARIANTS = (
    ("as deployed", CIRCULATION),
    ("no access log", replace(CIRCULATION, access_log_bytes=0)),
    ("no X-Ray traces", replace(CIRCULATION, handler=replace(OURS, traced=0))),
    ("count cached, 90 % hits", replace(CIRCULATION, read_cache=0.9)),
    ("tally window 300 s", replace(CIRCULATION, window=300)),
    ("tally window 10 s", replace(CIRCULATION, window=10)),
    ("256 MB", replace(CIRCULATION, handler=replace(OURS, memory_mb=256))),
    ("1,024 MB", replace(CIRCULATION, handler=replace(OURS, memory_mb=1_024))),
)


def cost_per_day(design: Design, traffic: Traffic, prices: Prices) -> Cost:
    """Sum up a day."""
    views, handler = traffic.views_per_day, design.handler
    first = min(1.0, API_FIRST_TIER / (views * DAYS))
    api = prices.api_request * first + prices.api_request_beyond * (1 - first)
    return Cost(
        api=views * api,
        compute=views * (prices.lambda_request + handler.gb_seconds() * prices.lambda_gb_second),
        writes=views * design.writes * prices.write_unit,
        reads=views * design.reads * (1 - design.read_cache) * prices.read_unit,
        logs=views * (handler.log_bytes + design.access_log_bytes) / GB * prices.log_gb
        + traces(design, traffic) * prices.trace,
        tally=_tally(design, traffic, prices) if design.tallies else 0.0,
        seal=_seal(traffic, prices) if design.tallies else 0.0,
    )


def traces(design: Design, traffic: Traffic) -> float:
    """Give the traces that are recorded on a day: the first of each second, and a share."""
    if not design.handler.traced:
        return 0.0
    views = traffic.views_per_day
    first = min(views, DAY_SECONDS)
    return first + (views - first) * design.handler.traced


def batches(design: Design, traffic: Traffic) -> float:
    """Give the tally's invocations of a day: a window, or a full batch, or less than either."""
    views = traffic.views_per_day
    windows = min(views, design.shards * DAY_SECONDS / design.window)
    return max(windows, views / BATCH_SIZE)


def _tally(design: Design, traffic: Traffic, prices: Prices) -> float:
    """Sum up the folds of a day, the openings of the day book's pages, and their function."""
    invocations = batches(design, traffic)
    views = traffic.views_per_day
    # Views that fall on articles at random meet this many different ones in a batch.
    articles = traffic.articles_per_day
    met = articles * -math.expm1(-views / invocations / articles)
    folds = invocations * met * design.counter_units
    opened = articles * (1 + design.containers_per_day * design.opens)
    compute = Handler(cpu_ms=design.fold_ms * views / invocations / BATCH_SIZE, calls=2 * met,
                      log_bytes=0)  # fmt: skip
    return (folds + min(opened, views)) * prices.write_unit + invocations * (
        prices.lambda_request + compute.gb_seconds() * prices.lambda_gb_second
    )


def _seal(traffic: Traffic, prices: Prices) -> float:
    """Sum up the recount of a day: sixteen consistent queries, two writes, a message an article."""
    articles = traffic.articles_per_day
    lines = traffic.views_per_day / articles / BUCKETS
    reads = BUCKETS * max(1, math.ceil(lines * LINE_BYTES / READ_BYTES))
    function = Handler(cpu_ms=20, calls=BUCKETS + 2, log_bytes=0)
    return articles * (
        reads * prices.read_unit
        + 2 * prices.write_unit
        + 3 * prices.queue_request
        + prices.lambda_request
        + function.gb_seconds() * prices.lambda_gb_second
    )


def measure() -> str:
    """Write the model's tables."""
    head = (
        "design", "API", "Lambda", "writes", "reads", "logs, traces", "tally", "seal", "together"
    )  # fmt: skip
    parts = [ASSUMPTIONS]
    for traffic in TRAFFICS:
        parts.append(
            f"{traffic.views_per_day:,.0f} views a day on {traffic.articles_per_day:,.0f} "
            "articles:\n"
        )
        parts.append(table(head, [_row(design.name, design, traffic) for design in DESIGNS]))
        together = _cost(CIRCULATION, traffic).total
        target = TARGETS[traffic]
        parts.append(f"Circulation's target of ≤ {target:.2f} is {verdict(together, target)}.\n")
    parts.append("Circulation's parameters, one at a time:\n")
    varied = [
        (name, *(f"{_cost(design, traffic).total:.2f}" for traffic in TRAFFICS))
        for name, design in VARIANTS
    ]
    volumes = (f"{traffic.views_per_day:,.0f} views a day" for traffic in TRAFFICS)
    parts.append(table(("changed", *volumes), varied))
    return "\n".join(parts)


def _row(name: str, design: Design, traffic: Traffic) -> tuple[str, ...]:
    cost = _cost(design, traffic)
    parts = (getattr(cost, field.name) for field in fields(cost))
    return (name, *(f"{part:.2f}" for part in parts), f"{cost.total:.2f}")


def _cost(design: Design, traffic: Traffic) -> Cost:
    return cost_per_day(design, traffic, Prices()).per_million(traffic.views_per_day)
