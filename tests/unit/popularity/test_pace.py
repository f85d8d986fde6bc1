from datetime import timedelta

import pytest

from circulation.popularity.pace import (
    ENOUGH_VIEWS,
    LONGEST_REST,
    PACES,
    REVISED,
    Pace,
    can_rest,
    is_due,
)
from circulation.popularity.rankings import Ranked
from circulation.popularity.windows import Ranking, Window
from tests.builders import NOW

PACE = Pace(timedelta(hours=1), 10)
STORED: Ranking = (("a", 30), ("b", 20))


def due(ranking: Ranking, *, minutes: float = 5, announced: float | None = None) -> bool:
    """Tell whether a ranking is due, minutes after the stored one was written."""
    told = {} if announced is None else {"b": NOW - timedelta(minutes=announced)}
    stored = Ranked(STORED, NOW - timedelta(minutes=minutes))
    return is_due(PACE, stored, ranking, told, now=NOW)


def test_the_same_ranking_is_never_written_again() -> None:
    assert not due(STORED)
    assert not due(STORED, minutes=999, announced=0)


def test_one_that_differs_waits_until_the_views_pay_for_it() -> None:
    assert not due((("a", 39), ("b", 20)))
    assert due((("a", 40), ("b", 20)))
    assert due((("a", 35), ("b", 25)))
    assert due((("a", 20), ("b", 20)))  # the hour turned


def test_a_longer_one_costs_more_views() -> None:
    ids = [f"{number:060}" for number in range(100)]
    stored = Ranked(tuple((each, 1) for each in ids), NOW)
    for more, expected in ((60, False), (70, True)):
        ranking = ((ids[0], 1 + more), *stored.ranking[1:])
        assert is_due(PACE, stored, ranking, {}, now=NOW) is expected


def test_one_that_differs_is_written_when_the_stored_one_is_old_enough() -> None:
    assert not due((("a", 31), ("b", 20)), minutes=59)
    assert due((("a", 31), ("b", 20)), minutes=60)


def test_what_was_written_before_the_clock_was_set_back_is_replaced() -> None:
    assert due((("a", 31), ("b", 20)), minutes=-1)


def test_what_a_publisher_changed_since_is_written_at_once() -> None:
    assert due((("a", 30),), announced=1)
    assert due((("a", 30), ("b", 19)), announced=5 + REVISED / timedelta(minutes=1) - 0.1)
    assert not due((("a", 30), ("b", 19)), announced=5 + REVISED / timedelta(minutes=1))
    assert not due((("a", 31), ("b", 20)), announced=1)  # that is another article


def test_a_view_causes_a_third_of_a_write_unit_at_most() -> None:
    """It is in one ranking of the site and in one of its section, in each window."""
    assert set(PACES) == set(Window)
    assert sum(2 / pace.views_per_unit for pace in PACES.values()) < 1 / 3


@pytest.mark.parametrize(
    ("views", "minutes", "rests"),
    [(ENOUGH_VIEWS - 1, 5, True), (ENOUGH_VIEWS, 5, False), (0, 5, True), (0, 10, False)],
)
def test_a_run_rests_once_when_few_views_are_to_be_expected(
    views: int, minutes: int, *, rests: bool
) -> None:
    since = timedelta(minutes=minutes)
    assert can_rest(views, timedelta(minutes=5), since=since) is rests
    assert can_rest(2 * views, timedelta(minutes=10), since=since) is rests


def test_a_run_does_not_rest_when_nothing_is_known_or_the_clock_was_set_back() -> None:
    assert not can_rest(0, timedelta(0), since=timedelta(minutes=5))
    assert not can_rest(0, timedelta(minutes=5), since=timedelta(minutes=-5))
    assert timedelta(minutes=5) < LONGEST_REST < timedelta(minutes=10)
