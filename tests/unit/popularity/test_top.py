from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.popularity.top import Top, top_of_day, top_of_month

ids = st.sampled_from([f"a{number}" for number in range(12)])
days = st.dictionaries(ids, st.integers(0, 9))


@pytest.fixture(autouse=True)
def five_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circulation.popularity.top.MAX_LISTED", 5)


def test_most_views_come_first_then_the_ids_and_what_has_none_is_not_listed() -> None:
    top = top_of_day({"b": 2, "c": 5, "a": 2, "none": 0}, visitors=8, closed=True)
    assert top == Top((("c", 5), ("a", 2), ("b", 2)), rest=0, visitors=8, closed=True)
    assert (top.views, top.is_complete) == (9, True)


def test_what_is_not_listed_is_in_the_rest() -> None:
    top = top_of_day({f"a{number}": number for number in range(1, 9)}, 0, closed=False)
    assert [article for article, _ in top.ranking] == ["a8", "a7", "a6", "a5", "a4"]
    assert (top.rest, top.unlisted, top.error) == (3 + 2 + 1, 3, 0)
    assert not top.is_complete


@given(st.lists(days, max_size=6))
def test_a_month_is_off_by_no_more_than_it_says(views_by_day: list[dict[str, int]]) -> None:
    tops = [top_of_day(views, sum(views.values()), closed=True) for views in views_by_day]
    month = top_of_month(tops, closed=True)
    true = Counter[str]()
    for views in views_by_day:
        true.update(views)
    assert month.views == month.visitors == sum(true.values())
    listed = dict(month.ranking)
    for article, number in true.items():
        if article in listed:
            assert number - month.error <= listed[article] <= number
        else:
            assert number <= month.unlisted
    if month.is_complete:
        assert listed == {article: number for article, number in true.items() if number}


def test_a_month_of_days_that_list_every_article_is_exact() -> None:
    tops = [top_of_day({"a": 1, "b": 2}, 3, closed=True), top_of_day({"a": 4}, 4, closed=False)]
    month = top_of_month(tops, closed=False)
    assert month == Top((("a", 5), ("b", 2)), rest=0, visitors=7)
