"""One load run: clients, faults from a seed, and what the stack shows afterwards."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx

from bench.load.clients import MIX, Client, Record, submission
from bench.load.machine import SERVE, TOKEN, Machine, Part
from circulation.counting.sealing import SEAL_AFTER, seal_portion
from circulation.times import day_before, day_of, end_of
from circulation_cli.deployment import Deployment

CLIENTS = 32
UNDER_WAY = 20
"""Requests under way without which nothing is killed."""
DRAIN_SECONDS = 120
BATCH = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does."""

    seed: int
    articles: int
    kills: int
    """Of each part, and of all at once."""
    pauses: int
    """Likewise."""
    views: int
    """Acknowledged ones, at least."""
    between: int = 50
    """Views acknowledged between one fault and the next, at least."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    plan: Plan
    record: Record
    seconds: float
    faults: Sequence[str]
    lost: Mapping[str, str]
    """What is wrong, by article: after the stream was drained, or after the day was sealed."""
    memory: Mapping[str, Mapping[Part, int]]
    ready_seconds: Sequence[float]

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, nothing doubled, and nothing answered as it should not be."""
        return not self.lost and not self.record.unexpected


def run(plan: Plan, command: Sequence[str] = SERVE) -> Outcome:
    """Run a plan on a stack of its own, which is gone afterwards."""
    with TemporaryDirectory() as folder:
        machine = Machine(Path(folder) / "state", command)
        ready = [machine.start()]
        articles = [f"load-{number}" for number in range(plan.articles)]
        try:
            publish_all(machine, articles)
            memory = {"before": machine.memory()}
            record = Record()
            began = time.monotonic()
            with clients(plan.seed, machine, articles, record):
                faults = _inject(plan, machine, record)
                wait(lambda: record.acknowledged() >= plan.views, 3_600)
            seconds = time.monotonic() - began
            memory["after"] = machine.memory()
            lost = _drained(machine, record)
            machine.stop()
            ready.append(machine.start())
            lost |= _compared(machine, record, "after a restart")
            _seal(machine)
            lost |= _compared(machine, record, "after the day was sealed")
        finally:
            machine.stop()
    return Outcome(plan, record, seconds, faults, lost, memory, ready)


@contextmanager
def clients(
    seed: int,
    machine: Machine,
    articles: list[str],
    record: Record,
    mix: Mapping[str, int] = MIX,
) -> Iterator[None]:
    """Have readers and publishers ask until the end of the block, in a mix of requests."""
    stopping = threading.Event()
    crowd = [
        Client(number, seed, machine.ports, articles, record, stopping, mix)
        for number in range(CLIENTS)
    ]
    for client in crowd:
        client.start()
    try:
        yield
    finally:
        stopping.set()
        for client in crowd:
            client.join()


def _inject(plan: Plan, machine: Machine, record: Record) -> list[str]:
    """Kill and stop every part in an order from the seed, each under load; tell what was done."""
    faults = [(part, True) for part in Part for _ in range(plan.kills)]
    faults += [(part, False) for part in Part for _ in range(plan.pauses)]
    random.Random(plan.seed).shuffle(faults)  # noqa: S311  a seed, not a secret
    done = []
    for part, kill in faults:
        wanted = record.acknowledged() + plan.between
        wait(lambda wanted=wanted: record.acknowledged() >= wanted, 600)  # type: ignore[misc]
        wait(lambda: record.under_way >= UNDER_WAY, 600)
        under_way = record.under_way
        machine.hit(part, kill=kill)
        done.append(f"{'killed' if kill else 'stopped'} {part} with {under_way} under way")
    return done


def publish_all(machine: Machine, articles: Sequence[str]) -> None:
    """Publish articles by their ids."""
    with _api(machine) as api:
        for start in range(0, len(articles), BATCH):
            batch = [
                {"id": article} | submission(article, article)
                for article in articles[start : start + BATCH]
            ]
            answer = api.post("/articles/batch", json={"articles": batch}).raise_for_status()
            refused = [
                result for result in answer.json()["results"] if result["status"] == "refused"
            ]
            if refused:
                raise RuntimeError(f"not imported: {refused}")


def _drained(machine: Machine, record: Record) -> dict[str, str]:
    """Wait until every view is tallied, before anything is sealed; give what is wrong then."""
    wait(machine.is_drained, DRAIN_SECONDS)
    return _compared(machine, record, "tallied")


def _compared(machine: Machine, record: Record, when: str) -> dict[str, str]:
    """Compare what the stack shows with what was acknowledged, article by article."""
    wrong = {}
    acknowledged = {article: len(nonces) for article, nonces in record.views.items()}
    with _api(machine) as api:
        articles = [*acknowledged]
        for start in range(0, len(articles), BATCH):
            ids = ",".join(articles[start : start + BATCH])
            counts = api.get(f"/views?ids={quote(ids)}").raise_for_status().json()
            shown = {count["article"]: count["views"] for count in counts["views"]}
            for article in articles[start : start + BATCH]:
                if shown.get(article) != acknowledged[article]:
                    wrong[article] = (
                        f"{when}: {shown.get(article)} views, {acknowledged[article]} acknowledged"
                    )
        for article, title in record.titles.items():
            answer = api.get(f"/articles/{article}")
            if answer.status_code != httpx.codes.OK or answer.json()["title"] != title:
                wrong[article] = f"{when}: {answer.text[:80]} instead of {title}"
    return wrong


def _seal(machine: Machine) -> None:
    """Seal every day of the run as it will be sealed, by the product's own use cases."""
    store = Deployment(machine.state).container()
    today = day_of(datetime.now(UTC))
    for day in (day_before(today), today):
        articles = [page.article for page in store.books.day_book.pages(day)]
        over = end_of(day) + SEAL_AFTER
        for _ in seal_portion(day, articles, store.books, store.ledger, now=over):
            pass


def _api(machine: Machine) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{machine.port}",
        headers={"authorization": f"Bearer {TOKEN}"},
        timeout=60,
    )


def wait(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition. Raises RuntimeError when it has not come in so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("the run does not get on")
        time.sleep(0.005)


def summary(outcome: Outcome) -> str:
    """Say in a few lines what a run came to, with the seed that makes it again."""
    record = outcome.record
    lines = [
        f"seed {outcome.plan.seed}, {outcome.seconds:.0f} s, {len(outcome.faults)} faults",
        f"{record.acknowledged()} views and {len(record.titles)} articles acknowledged",
        f"{len(outcome.lost)} articles wrong, {len(record.unexpected)} answers unexpected",
        *(f"  {article}: {reason}" for article, reason in list(outcome.lost.items())[:10]),
        *(f"  {sentence}" for sentence in record.unexpected[:10]),
    ]
    return "\n".join(lines)
