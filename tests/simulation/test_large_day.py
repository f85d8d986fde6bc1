"""However the recount of a large article-day is cut off and doubled, its sums are right."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest

from circulation.aws.table import Change, ConditionFailed
from circulation.counting.counts import DayCount
from circulation.counting.keys import recount_key
from circulation.counting.ledger import Ledger
from circulation.counting.line_sums import LineSum, total_of
from circulation.counting.recounting import FinishedRecount
from circulation.counting.recounts import Recounts
from circulation.settings import Settings
from tests.simulation.large_day import LATE, LargeDay, Plan

SEED = 20_260_314
WORLDS, MUTANT_WORLDS = 40, 500
PLAN = Plan()
EXPIRING = replace(PLAN, expiring=True)
Patch = pytest.MonkeyPatch


def live(settings: Settings, plan: Plan, worlds: int) -> list[str]:
    """Give what is broken in the first world that has anything broken."""
    for seed in range(SEED, SEED + worlds):
        broken = LargeDay(seed, settings, plan).run().broken
        if broken:
            print(f"seed {seed}")  # noqa: T201  shown when the test fails
            return broken
    return []


@pytest.mark.parametrize("plan", [PLAN, EXPIRING])
def test_the_sums_are_right_whatever_becomes_of_the_jobs(settings: Settings, plan: Plan) -> None:
    assert live(settings, plan, WORLDS) == []


def test_a_world_has_more_checkpoints_than_partitions(settings: Settings) -> None:
    assert LargeDay(SEED, settings, PLAN).run().checkpoints > 32


def two_writes(patch: Patch) -> None:
    """The sums are written, and then the line that they end with."""

    def advance_twice(
        recounts: Recounts, article: str, day: str, bucket: str, reached: LineSum
    ) -> LineSum:
        before = recounts.reached(article, day, bucket)
        if not before.done and (reached.done or before.last < reached.last):
            sums_alone = reached._replace(last=before.last, done=False)
            recounts._table.update(  # noqa: SLF001
                recount_key(article, day, bucket),
                Change.setting(
                    {
                        "views": sums_alone.views,
                        "visitors": sums_alone.visitors,
                        "hours": sums_alone.hours,
                        "next": sums_alone.last,
                    }
                ),
            )
        return advance(recounts, article, day, bucket, reached)

    advance = Recounts.advance
    patch.setattr(Recounts, "advance", advance_twice)


def added_sums(patch: Patch) -> None:
    """What was read since the last checkpoint is added to the item, not set."""

    def sum_anew(
        ledger: Ledger,
        article: str,
        day: str,
        bucket: str,
        *,
        since: LineSum = LineSum(),  # noqa: B008
        at_most: int | None = None,
    ) -> LineSum:
        start = LineSum(last=since.last)
        return sum_lines(ledger, article, day, bucket, since=start, at_most=at_most)

    def add(recounts: Recounts, article: str, day: str, bucket: str, read: LineSum) -> LineSum:
        key, done = recount_key(article, day, bucket), read.done
        noted = recounts.reached(article, day, bucket).hours
        hours = [one + other for one, other in zip(noted, read.hours, strict=True)]
        change = Change(
            update="SET #hours = :hours, #next = :next"
            + (", #done = :done" if done else "")
            + " ADD #views :views, #visitors :visitors",
            condition="attribute_not_exists(#done)"
            if done
            else "attribute_not_exists(pk) OR (attribute_not_exists(#done) AND #next < :next)",
            names={f"#{name}": name for name in ("hours", "next", "views", "visitors", "done")},
            values={":hours": hours, ":next": read.last, ":views": read.views}
            | {":visitors": read.visitors}
            | ({":done": True} if done else {}),
        )
        with suppress(ConditionFailed):
            recounts._table.update(key, change)  # noqa: SLF001
        return recounts.reached(article, day, bucket)

    sum_lines = Ledger.sum_lines
    patch.setattr(Ledger, "sum_lines", sum_anew)
    patch.setattr(Recounts, "advance", add)


def sealed_before_all_sixteen(patch: Patch) -> None:
    """Whoever finishes a partition seals with what there is."""

    def sum_what_there_is(recount: FinishedRecount, article: str, day: str) -> DayCount:
        return total_of(recount.recounts.all_reached(article, day).values())

    patch.setattr(FinishedRecount, "recount", sum_what_there_is)


def expiry_asked_at_the_start(patch: Patch) -> None:
    """Whether the ledger is complete is asked when the recount begins."""

    def is_complete_at_first(ledger: Ledger, day: str, *, now: datetime) -> bool:
        return is_complete(ledger, day, now=min(now, LATE))

    is_complete = Ledger.is_complete
    patch.setattr(Ledger, "is_complete", is_complete_at_first)


@pytest.mark.parametrize(
    ("mutant", "plan"),
    [
        (two_writes, PLAN),
        (added_sums, PLAN),
        (sealed_before_all_sixteen, PLAN),
        (expiry_asked_at_the_start, EXPIRING),
    ],
)
def test_without_any_one_rule_something_breaks(
    settings: Settings,
    monkeypatch: Patch,
    mutant: Callable[[Patch], None],
    plan: Plan,
) -> None:
    mutant(monkeypatch)
    assert live(settings, plan, MUTANT_WORLDS), mutant.__doc__
