"""The cost model: dollars for a million views, for this design and for the usual ones."""

import math
from dataclasses import dataclass, fields, replace

from bench.idle import idle_month
from bench.invocation import TEMPLATE, Handler, memory_of
from bench.live import live_cost
from bench.logs import PLATFORM_LINES, access_line_bytes
from bench.prices import API_FIRST_TIER, MILLION, READ_ON, REGION, Prices
from bench.ranking import ranking_cost
from bench.results import figure, table, verdict
from bench.traffic import Traffic
from circulation.aws.parallel import FEW, WORKERS
from circulation.counting.sealing import PORTION, THREADS

DAYS = 30
DAY_SECONDS = 86_400
GB = 1_000_000_000
BUCKETS = 16
LINE_BYTES = 170  # a ledger line; a read unit of a consistent query takes 4 KB of them
READ_BYTES = 4_096
BATCH_SIZE = 7_000  # records that fit in Lambda's payload
WIDGET_MS = 0.3
"""CPU of an answer with widget.js, which is in the container's memory."""
MOST_RANKED = 1_000_000
"""Views a day that the rankings are metered with at most."""
OWN_METRICS = 6
"""ViewsTallied, LinesDropped, and four of filtered hits."""


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
    by_api: bool = True
    """Whether views come by the API; else by the function's own URL, which costs nothing."""
    tallies: bool = False
    """Whether a ledger is folded into counters in batches, and sealed every day."""
    window: float = 60.0
    shards: int = 4
    fold_units: float = 1.0
    """Units of one fold of an article's batch, over the day."""
    opening_units: float = 2.0
    """Units of an article's day: its page, and the day that its counter then calls open."""
    fold_ms: float = 0.4
    """CPU of one fold, on a whole core."""
    line_ms: float = 0.01
    """CPU of one record of a batch, on a whole core."""


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
    rankings: float = 0.0
    live: float = 0.0

    def per_million(self, views: float) -> "Cost":
        """Give the dollars for a million views."""
        shares = {field.name: getattr(self, field.name) * MILLION / views for field in fields(self)}
        return Cost(**shares)

    @property
    def total(self) -> float:
        """All of it."""
        return sum(float(getattr(self, field.name)) for field in fields(self))


_CPU = "CPU per view, ms"
TRACED = 0.05
"""X-Ray's default rule: one trace in twenty, and the first of each second."""
TYPICAL = Handler(
    cpu_ms=figure("warm", "typical", _CPU),
    calls=2,
    log_bytes=figure("logs", "together", "typical"),
    memory_mb=512,
)
PLAIN = Handler(
    cpu_ms=figure("warm", "one update compiled", _CPU),
    calls=1,
    log_bytes=len(PLATFORM_LINES.encode()),
    memory_mb=256,
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
    reads=figure("write_units", "reading for a view", "units"),
    tallies=True,
    fold_units=figure("write_units", "a fold", "units"),
)


def _usual(name: str, handler: Handler, writes: float) -> tuple[Design, Design]:
    """Give a usual design twice, with traces and without."""
    traced = replace(handler, traced=TRACED)
    return (
        Design(f"{name}, traced", traced, writes),
        Design(f"{name}, not traced", handler, writes),
    )


DESIGNS = (
    CIRCULATION,
    Design("one UpdateItem, boto3 alone; retries inflate", PLAIN, writes=1.0),
    *_usual("one UpdateItem ADD; retries inflate", replace(TYPICAL, calls=1), 1.0),
    *_usual("put + update; a crash between loses", TYPICAL, 2.0),
    *_usual("transaction of both; conflicts on hot articles", replace(TYPICAL, calls=1), 4.0),
)
BY_URL = replace(CIRCULATION, by_api=False)
TARGETS = {
    Traffic(10_000, 500, zipf=1.0): (4.0, 3.0),
    Traffic(1_000_000, 5_000, zipf=1.0): (2.95, 2.0),
    Traffic(100_000_000, 50_000, zipf=1.0): (2.85, 1.9),
}
"""Dollars for a million views that circulation may cost, with its rankings, by traffic: by the API,
and by the function URL."""
RANKING = 0.50
"""Dollars for a million views that the rankings may cost where views are fewest."""
IDLE = 2.5
"""Dollars a month that a stack may cost in which nothing happens."""
TRAFFICS = tuple(TARGETS)
FETCHED = 0.6
"""The share of views whose browser asks for widget.js, as it does not have it from an earlier page
of the hour: two of five are of a visit that goes on."""
ASSUMPTIONS = f"""\
Dollars for a million views; list prices of {REGION}, {READ_ON}, beyond every free tier. A model:
CPU, log bytes and units are those that stand above under warm, logs, tally and write_units, memory
the template's; DynamoDB takes 4 ms a call; a window of 60 s and four shards; no traces and no
access log, as by default. Readers choose articles by Zipf's law with exponent 1.0; evenly spread is
the dearest case. By the URL is with ViewDoor=url: views come by the function's own URL, which has
no price of its own. Storage, data transfer and readers' own GETs are left out: the same for all, or
under a cent. The usual designs are run by the typical handler, the least one by boto3 alone with
bytecode; they count every repeat, and none of them survives both a retry and a crash.
"""
VARIANTS = (
    ("as deployed", CIRCULATION),
    ("views by the function URL", BY_URL),
    (
        "with an access log",
        replace(CIRCULATION, access_log_bytes=access_line_bytes()),
    ),
    ("with X-Ray traces", replace(CIRCULATION, handler=replace(OURS, traced=TRACED))),
    ("count cached, 90 % hits", replace(CIRCULATION, read_cache=0.9)),
    ("tally window 300 s", replace(CIRCULATION, window=300)),
    ("tally window 10 s", replace(CIRCULATION, window=10)),
    ("128 MB", replace(CIRCULATION, handler=replace(OURS, memory_mb=128))),
    ("512 MB", replace(CIRCULATION, handler=replace(OURS, memory_mb=512))),
    ("1,024 MB", replace(CIRCULATION, handler=replace(OURS, memory_mb=1_024))),
)


