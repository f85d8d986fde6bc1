"""The counters are exact in a world in which everything goes wrong, and each rule is needed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from circulation.aws.table import Change
from circulation.counting import counters, day_book, ledger, marks
from circulation.settings import Settings
from tests.simulation.world import Outcome, Plan, World

SEED = 20_260_314
PLAN = Plan(views=10_000)
SEALED = replace(PLAN, outlasted=True)
DISCARDING = replace(SEALED, discarded=0.5, outage=0.001)
"""Half of the batches that fail are given up, and outages make many of them fail."""
SIZES = 4_000, 20_000
"""Of the worlds in which a fault has to show: most show in the smaller one."""
Patch = pytest.MonkeyPatch


def live(settings: Settings, plan: Plan = PLAN, seed: int = SEED) -> Outcome:
    print(f"seed {seed}")  # noqa: T201  shown when the test fails
    return World(seed, plan, settings).run()


def is_seen(
    settings: Settings,
    plan: Plan,
    fault: Callable[[Outcome], bool] = lambda world: world.errors > 0,
) -> bool:
    """Tell whether a fault shows in one of the worlds."""
    return any(fault(live(settings, replace(plan, views=views))) for views in SIZES)


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_whatever_goes_wrong_no_view_is_lost_or_doubled(settings: Settings, seed: int) -> None:
    outcome = live(settings, seed=seed)
    assert (outcome.errors, outcome.broken) == (0, ())
    assert outcome.faults > PLAN.views / 10
    assert outcome.acknowledged > 0.9 * PLAN.views


def test_a_world_is_the_same_when_its_seed_is(settings: Settings) -> None:
    plan = replace(PLAN, views=2_000)
    assert live(settings, plan) == live(settings, plan)
    assert live(settings, plan) != live(settings, plan, SEED + 1)


@pytest.mark.parametrize("plan", [DISCARDING, replace(SEALED, deaf=True)])
def test_what_the_tally_never_saw_the_seal_brings_back(settings: Settings, plan: Plan) -> None:
    outcome = live(settings, plan)
    assert (outcome.errors, outcome.broken) == (0, ())


def no_condition(patch: Patch) -> None:
    """A page takes every increment, whatever its mark says."""
    patch.setattr(day_book, "UNFOLDED", "pk = pk")


def unpadded_marks(patch: Patch) -> None:
    """Marks compare as text of different lengths."""

    def as_text(padded: str) -> bytes:
        return str(int(padded)).encode().ljust(17, b"\0")

    for module in (marks, day_book):
        patch.setattr(module, "number", as_text)


def cross_shard_marks(patch: Patch) -> None:
    """One mark for all shards of a day."""
    mark_name = marks.mark_name
    for module in (marks, day_book):
        patch.setattr(module, "mark_name", lambda _shard: mark_name("any"))


def no_nonce(patch: Patch) -> None:
    """A retry is not told from a second visit."""

    def forgetful(*args: Any, **changes: Any) -> Change:
        change = entering(*args, **changes)
        condition = change.condition.replace("#x <> :nonce", "#x = #x")
        condition = condition.replace("NOT contains(#xs, :digest)", "#x = #x")
        return replace(change, condition=condition)

    entering = ledger._entry_change  # noqa: SLF001
    patch.setattr(ledger, "_entry_change", forgetful)


def no_page(patch: Patch) -> None:
    """A ledger line is entered before its page is opened in the day book."""
    patch.setattr(day_book.DayBook, "open", lambda *_: None)


def settled_twice(patch: Patch) -> None:
    """A counter does not remember which days are settled."""
    patch.setattr(counters, "_has_to_settle", lambda _item, _day, final: final > 0)


def open_for_ever(patch: Patch) -> None:
    """A sealed day takes late lines all the same."""
    patch.setattr(day_book, "UNFOLDED", "(attribute_not_exists(#mark) OR #mark < :first)")


def parallel(plan: Plan) -> Plan:
    """The mapping has a ParallelizationFactor of 4."""
    return replace(plan, parallelization=4)


def unsealed(plan: Plan) -> Plan:
    """The mapping gives up half of the batches that fail, and no day is sealed."""
    return replace(DISCARDING, views=plan.views, sealing=False, outlasted=False)


@pytest.mark.parametrize(
    "mutant",
    [no_condition, unpadded_marks, cross_shard_marks, settled_twice, open_for_ever],
)
def test_without_any_one_rule_counts_are_wrong(
    settings: Settings, monkeypatch: Patch, mutant: Callable[[Patch], None]
) -> None:
    mutant(monkeypatch)
    assert is_seen(settings, PLAN), mutant.__doc__


def test_without_the_nonce_more_is_counted_than_was_attempted(
    settings: Settings, monkeypatch: Patch
) -> None:
    no_nonce(monkeypatch)
    assert is_seen(
        settings, PLAN, lambda world: any(told.startswith("I3") for told in world.broken)
    )


def test_without_its_page_in_the_day_book_a_day_is_not_sealed(
    settings: Settings, monkeypatch: Patch
) -> None:
    no_page(monkeypatch)
    assert is_seen(settings, replace(SEALED, deaf=True))


@pytest.mark.parametrize("mapping", [parallel, unsealed])
def test_with_another_mapping_counts_are_wrong(
    settings: Settings, mapping: Callable[[Plan], Plan]
) -> None:
    assert is_seen(settings, mapping(PLAN)), mapping.__doc__
