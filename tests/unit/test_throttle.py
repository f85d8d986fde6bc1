from datetime import datetime, timedelta

import pytest

from circulation.errors import TooManyViews
from circulation.throttle import BURST, MAX_ADDRESSES, PER_SECOND, Throttle
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
    for number in range(MAX_ADDRESSES + 10):
        throttle.admit(f"address-{number}", now=NOW)
    assert len(throttle._full_at) == MAX_ADDRESSES  # noqa: SLF001
    assert admitted(throttle, "first", BURST) == BURST  # forgotten long ago
    assert admitted(throttle, f"address-{MAX_ADDRESSES}", BURST) == BURST - 1
