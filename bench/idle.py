"""What a stack costs in a month in which nobody views anything, from its template."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from bench.prices import Prices
from circulation_cli.local_stack.schedules import cron_of
from circulation_cli.local_stack.template import Template

DAYS = 30
START = datetime(2026, 11, 1, tzinfo=UTC)
RUN_SECONDS = 0.3  # assumed
RANKING_READS = 17 * 0.5 / 2  # queries of a run that looks for views; every second one does
POLLS_PER_MINUTE = 15
"""Five pollers wait 20 seconds each. A mapping with MaximumConcurrency never has fewer (Lambda
Developer Guide: Configuring scaling behavior for SQS event source mappings)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the bill: what, how much of it a month, and dollars."""

    name: str
    amount: str
    dollars: float


def idle_month(template: Template, prices: Prices) -> Iterator[Part]:
    """Compute a month's fixed costs. The hub's queue counts where the template has a hub."""
    alarms = template.resources("AWS::CloudWatch::Alarm").values()
    # An alarm is paid for by the metrics that it reads (Amazon CloudWatch pricing).
    metrics = sum(
        sum("MetricStat" in metric for metric in alarm.get("Metrics", [])) or 1 for alarm in alarms
    )
    yield Part("alarms", f"{len(alarms)}, {metrics} metrics", metrics * prices.alarm)
    queues = list(template.active_events("SQS"))
    polls = len(queues) * POLLS_PER_MINUTE * 60 * 24 * DAYS
    yield Part("queues polled", f"{len(queues)}, {polls:,} requests", polls * prices.queue_request)
    runs = Counter[str]()
    for function, schedule in template.active_events("Schedule"):
        runs[function] += _runs(cron_of(schedule["Schedule"]))
    for function, schedule in template.active_events("ScheduleV2"):
        runs[function] += _runs(cron_of(template.resolve(schedule["ScheduleExpression"])))
    common = template.document["Globals"]["Function"]
    seconds = sum(
        count * RUN_SECONDS * template.functions()[function].get("MemorySize", common["MemorySize"])
        for function, count in runs.items()
    )
    total = runs.total()
    dollars = total * prices.lambda_request + seconds / 1024 * prices.lambda_gb_second
    yield Part("schedules", f"{total:,} runs", dollars)
    reads = runs["RankPopular"] * RANKING_READS
    yield Part("reads of the rankings", f"{reads:,.0f} units", reads * prices.read_unit)
    if template.resolve(common["Tracing"]) == "Active":
        # One trace a second is recorded whatever the rate (X-Ray Developer Guide: Sampling rules).
        yield Part("traces", f"{total:,}", total * prices.trace)


def _runs(cron: str) -> int:
    times = CronSim(cron, START - timedelta(seconds=1))
    return sum(1 for _ in iter(lambda: next(times) < START + timedelta(days=DAYS), False))


def table(template: Template) -> str:
    """Lay the month out as docs/deploying.md has it."""
    parts = list(idle_month(template, Prices()))
    parts.append(Part("together", "", sum(part.dollars for part in parts)))
    rows = [f"| {part.name} | {part.amount} | {part.dollars:.2f} |" for part in parts]
    return "\n".join(["| part | amount | dollars |", "|---|---|---|", *rows])
