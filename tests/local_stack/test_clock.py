from datetime import timedelta

import pytest

from circulation_cli.local_stack.clock import STEADY
from circulation_cli.local_stack.state import State
from tests.local_stack.machine import HOUR, START, Machine


@pytest.mark.parametrize("nap", [timedelta(seconds=1), HOUR, timedelta(days=40)])
def test_sleep_of_any_length_is_no_step(machine: Machine, state: State, nap: timedelta) -> None:
    clock = machine.clock(state)
    machine.pass_time(nap)
    assert clock.is_steady()
    assert clock.now() == START + nap


@pytest.mark.parametrize("step", [-HOUR, HOUR, timedelta(days=-400), timedelta(minutes=16)])
def test_a_clock_that_was_set_is_believed_after_a_day(
    machine: Machine, state: State, step: timedelta
) -> None:
    clock = machine.clock(state)
    machine.wall += step
    assert not clock.is_steady()
    machine.pass_time(STEADY - timedelta(seconds=1))
    assert not clock.is_steady()
    machine.pass_time(timedelta(seconds=1))
    assert clock.is_steady()


def test_a_clock_that_is_set_and_put_right_waits_from_the_last_step(
    machine: Machine, state: State
) -> None:
    clock = machine.clock(state)
    machine.wall += HOUR
    assert not clock.is_steady()
    machine.pass_time(STEADY / 2)
    machine.wall -= HOUR
    assert not clock.is_steady()
    machine.pass_time(STEADY / 2)
    assert not clock.is_steady()
    machine.pass_time(STEADY / 2)
    assert clock.is_steady()


def test_ntp_that_slews_the_clock_by_seconds_is_no_step(machine: Machine, state: State) -> None:
    clock = machine.clock(state)
    machine.wall -= timedelta(seconds=30)
    assert clock.is_steady()


def test_a_step_made_while_the_stack_was_off_is_seen(machine: Machine, state: State) -> None:
    machine.clock(state).is_steady()
    machine.pass_time(HOUR)
    machine.wall += HOUR
    assert not machine.clock(state).is_steady()


def test_a_step_is_remembered_by_the_next_stack(machine: Machine, state: State) -> None:
    clock = machine.clock(state)
    machine.wall += HOUR
    assert not clock.is_steady()
    assert not machine.clock(state).is_steady()


def test_another_run_of_the_machine_begins_anew(machine: Machine, state: State) -> None:
    machine.clock(state).is_steady()
    machine.restart()
    machine.wall += timedelta(days=3)
    assert machine.clock(state).is_steady()
