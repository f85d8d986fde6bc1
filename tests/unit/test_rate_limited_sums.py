from datetime import timedelta

import pytest

from circulation.rate_limited_sums import MAX_KEYS, Gathered
from tests.builders import NOW

SECOND = timedelta(seconds=1)


def gathered() -> Gathered[object]:
    return Gathered(every=10 * SECOND)


def test_the_first_is_handed_out_at_once_and_the_next_ones_wait() -> None:
    sums = gathered()
    assert sums.add("a", "bot", now=NOW) == {"bot": 1}
    assert sums.add("a", "bot", now=NOW + SECOND) == {}
    assert sums.add("a", "privacy", now=NOW + 9 * SECOND) == {}
    assert sums.add("a", "bot", now=NOW + 10 * SECOND) == {"bot": 2, "privacy": 1}
    assert sums.add("a", "bot", now=NOW + 11 * SECOND) == {}


def test_each_key_waits_for_itself() -> None:
    sums = gathered()
    sums.add("a", "bot", now=NOW)
    assert sums.add("b", "bot", now=NOW + SECOND) == {"bot": 1}


def test_what_is_taken_back_comes_again_later_and_everything_waits() -> None:
    sums = gathered()
    due = sums.add("a", "bot", now=NOW)
    sums.take_back("a", due, now=NOW)
    assert sums.add("b", "bot", now=NOW + 9 * SECOND) == {}
    assert sums.add("b", "bot", now=NOW + 10 * SECOND) == {"bot": 2}
    assert sums.add("a", "bot", now=NOW + 10 * SECOND) == {"bot": 2}


def test_memory_is_bounded_and_forgets_what_was_handed_out_longest_ago() -> None:
    sums = gathered()
    for key in range(MAX_KEYS):
        sums.add(key, "bot", now=NOW)
    sums.add(0, "bot", now=NOW + 10 * SECOND)
    sums.add("one more", "bot", now=NOW + 10 * SECOND)
    assert sums.add(0, "bot", now=NOW + 11 * SECOND) == {}  # remembered
    assert sums.add(1, "bot", now=NOW + 9 * SECOND) == {"bot": 1}  # forgotten


@pytest.mark.parametrize("back", [11, 3_600, 400 * 86_400])
def test_nothing_waits_for_the_time_before_the_clock_was_set_back(back: int) -> None:
    sums = gathered()
    sums.add("a", "bot", now=NOW)
    sums.take_back("a", {"bot": 1}, now=NOW)
    assert sums.add("a", "bot", now=NOW - back * SECOND) == {"bot": 2}
