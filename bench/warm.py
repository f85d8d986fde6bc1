"""Warm CPU per view: what a container that is running spends on each further view."""

import statistics
from itertools import islice

from bench import deployment
from bench.container import container
from bench.deployment import Deployment
from bench.dynamodb_stand_in import stand_in
from bench.events import article_ids, views
from bench.results import median_range, table, verdict

REPEATS = 3
WARM_UP = 300
VIEWS = 2_000
ARTICLES = 50
TARGETS = {"circulation": 0.30, "circulation by the SDK": 0.60}
"""Of typical."""


ABOUT = f"""\
Targets: circulation ≤ {TARGETS["circulation"]:.2f} of typical, and where the SDK makes all of its
calls, DirectCalls being off, ≤ {TARGETS["circulation by the SDK"]:.2f}. Medians of
{REPEATS} runs of {VIEWS:,} views over
{ARTICLES} articles, after {WARM_UP} to warm up; the CPU of the container's process, with its
`awslambdaric`. plain is boto3 alone; one update is a single UpdateItem, the least that counts with
boto3. Bytecode makes no difference to a container that is running.
"""


def measure() -> str:
    """Let every deployment answer some thousands of views in turn."""
    compared = [
        deployment.typical(),
        deployment.product(),
        deployment.product_by_sdk(),
        deployment.plain_compiled(),
        deployment.one_update(),
        deployment.no_sdk(),
        deployment.bare(),
    ]
    runs: dict[str, list[float]] = {candidate.name: [] for candidate in compared}
    with stand_in() as dynamodb:
        for _ in range(REPEATS):
            for candidate in compared:
                runs[candidate.name].append(cpu_per_view(candidate, dynamodb))
    typical = statistics.median(runs["typical"])
    rows = [
        (
            name,
            median_range(samples, scale=1000, digits=2),
            f"{statistics.median(samples) / typical:.3f}",
            f"≤ {TARGETS[name]:.2f}" if name in TARGETS else "",
            verdict(statistics.median(samples) / typical, TARGETS[name]) if name in TARGETS else "",
        )
        for name, samples in runs.items()
    ]
    head = ("deployment", "CPU per view, ms", "of typical", "target", "")
    return f"{ABOUT}\n{table(head, rows)}"


def cpu_per_view(deployed: Deployment, dynamodb: str) -> float:
    """Give the seconds of CPU of one view."""
    events = views(article_ids(ARTICLES))
    with container(deployed, dynamodb) as started:
        for event in islice(events, WARM_UP):
            started.invoke(event)
        before = started.cpu_so_far()
        for event in islice(events, VIEWS):
            started.invoke(event)
        return (started.cpu_so_far() - before) / VIEWS
