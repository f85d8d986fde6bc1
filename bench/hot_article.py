"""A hot article: what its views do to the keys they are written to, second by second."""

import json
from collections import Counter

from bench import deployment
from bench.events import DAY, PAYLOAD_BYTES, SALT, article_ids, record
from bench.results import figure, table, verdict
from circulation.counting.keys import ledger_key
from circulation.views.visitor import visitor_hash

RATES = (100, 1_000, 2_000, 4_000, 10_000, 16_000, 50_000, 100_000)
PARTITION_LIMIT = 1_000
"""Write units a second that one partition takes (DynamoDB Developer Guide: burst and adaptive)."""
BATCH_SIZE = 10_000
WINDOW = 60
FOLD_UNITS = 2
"""Write units of a page with a day's marks on it; the bench write_units measures them."""
WANTED = 10_000
"""Views a second that one article has to take: what an account lets all its HTTP APIs take."""

LIMITS = (
    ("a single counter: one key takes 1,000 writes a second", PARTITION_LIMIT),
    ("a new on-demand table takes 4,000 writes a second, and grows from there", 4_000),
    ("an account's default for an HTTP API: 10,000 requests a second", 10_000),
    ("an account's default of 1,000 containers at 15 ms a view", 66_667),
)


ABOUT = """\
One article, readers all different, write units a second on its hottest keys. The keys of ledger and
visitors are the code's own. Batches are cut by window, number or payload, in which"""
DAY_SECONDS = 86_400
LEDGER_DAYS = 3
"""Whole days for which a line is kept after its day."""

BEYOND = """\
Beyond the ledger's limit views are refused with 503, not lost silently. Two hex digits of bucket
for articles that are known to be hot (256 partitions) would raise it sixteen times; the seal would
then ask 256 partitions of those articles.
"""


def measure() -> str:
    """Spread one second's views of one article over the keys that the code makes."""
    rows, second = [], Counter[str]()
    for previous, rate in zip((0, *RATES), RATES, strict=False):
        second.update(_partition(reader) for reader in range(previous, rate))
        rows.append(_row(rate, second))
    hottest = max(second.values()) / sum(second.values())
    ladder = sorted([*LIMITS, _route_limit(), _ledger_limit(hottest)], key=lambda limit: limit[1])
    steps = "\n".join(f"{place}. {rate:,.0f} views/s: {what}" for place, (what, rate) in
                     enumerate(ladder, 1))  # fmt: skip
    head = (
        "views/s", "single counter's key", "hottest ledger partition", "of the limit",
        "day-book page", "takes it",
    )  # fmt: skip
    within = verdict(WANTED / (PARTITION_LIMIT / hottest), 1)
    lines = figure("sealing", "lines an hour of all containers", "recount")
    seals = lines * 24 * LEDGER_DAYS / DAY_SECONDS
    hours = WANTED * DAY_SECONDS / lines
    return (
        f"{ABOUT} {_records_in_a_batch():,} records fit.\n\n{table(head, rows)}\n"
        f"Target: one article takes {WANTED:,} views a second, an account's default for all its "
        f"HTTP APIs: {within}.\n\n"
        f"What gives way first, as the rate grows:\n\n{steps}\n\n{BEYOND}\n"
        f"The seal has no limit of its own: a day of {WANTED:,} views a second is recounted in\n"
        f"parts that go on where they stopped, in {hours:.0f} hours by all containers, at the "
        f"{lines / 1e6:.1f} million\nlines an hour that the bench sealing has. Only from "
        f"{seals:,.0f} views a second, all day long, lines would\nexpire before they are "
        f"recounted, {LEDGER_DAYS} days after the day.\n"
    )


def _partition(reader: int) -> str:
    """Name the ledger partition that a reader's view is written to."""
    address = f"{10 + (reader >> 24)}.{reader >> 16 & 255}.{reader >> 8 & 255}.{reader & 255}"
    (article,) = article_ids(1)
    visitor = visitor_hash(SALT, article, address, "Mozilla/5.0 (Windows NT 10.0; Win64; x64)")
    return ledger_key(article, DAY, visitor)["pk"]


def _row(rate: int, second: Counter[str]) -> tuple[object, ...]:
    hottest = max(second.values())
    # Each ledger partition can have a shard of its own, and each shard's batches go on alone.
    folds = sum(
        max(1 / WINDOW, views / min(BATCH_SIZE, _records_in_a_batch())) for views in second.values()
    )
    return (
        f"{rate:,}", f"{rate:,}", f"{hottest:,}", f"{hottest / PARTITION_LIMIT:.2f}",
        f"{folds * FOLD_UNITS:.2f}",
        "yes" if hottest <= PARTITION_LIMIT else "no: the ledger",
    )  # fmt: skip


def _records_in_a_batch() -> int:
    return PAYLOAD_BYTES // len(json.dumps(record("article-264000", 0, 0)))


def _route_limit() -> tuple[str, float]:
    """Give the template's own throttle of a route."""
    limit = int(deployment.template().parameters["RequestsPerSecond"])
    return "the template's throttle of a route, its parameter RequestsPerSecond", limit


def _ledger_limit(hottest: float) -> tuple[str, float]:
    """Give the rate at which the hottest of an article's ledger partitions is full."""
    return "the hottest of an article's 16 ledger partitions is full", PARTITION_LIMIT / hottest
