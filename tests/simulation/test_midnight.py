"""One view on both sides of 00:00 UTC, for every repeat window, and each rule is needed for it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from circulation.aws.table import Change
from circulation.counting import ledger
from circulation.settings import Settings
from circulation.times import day_of
from circulation.views import recording, salt_rotation
from circulation.views.hit import Hit
from circulation_cli.local_stack.template import Template
from tests.simulation.midnight import Midnights

SEED = 20_260_314
WORLDS = 6
WINDOWS = (0, 1, 30, 720)
"""Minutes; the last is the longest that a deployment may choose."""
Patch = pytest.MonkeyPatch


def live(settings: Settings, window: int, seeds: int = WORLDS) -> tuple[Counter[str], int, int]:
    """Give the errors of some worlds, the late hits, and what remains as docs/counting.md says."""
    errors: Counter[str] = Counter()
    late = remainder = 0
    for seed in range(SEED, SEED + seeds):
        world = Midnights(seed, timedelta(minutes=window), settings).run()
        errors += world.errors
        late, remainder = late + world.late, remainder + world.remainder
    print(f"seed {SEED}: {errors} {late} late {remainder} remain")  # noqa: T201  shown on failure
    return errors, late, remainder


@pytest.mark.parametrize("window", WINDOWS)
def test_no_view_is_lost_or_doubled_at_midnight(settings: Settings, window: int) -> None:
    errors, late, remainder = live(settings, window)
    assert not errors
    assert (late > 0) is (window < 720)
    assert remainder < WORLDS * 5


def test_the_longest_window_is_simulated(template: Template) -> None:
    assert template.document["Parameters"]["RepeatWindowMinutes"]["MaxValue"] == WINDOWS[-1]


def salt_for_ten_minutes(patch: Patch) -> None:
    """A day's salt is kept for ten minutes, whatever the window."""
    for module in (recording, salt_rotation):
        patch.setattr(module, "salt_life", lambda _: timedelta(minutes=10))


def no_age(patch: Patch) -> None:
    """A hit does not say when it began."""
    patch.setattr(Hit, "first_day", lambda _, now: day_of(now))


def last_nonce_only(patch: Patch) -> None:
    """A line remembers the nonce of its last view alone."""

    def forgetful(*args: Any, **changes: Any) -> Change:
        change = entering(*args, **changes)
        condition = change.condition.replace("NOT contains(#xs, :digest)", "#x = #x")
        return replace(change, condition=condition)

    entering = ledger._entry_change  # noqa: SLF001
    patch.setattr(ledger, "_entry_change", forgetful)
    patch.setattr(ledger, "_is_in", lambda line, view: line["x"] == view.nonce)


@pytest.mark.parametrize(
    ("mutant", "windows"),
    [(salt_for_ten_minutes, (30, 720)), (no_age, (0, 1, 30)), (last_nonce_only, (0, 1))],
)
def test_without_any_one_rule_views_are_doubled(
    settings: Settings,
    monkeypatch: Patch,
    mutant: Callable[[Patch], None],
    windows: tuple[int, ...],
) -> None:
    mutant(monkeypatch)
    for window in windows:
        assert live(settings, window)[0], f"{mutant.__doc__} {window} minutes"
