from dataclasses import replace
from datetime import timedelta

import pytest

from circulation.counting.counts import Count
from circulation.counting.view import Entry
from circulation.times import day_of, end_of
from tests.builders import NOW, TODAY

COUNT = Count("a", views=10, visitors=4, as_of=NOW)
LATER = NOW + timedelta(seconds=1)
TALLIED = replace(COUNT, pages={TODAY: NOW})


def test_an_answer_includes_the_visitors_own_new_view() -> None:
    entry = Entry(counted=True, fresh=True, at=LATER, views=1)
    assert COUNT.including(entry) == Count("a", 11, 5, as_of=LATER)


def test_a_visitors_second_view_is_no_second_visitor() -> None:
    entry = Entry(counted=True, fresh=True, at=LATER, views=2)
    assert COUNT.including(entry) == Count("a", 11, 4, as_of=LATER)


def test_a_view_of_nobody_is_no_new_visitor() -> None:
    entry = Entry(counted=True, fresh=True, at=LATER, views=1, anonymous=True)
    assert COUNT.including(entry) == Count("a", 11, 4, as_of=LATER)


def test_a_repeat_sees_its_earlier_view_even_before_that_is_tallied() -> None:
    entry = Entry(counted=False, fresh=False, at=LATER, views=1)
    assert COUNT.including(entry).views == 11


def test_a_repeat_of_a_tallied_view_adds_nothing() -> None:
    entry = Entry(counted=False, fresh=False, at=NOW, views=1)
    assert TALLIED.including(entry) == TALLIED


@pytest.mark.parametrize(
    "settled",
    [
        Count("a", 10, 4, settled_days=frozenset({TODAY})),
        Count("a", 10, 4, horizon=TODAY),
        Count("a", 10, 4, pages={TODAY: end_of(TODAY)}),
    ],
)
def test_a_repeat_of_a_view_of_a_settled_or_sealed_day_adds_nothing(settled: Count) -> None:
    entry = Entry(counted=False, fresh=False, at=NOW, views=1)
    assert settled.including(entry) == settled


def test_a_repeat_is_compared_with_the_page_of_its_own_day() -> None:
    count = Count("a", 10, 4, as_of=NOW + timedelta(days=1), pages={day_of(NOW): None})
    entry = Entry(counted=False, fresh=False, at=NOW, views=1)
    assert count.including(entry).views == 11


def test_the_first_view_of_all_shows_one() -> None:
    entry = Entry(counted=True, fresh=True, at=NOW, views=1)
    assert Count("a", 0, 0).including(entry) == Count("a", 1, 1, as_of=NOW)
