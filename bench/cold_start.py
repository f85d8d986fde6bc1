"""Cold start: from the start of the process to the first answer to a view, and where it goes."""

import re
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from bench import deployment
from bench.authority import certificate
from bench.container import container
from bench.deployment import Deployment
from bench.dynamodb_stand_in import stand_in
from bench.events import article_ids, views
from bench.results import median_range, table, verdict

REPEATS = 11
SLOWEST = 10
TARGETS = {"circulation": 0.14, "circulation by the SDK": 0.21}
"""Of typical."""
TRUSTING_FEW = {"circulation", "no sdk"}
"""The deployments that do without the SDK's bundle of roots."""

ABOUT = f"""\
Targets: circulation ≤ {TARGETS["circulation"]} of typical, and where the SDK makes all of its
calls, DirectCalls being off, ≤ {TARGETS["circulation by the SDK"]}. Medians of {REPEATS} starts
(smallest–largest), through
`awslambdaric`, with DynamoDB behind TLS: a client reads botocore's bundle of roots, with the
stand-in's own as one more, and shakes hands with it. circulation and no sdk read Amazon's roots
and the stand-in's; to find Amazon's in the bundle would take 0.6 ms more. typical and plain, which
is boto3 alone, have no bytecode, as `sam build` leaves them, beside the same with it. one update is
the least that counts with boto3: a single UpdateItem. no sdk and bare are floors.
"""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds: until the container asked for an event, until it had answered it, and of CPU."""

    loaded: float
    answered: float
    cpu: float

    @property
    def first_call(self) -> float:
        """The seconds that the first view took once everything was loaded."""
        return self.answered - self.loaded


def measure() -> str:
    """Start every deployment in turn, several times over."""
    compared = [
        deployment.typical(),
        deployment.typical_compiled(),
        deployment.product(),
        deployment.product_by_sdk(),
        deployment.plain(),
        deployment.plain_compiled(),
        deployment.one_update(),
        deployment.no_sdk(),
        deployment.bare(),
    ]
    runs: dict[str, list[ColdStart]] = {deployed.name: [] for deployed in compared}
    with certificate() as certified, stand_in(certified) as dynamodb:
        for _ in range(REPEATS):
            for deployed in compared:
                roots = certified.few if deployed.name in TRUSTING_FEW else certified.bundle
                runs[deployed.name].append(cold_start(deployed, dynamodb, roots))
        imports = [
            (deployed, _imports(deployed, dynamodb, certified.bundle))
            for deployed in (compared[0], compared[2])
        ]
    typical = _medians(runs["typical"])
    rows = [
        (
            name,
            median_range([run.answered for run in starts], scale=1000),
            f"{_medians(starts).answered / typical.answered:.3f}",
            f"≤ {TARGETS[name]}" if name in TARGETS else "",
            verdict(_medians(starts).answered / typical.answered, TARGETS[name])
            if name in TARGETS
            else "",
            median_range([run.cpu for run in starts], scale=1000),
            f"{_medians(starts).cpu / typical.cpu:.3f}",
            f"{_medians(starts).loaded * 1000:.0f}",
            f"{statistics.median(run.first_call for run in starts) * 1000:.1f}",
        )
        for name, starts in runs.items()
    ]
    head = (
        "deployment", "start to answer, ms", "of typical, by TLS",
        "target", "", "CPU, ms", "of typical",
        "loaded after, ms", "first view, ms",
    )  # fmt: skip
    slowest = "\n".join(
        f"Imports of {deployed.name}, {sum(spent.values()):.0f} ms under `-X importtime`, "
        "by package: "
        + ", ".join(f"{name} {spent[name]:.0f}" for name, _ in spent.most_common(SLOWEST))
        + ".\n"
        for deployed, spent in imports
    )
    return f"{ABOUT}\n{table(head, rows)}\n{slowest}"


def cold_start(deployed: Deployment, dynamodb: str, roots: Path) -> ColdStart:
    """Start a container and let it answer one view."""
    event = next(views(article_ids(1)))
    with container(deployed, dynamodb, roots=roots) as started:
        answer = started.invoke(event)
        answered = time.perf_counter() - started.started_at
        assert answer["statusCode"] == HTTPStatus.OK, answer  # noqa: S101  a figure of failures is none
        loaded = started.api.ready_at - started.started_at
        return ColdStart(loaded, answered, started.cpu_at_end())


def _medians(starts: list[ColdStart]) -> ColdStart:
    return ColdStart(
        statistics.median(run.loaded for run in starts),
        statistics.median(run.answered for run in starts),
        statistics.median(run.cpu for run in starts),
    )


def _imports(deployed: Deployment, dynamodb: str, roots: Path) -> Counter[str]:
    """Sum the milliseconds that importing took by top-level package."""
    with tempfile.TemporaryFile() as log:
        options = ("-X", "importtime")
        with container(deployed, dynamodb, roots=roots, log=log, options=options) as started:
            started.invoke(next(views(article_ids(1))))
        log.seek(0)
        report = log.read().decode(errors="replace")
    spent: Counter[str] = Counter()
    for own, name in re.findall(r"import time: +(\d+) \| +\d+ \| +([\w.]+)", report):
        spent[name.partition(".")[0]] += int(own)
    return Counter({name: milliseconds / 1000 for name, milliseconds in spent.items()})
