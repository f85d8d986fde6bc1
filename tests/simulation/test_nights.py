"""Whatever becomes of the nights, every day is sealed and settled once, and each rule is needed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.aws.table import Change
from circulation.counting import counters, sealing
from circulation.counting.books import Books
from circulation.counting.counters import Counters
from circulation.counting.counts import DayCount, final_count
from circulation.counting.day_book import DayBook, Page
from circulation.counting.drift import Drift
from circulation.counting.keys import count_key
from circulation.counting.ledger import Ledger
from circulation.counting.seal_queue import SealQueue
from circulation.errors import StoreUnavailable
from circulation.settings import Settings
from circulation.times import day_of
from tests.simulation import nights
from tests.simulation.nights import GHOST, Nights, Plan

SEED = 20_260_314
WORLDS = 6
PLAN = Plan()
LATE = Plan(days=11, first=8, views=12, failing=0.05, twin=0.2, untallied=1, straggling=True)
"""Most days are sealed when their lines have expired, and tallied at the last moment."""
TWINS = replace(LATE, beside=0.9, failing=0.2)
"""And portions are sealed beside themselves, and cut off."""
Patch = pytest.MonkeyPatch


def live(settings: Settings, plan: Plan, worlds: int = WORLDS) -> list[str]:
    """Give what is broken in the first world that has anything broken."""
    for seed in range(SEED, SEED + worlds):
        world = Nights(seed, settings, plan).run()
        if world.broken:
            print(f"seed {seed}")  # noqa: T201  shown when the test fails
            return world.broken
    return []


@pytest.mark.parametrize("plan", [PLAN, LATE, TWINS])
def test_every_day_is_sealed_and_settled_once_whatever_becomes_of_its_night(
    settings: Settings, plan: Plan
) -> None:
    assert live(settings, plan) == []


def no_page(patch: Patch) -> None:
    """A ledger line is entered before its page is opened in the day book."""
    patch.setattr(DayBook, "open", lambda *_: None)


def lowered_after_expiry(patch: Patch) -> None:
    """A page that has grown is set to what an incomplete ledger says all the same."""

    def careless(book: DayBook, page: Page, final: DayCount, **_: Any) -> Page:
        return seal(book, page, final, complete=True)

    seal = DayBook.seal
    patch.setattr(DayBook, "seal", careless)


def counter_before_page(patch: Patch) -> None:
    """The counter is settled before its page is sealed."""

    def seal_page(page: Page, books: Books, ledger: Ledger, now: datetime) -> tuple[Page, bool]:
        complete = ledger.is_complete(page.day, now=now)
        recounted = ledger.recount(page.article, page.day)
        final = final_count(page.count, recounted, complete=complete)
        books.counters.settle(page.article, page.day, final, closed="")
        return sealed_page(page, books, ledger, now)

    sealed_page = sealing._seal_page  # noqa: SLF001
    patch.setattr(sealing, "_seal_page", seal_page)


def unsealed_pages_only(patch: Patch) -> None:
    """SealDay does not look for pages that are sealed and not settled."""
    patch.setattr(Counters, "unsettled", lambda *_: iter(()))


def two_days_back(patch: Patch) -> None:
    """SealDay looks back two days and no further."""

    def queue_days(books: Books, seal_queue: SealQueue, *, now: datetime) -> int:
        for age in (1, 2):
            day = day_of(now - timedelta(days=age))
            seal_queue.send(day, sealing._find_waiting(day, books))  # noqa: SLF001
        return 0

    patch.setattr(nights, "queue_days", queue_days)


def counter_for_a_ghost(patch: Patch) -> None:
    """Settling makes a counter where there is none."""

    def making(book: Counters, article: str, day: str, final: DayCount, **how: Any) -> int | None:
        if article == GHOST:
            book._table.update(count_key(article), Change.setting({"views": 0}))  # noqa: SLF001
        return settle(book, article, day, final, **how)

    settle = Counters.settle
    patch.setattr(Counters, "settle", making)


def settled_days_forgotten(patch: Patch) -> None:
    """A counter does not remember which days are settled."""
    patch.setattr(counters, "is_sealed", lambda *_: False)


def closed_too_soon(patch: Patch) -> None:
    """A day counts as closed for the counters although others have it still to settle."""

    def settle(book: Counters, article: str, day: str, final: DayCount, **_: Any) -> int | None:
        return settled(book, article, day, final, closed="9999-12-31")

    settled = Counters.settle
    patch.setattr(counters, "REMEMBERED", timedelta(days=1))
    patch.setattr(Counters, "settle", settle)


def drift_of_this_run_alone(patch: Patch) -> None:
    """A page that was sealed before is compared with itself, and what fails tells nothing."""

    def sealed(article: str, day: str, books: Books, ledger: Ledger, **how: Any) -> sealing.Sealed:
        try:
            outcome = seal(article, day, books, ledger, **how)
        except sealing.NotSettled as error:
            raise StoreUnavailable(str(error)) from error
        return replace(outcome, drift=Drift(article, 0, 0)) if outcome.again else outcome

    seal = sealing.seal
    patch.setattr(sealing, "seal", sealed)


@pytest.mark.parametrize(
    ("mutant", "plan"),
    [
        (no_page, PLAN),
        (lowered_after_expiry, LATE),
        (counter_before_page, LATE),
        (unsealed_pages_only, PLAN),
        (two_days_back, PLAN),
        (counter_for_a_ghost, PLAN),
        (settled_days_forgotten, PLAN),
        (closed_too_soon, PLAN),
        (drift_of_this_run_alone, PLAN),
    ],
)
def test_without_any_one_rule_something_breaks(
    settings: Settings, monkeypatch: Patch, mutant: Callable[[Patch], None], plan: Plan
) -> None:
    mutant(monkeypatch)
    assert live(settings, plan, 5 * WORLDS), mutant.__doc__
