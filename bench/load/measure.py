"""What the local stack bears: how fast it answers, what it remembers, and how soon it is ready."""

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.load.clients import MIX, VIEWS_ALONE, Record
from bench.load.machine import SERVE, Machine, Part
from bench.load.run import CLIENTS, clients, publish_all, wait
from bench.results import median_range, table, verdict

SEED = 20260314
STARTS = 5
READY = 1.3
"""The target of a full stack's start, as a ratio to an empty one's."""
LIMIT_SECONDS = 7_200


@dataclass(frozen=True, slots=True)
class Case:
    """A stack, and the load that it is put under."""

    engine: str
    articles: int
    views: int
    mix: Mapping[str, int] = field(default_factory=lambda: MIX)

    def machine(self, state: Path) -> Machine:
        """Give the stack on a state directory."""
        return Machine(state, (*SERVE, f"--engine={self.engine}"))


CASES = (
    Case("dynoxide", articles=100, views=5_000),
    Case("dynoxide", articles=10_000, views=5_000),
    Case("ministack", articles=100, views=2_000),
)
LONG = Case("dynoxide", articles=100, views=100_000, mix=VIEWS_ALONE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a case came to."""

    case: Case
    record: Record
    seconds: float
    grown: Mapping[Part, int]
    """Resident bytes at the end, less those before the first view."""

    def bytes_a_view(self, part: Part) -> str:
        """Write how much a part has grown for each view."""
        return f"{self.grown[part] / self.record.acknowledged():.0f}"


def measure() -> str:
    """Load each case, and start a full and an empty stack in turn; give the section."""
    with tempfile.TemporaryDirectory() as folder:
        states = [Path(folder) / f"state-{number}" for number in range(len(CASES))]
        figures = [_load(case, state) for case, state in zip(CASES, states, strict=True)]
        empty, full = _starts(Path(folder) / "empty", states[1])
        long = _load(LONG, Path(folder) / "long")
    slowest = figures[-1]
    return "\n".join(
        [
            f"{CLIENTS} clients, each of them one reader or publisher after another, of whose",
            f"requests {MIX['view']} % are new views and {MIX['publish']} % publish; seed {SEED}.",
            "MiniStack is the engine where dynoxide has no binary, and was the only one before.",
            "What a stack on one machine bears has no target; how it starts has one.\n",
            table(
                ["engine", "articles", "views", "requests/s", "of MiniStack"],
                [
                    [
                        run.case.engine,
                        f"{run.case.articles:,}",
                        f"{run.record.acknowledged():,}",
                        f"{_rate(run):.0f}",
                        f"{_rate(run) / _rate(slowest):.1f}",
                    ]
                    for run in figures
                ],
            ),
            "Milliseconds to an answer, p50 / p95 / p99:\n",
            table(
                [
                    "asked for",
                    *(f"{run.case.engine}, {run.case.articles:,} articles" for run in figures),
                ],
                [
                    [kind, *(_percentiles(run.record.milliseconds[kind]) for run in figures)]
                    for kind in MIX
                ],
            ),
            "Bytes of memory that a view leaves behind:\n",
            table(
                ["engine", "views", "server", "engine"],
                [
                    [
                        run.case.engine,
                        f"{run.record.acknowledged():,}",
                        run.bytes_a_view(Part.SERVER),
                        run.bytes_a_view(Part.ENGINE),
                    ]
                    for run in (long, slowest)
                ],
            ),
            f"Target: ready in the same time with {CASES[1].articles:,} articles as with the",
            f"demo's, ≤ {READY} of it. Medians of {STARTS} starts in turn:\n",
            starts_table(empty, full),
        ]
    )


def starts_table(empty: Sequence[float], full: Sequence[float]) -> str:
    """Compare the seconds in which empty stacks were ready with those of full ones."""
    ratio = statistics.median(full) / statistics.median(empty)
    state = f"{CASES[1].articles:,} articles, {CASES[1].views:,} views"
    return table(
        ["state", "ready after, ms", "of the demo alone", f"≤ {READY}"],
        [
            ["the demo alone", median_range(empty, scale=1_000), "1.00", ""],
            [state, median_range(full, scale=1_000), f"{ratio:.2f}", verdict(ratio, READY)],
        ],
    )


def _load(case: Case, state: Path) -> Figures:
    machine = case.machine(state)
    machine.start()
    try:
        articles = [f"load-{number}" for number in range(case.articles)]
        publish_all(machine, articles)
        record = Record()
        before = machine.memory()
        began = time.monotonic()
        with clients(SEED, machine, articles, record, case.mix):
            wait(lambda: record.acknowledged() >= case.views, LIMIT_SECONDS)
            seconds = time.monotonic() - began
            after = machine.memory()
        if record.unexpected:
            raise RuntimeError(f"{case}: {record.unexpected[:5]}")
    finally:
        machine.stop()
    return Figures(case, record, seconds, {part: after[part] - before[part] for part in after})


def _starts(empty: Path, full: Path) -> tuple[list[float], list[float]]:
    """Give the seconds until a stack with nothing but the demo is ready, and until a full one is.

    The first start of all, which makes the tables, is in neither.
    """
    _start(empty)
    pairs = [(_start(empty), _start(full)) for _ in range(STARTS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _start(state: Path) -> float:
    machine = Machine(state)
    seconds = machine.start()
    machine.stop()
    return seconds


def _rate(figures: Figures) -> float:
    return sum(map(len, figures.record.milliseconds.values())) / figures.seconds


def _percentiles(milliseconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=100)
    return f"{cuts[49]:.0f} / {cuts[94]:.0f} / {cuts[98]:.0f}"
