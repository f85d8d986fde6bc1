"""The schedules on a machine that sleeps and whose clock is set."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulation_cli.local_stack.clock import STEADY
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.schedules import FINAL, Schedules
from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.template import Template
from circulation_cli.local_stack.workers import Worker
from tests.local_stack.machine import Machine

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY_FIVE_MINUTES, EVERY_TEN_MINUTES, DAILY = "RankPopular", "RotateSalts", "SealDay"


class Stage:
    """Schedules on a machine, and which functions they woke, with the times they were given."""

    def __init__(self, template: Template, state: State) -> None:
        self.machine = Machine()
        self.woken: list[tuple[str, str]] = []
        self.fails = False
        self.schedules = Schedules(template, self.machine.clock(state), died=pytest.fail)

    def function(self, name: str) -> Function:
        def wake(event: Mapping[str, Any], _: object) -> None:
            self.woken.append((name, event["time"]))
            if self.fails:
                raise RuntimeError

        return Function(name, wake)

    def rounds(self, number: int = 3) -> Counter[str]:
        """Do some rounds in which no time passes; count how often each function was woken."""
        self.woken.clear()
        for _ in range(number):
            self.schedules.run_round()
        now = self.machine.wall.isoformat(timespec="seconds")
        assert {time for _, time in self.woken} <= {now}
        return Counter(name for name, _ in self.woken)


@pytest.fixture
def stage(template: Template, state: State, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stages: list[Stage] = []
    monkeypatch.setattr(Template, "function", lambda _, name: lazily(stages, name))
    # Without mail, whose schedules are in a zone: tests/unit/test_schedules.py has those.
    without = {**template.parameters, "MailSender": "", "ReportTo": ""}
    stages.append(Stage(Template(template.document, without), state))
    return stages[0]


def lazily(stages: list[Stage], name: str) -> Function:
    return Function(name, lambda event, context: stages[0].function(name).handler(event, context))


def test_every_function_that_is_switched_on_is_woken_once_at_the_start(stage: Stage) -> None:
    assert stage.rounds() == {EVERY_FIVE_MINUTES: 1, EVERY_TEN_MINUTES: 1, DAILY: 1}


def test_a_stack_that_ends_wakes_no_more_functions(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "is_stopping", property(lambda _: bool(stage.woken)))
    assert stage.rounds(1).total() == 1


def test_the_site_s_feed_is_taken_in_where_there_is_one(
    template: Template, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {**template.parameters, "SyncFeedUrl": "https://news.example/feed"}
    stages: list[Stage] = []
    monkeypatch.setattr(Template, "function", lambda _, name: lazily(stages, name))
    stages.append(Stage(Template(template.document, named), state))
    assert stages[0].rounds()["SyncFeed"] == 1


@pytest.mark.parametrize("nap", [16 * MINUTE, 8 * HOUR, 2 * DAY, 40 * DAY])
def test_after_sleep_of_any_length_what_was_missed_is_done_once(
    stage: Stage, nap: timedelta
) -> None:
    stage.rounds()
    stage.machine.pass_time(nap)
    woken = stage.rounds()
    assert woken[EVERY_FIVE_MINUTES] == woken[EVERY_TEN_MINUTES] == 1
    assert woken[DAILY] <= 1
    assert stage.rounds() == {}
    stage.machine.pass_time(5 * MINUTE)
    assert stage.rounds()[EVERY_FIVE_MINUTES] == 1


def test_a_night_without_sleep_wakes_each_function_as_often_as_it_is_due(stage: Stage) -> None:
    stage.rounds()
    woken: Counter[str] = Counter()
    for _ in range(24 * 60):
        stage.machine.pass_time(MINUTE)
        woken += stage.rounds(1)
    assert woken == {EVERY_FIVE_MINUTES: 288, EVERY_TEN_MINUTES: 144, DAILY: 2}


@pytest.mark.parametrize("back", [30 * MINUTE, HOUR, 400 * DAY])
def test_a_clock_that_is_set_back_stops_no_schedule(stage: Stage, back: timedelta) -> None:
    stage.rounds()
    stage.machine.wall -= back
    assert stage.rounds() == {}
    stage.machine.pass_time(5 * MINUTE)
    assert stage.rounds() == {EVERY_FIVE_MINUTES: 1}


@pytest.mark.parametrize("ahead", [HOUR, DAY, 400 * DAY])
def test_what_cannot_be_taken_back_waits_until_the_clock_is_believed(
    stage: Stage, ahead: timedelta
) -> None:
    stage.rounds()
    stage.machine.wall += ahead
    assert stage.rounds() == {EVERY_FIVE_MINUTES: 1}
    assert {EVERY_TEN_MINUTES, DAILY} == FINAL
    stage.machine.pass_time(STEADY - MINUTE)
    assert not stage.rounds().keys() & FINAL
    stage.machine.pass_time(MINUTE)
    assert stage.rounds() == {EVERY_FIVE_MINUTES: 1, EVERY_TEN_MINUTES: 1, DAILY: 1}


def test_a_function_that_fails_is_woken_again_when_it_is_due(stage: Stage) -> None:
    stage.fails = True
    assert stage.rounds()[EVERY_FIVE_MINUTES] == 1
    stage.machine.pass_time(5 * MINUTE)
    assert stage.rounds()[EVERY_FIVE_MINUTES] == 1


@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(-40 * 86_400, 40 * 86_400)), min_size=1, max_size=6
    )
)
def test_whatever_becomes_of_the_clock_nothing_is_replayed_and_nothing_stands_still(
    stage: Stage, changes: list[tuple[bool, int]]
) -> None:
    for is_sleep, seconds in changes:
        if is_sleep:
            stage.machine.pass_time(timedelta(seconds=abs(seconds)))
        else:
            stage.machine.wall += timedelta(seconds=seconds)
        assert all(times == 1 for times in stage.rounds().values())
    stage.machine.pass_time(5 * MINUTE)
    assert stage.rounds()[EVERY_FIVE_MINUTES] == 1
    stage.machine.pass_time(STEADY)
    assert stage.rounds() == {EVERY_FIVE_MINUTES: 1, EVERY_TEN_MINUTES: 1, DAILY: 1}