def cost_per_day(design: Design, traffic: Traffic, prices: Prices) -> Cost:
    """Sum up a day."""
    views, handler = traffic.views_per_day, design.handler
    first = min(1.0, API_FIRST_TIER / (views * DAYS))
    api = prices.api_request * first + prices.api_request_beyond * (1 - first)
    return Cost(
        api=views * api if design.by_api else 0.0,
        compute=views * (prices.lambda_request + handler.gb_seconds() * prices.lambda_gb_second),
        writes=views * design.writes * prices.write_unit,
        reads=views * design.reads * (1 - design.read_cache) * prices.read_unit,
        logs=views * (handler.log_bytes + design.access_log_bytes) / GB * prices.log_gb
        + traces(design, traffic) * prices.trace,
        tally=_tally(design, traffic, prices) if design.tallies else 0.0,
        seal=_seal(traffic, prices) if design.tallies else 0.0,
        rankings=_rankings(traffic) if design.tallies else 0.0,
        live=_live(design, traffic, prices) if design.tallies else 0.0,
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
    met = traffic.met(views / invocations)
    folds = invocations * met * design.fold_units
    opened = traffic.articles_per_day * design.opening_units
    # Sixteen folds wait at the same time, so that a batch waits little longer than for one.
    compute = Handler(
        cpu_ms=design.line_ms * views / invocations + design.fold_ms * met,
        calls=met if met <= FEW else math.ceil(met / WORKERS),
        log_bytes=0,
        memory_mb=memory_of("TallyViews"),
    )
    return (folds + opened) * prices.write_unit + invocations * (
        prices.lambda_request + compute.gb_seconds() * prices.lambda_gb_second
    )


def _rankings(traffic: Traffic) -> float:
    """Give what a day of rankings costs; how often articles are viewed beyond that is all one."""
    views = min(int(traffic.views_per_day), MOST_RANKED)
    return ranking_cost(views, traffic.articles_per_day) * views / MILLION


def _live(design: Design, traffic: Traffic, prices: Prices) -> float:
    """Give what a day of the last minutes costs."""
    cost = live_cost(traffic, design.shards, design.window, BATCH_SIZE)
    return cost.dollars(prices) * traffic.views_per_day / MILLION


def _seal(traffic: Traffic, prices: Prices) -> float:
    """Sum up the recount of a day: sixteen consistent queries, two writes, a message an article."""
    articles = traffic.articles_per_day
    lines = traffic.views_per_day / articles / BUCKETS
    reads = BUCKETS * max(1, math.ceil(lines * LINE_BYTES / READ_BYTES))
    portions = articles / PORTION
    function = Handler(
        cpu_ms=20 * PORTION,
        calls=(BUCKETS + 4) * PORTION / THREADS,
        log_bytes=0,
        memory_mb=memory_of("SealArticles"),
    )
    return articles * ((reads + 2) * prices.read_unit + 2 * prices.write_unit) + portions * (
        3 * prices.queue_request
        + prices.lambda_request
        + function.gb_seconds() * prices.lambda_gb_second
    )


def widget_cost(prices: Prices) -> float:
    """Give the dollars that a million views cost by their requests for widget.js."""
    function = Handler(cpu_ms=WIDGET_MS, calls=0, log_bytes=0, memory_mb=memory_of("ServeWidget"))
    request = prices.api_request + prices.lambda_request
    return MILLION * FETCHED * (request + function.gb_seconds() * prices.lambda_gb_second)


def fixed_month(prices: Prices) -> dict[str, float]:
    """Give the dollars a month that a stack costs whatever its views, by what is paid for."""
    parts = {part.name: part.dollars for part in idle_month(TEMPLATE, prices)}
    return parts | {"own metrics": OWN_METRICS * prices.metric}


def measure() -> str:
    """Write the model's tables."""
    prices = Prices()
    together = [
        (
            f"{traffic.views_per_day:,.0f} views a day",
            f"{traffic.articles_per_day:,}",
            f"{cost.total:.2f}",
            f"≤ {target:.2f}",
            verdict(round(cost.total, 2), target),
            f"{by_url:.2f}",
            f"≤ {target_by_url:.2f}",
            verdict(by_url, target_by_url),
            f"{_cost(CIRCULATION, replace(traffic, zipf=0.0)).total:.2f}",
            f"{cost.rankings:.3f}",
            f"{cost.live:.3f}",
        )
        for traffic, (target, target_by_url) in TARGETS.items()
        for cost in [_cost(CIRCULATION, traffic)]
        for by_url in [round(_cost(BY_URL, traffic).total, 2)]
    ]
    heads = (
        "readers", "articles", "together", "target", "", "by the URL", "its target", "",
        "evenly spread", "rankings", "live",
    )  # fmt: skip
    few = TRAFFICS[0]
    rankings = _cost(CIRCULATION, few).rankings
    parts = [
        ASSUMPTIONS,
        table(heads, together),
        (
            f"Of these the rankings at {few.views_per_day:,.0f} views a day: ≤ {RANKING:.2f} is "
            f"{verdict(rankings, RANKING)}.\n"
        ),
        _beside(prices),
    ]
    head = (
        "design", "API", "Lambda", "writes", "reads", "logs, traces", "tally", "seal", "rankings",
        "live", "together",
    )  # fmt: skip
    for traffic in TRAFFICS:
        parts.append(
            f"{traffic.views_per_day:,.0f} views a day on {traffic.articles_per_day:,.0f} "
            "articles:\n"
        )
        even = replace(traffic, zipf=0.0)
        rows = [_row(design.name, design, traffic) for design in DESIGNS]
        rows.insert(1, _row(f"{CIRCULATION.name}, evenly spread", CIRCULATION, even))
        parts.append(table(head, rows))
    parts.append("Circulation's parameters, one at a time:\n")
    varied = [
        (name, *(f"{_cost(design, traffic).total:.2f}" for traffic in TRAFFICS))
        for name, design in VARIANTS
    ]
    volumes = (f"{traffic.views_per_day:,.0f} views a day" for traffic in TRAFFICS)
    parts.append(table(("changed", *volumes), varied))
    return "\n".join(parts)


def _beside(prices: Prices) -> str:
    """Lay out what a stack costs besides its views: each month, and for its script."""
    fixed = fixed_month(prices)
    idle = sum(fixed.values()) - fixed["own metrics"]
    rows = [
        ("an idle stack", f"{idle:.2f}", f"≤ {IDLE:.2f}", verdict(idle, IDLE)),
        *((f"of it {name}", f"{dollars:.2f}", "", "") for name, dollars in fixed.items()
          if name != "own metrics"),
        ("own metrics, while there are readers", f"{fixed['own metrics']:.2f}", "", ""),
    ]  # fmt: skip
    month = sum(fixed.values()) / DAYS
    dollars = ", ".join(
        f"{month * MILLION / traffic.views_per_day:,.2f} at {traffic.views_per_day:,.0f} views a "
        "day"
        for traffic in TRAFFICS
    )
    return (
        "Not in these sums is what does not grow with the views:\n\n"
        f"{table(('a month', '$ a month', 'target', ''), rows)}\n"
        f"For a million views that is ${dollars}. Own metrics are the {OWN_METRICS} that have data "
        "in every hour with readers; reads and runs of the rankings are in the sums, too.\n\n"
        f"Nor is widget.js: {FETCHED:.0%} of the views fetch it (a model: the others have it from "
        f"an earlier page), from the API, at {WIDGET_MS} ms of CPU: "
        f"${widget_cost(prices):.2f} for a million views; nothing behind a CDN's free tier.\n"
    )


def _row(name: str, design: Design, traffic: Traffic) -> tuple[str, ...]:
    cost = _cost(design, traffic)
    parts = (getattr(cost, field.name) for field in fields(cost))
    return (name, *(f"{part:.2f}" for part in parts), f"{cost.total:.2f}")


def _cost(design: Design, traffic: Traffic) -> Cost:
    return cost_per_day(design, traffic, Prices()).per_million(traffic.views_per_day)
