from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.errors import TooManyViews
from circulation.throttle import BURST, DISORDER, MAX_ADDRESSES, PER_SECOND, Throttle
from tests.builders import NOW


def admitted(throttle: Throttle, address: str, tries: int, at: datetime = NOW) -> int:
    taken = 0
    for _ in range(tries):
        try:
            throttle.admit(address, now=at)
        except TooManyViews:
            continue
        taken += 1
    return taken


def test_an_address_has_a_burst_and_then_waits_a_moment() -> None:
    throttle = Throttle()
    assert admitted(throttle, "192.0.2.1", 100) == BURST
    with pytest.raises(TooManyViews) as refused:
        throttle.admit("192.0.2.1", now=NOW)
    assert refused.value.retry_after == 1


def test_another_address_is_not_kept_waiting() -> None:
    throttle = Throttle()
    admitted(throttle, "192.0.2.1", 100)
    assert admitted(throttle, "192.0.2.2", 1) == 1


def test_tokens_come_back_at_their_rate_and_no_more_than_a_burst() -> None:
    throttle = Throttle()
    admitted(throttle, "192.0.2.1", 100)
    assert admitted(throttle, "192.0.2.1", 100, NOW + timedelta(seconds=2)) == 2 * PER_SECOND
    assert admitted(throttle, "192.0.2.1", 100, NOW + timedelta(hours=1)) == BURST


def test_being_refused_costs_nothing() -> None:
    throttle = Throttle()
    admitted(throttle, "192.0.2.1", 10_000)
    assert admitted(throttle, "192.0.2.1", 100, NOW + timedelta(seconds=1)) == PER_SECOND


def test_a_request_that_arrives_out_of_order_gains_nothing() -> None:
    throttle = Throttle()
    admitted(throttle, "192.0.2.1", 100)
    assert admitted(throttle, "192.0.2.1", 100, NOW - timedelta(seconds=5)) == 0


def test_memory_is_bounded_and_who_came_last_is_remembered() -> None:
    throttle = Throttle()
    admitted(throttle, "first", BURST)
    for number in range(MAX_ADDRESSES - 1):
        throttle.admit(f"address-{number}", now=NOW)
    assert admitted(throttle, "first", 1) == 0  # there is room for so many
    throttle.admit("one more", now=NOW)
    assert admitted(throttle, "first", BURST) == BURST  # and it was the first to be forgotten
    assert admitted(throttle, "one more", BURST) == BURST - 1


def test_the_address_that_was_seen_longest_ago_is_forgotten_and_not_the_one_that_came_first() -> (
    None
):
    throttle = Throttle()
    for number in range(MAX_ADDRESSES):
        throttle.admit(f"address-{number}", now=NOW)
    throttle.admit("address-0", now=NOW)  # seen again
    throttle.admit("one more", now=NOW)
    assert admitted(throttle, "address-0", BURST) == BURST - 2  # remembered
    assert admitted(throttle, "address-1", BURST) == BURST  # forgotten


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-4e7, 4e7), st.integers(1, BURST - PER_SECOND * 5)),
        min_size=1,
        max_size=8,
    )
)
def test_wherever_the_clock_is_set_nobody_is_refused_for_what_was_taken_before(
    visits: list[tuple[float, int]],
) -> None:
    throttle = Throttle()
    latest = NOW
    for seconds, hits in visits:
        at = NOW + timedelta(seconds=seconds)
        if abs(at - latest) <= DISORDER:
            continue  # the clock was not set: the same bucket
        assert admitted(throttle, "192.0.2.1", hits, at) == hits
        latest = max(at, latest) if at > latest else at


@settings(deadline=None)
@given(st.lists(st.floats(-4e7, 4e7), max_size=6), st.floats(-4e7, 4e7))
def test_wherever_the_clock_was_set_a_refused_address_is_soon_let_in(
    floods: list[float], seconds: float
) -> None:
    throttle = Throttle()
    for flood in floods:
        admitted(throttle, "192.0.2.1", 2 * BURST, NOW + timedelta(seconds=flood))
    at = NOW + timedelta(seconds=seconds)
    wait = DISORDER + timedelta(seconds=1)
    assert admitted(throttle, "192.0.2.1", 1, at) or admitted(throttle, "192.0.2.1", 1, at + wait)
