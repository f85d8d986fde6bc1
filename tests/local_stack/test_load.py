"""The local stack under load, while its parts are killed: nothing is lost or doubled."""

import random

import pytest

from bench.load.__main__ import ANSWERS_FIRST
from bench.load.machine import WITH_DOOR
from bench.load.run import Plan, run, summary

# A run seals by the command line's own way to a stack.
pytestmark = pytest.mark.usefixtures("own_process")


def plan(*, pauses: int) -> Plan:
    seed = random.randrange(2**32)  # noqa: S311  printed with every failure
    return Plan(seed, articles=20, kills=1, pauses=pauses, views=300, between=20)


def test_nothing_is_lost_or_doubled_when_each_part_is_killed_under_load() -> None:
    outcome = run(plan(pauses=1))
    assert outcome.is_right, summary(outcome)
    assert len(outcome.faults) == 6


def test_nothing_is_lost_or_doubled_at_the_address_of_views_which_refuses_some_at_first() -> None:
    outcome = run(plan(pauses=0), WITH_DOOR)
    assert outcome.is_right, summary(outcome)
    assert outcome.record.statuses["view", 429]


def test_a_stack_that_answers_before_it_writes_loses_views() -> None:
    outcome = run(plan(pauses=0), ANSWERS_FIRST)
    assert outcome.lost, summary(outcome)
