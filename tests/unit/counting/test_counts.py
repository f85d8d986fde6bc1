from datetime import timedelta

from circulation.counting.counts import Count
from circulation.counting.view import Entry
from tests.builders import NOW

COUNT = Count("a", views=10, visitors=4, as_of=NOW)
LATER = NOW + timedelta(seconds=1)


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
    assert COUNT.including(entry) == COUNT


def test_the_first_view_of_all_shows_one() -> None:
    entry = Entry(counted=True, fresh=True, at=NOW, views=1)
    assert Count("a", 0, 0).including(entry) == Count("a", 1, 1, as_of=NOW)
