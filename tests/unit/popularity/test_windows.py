from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from circulation.counting.counts import PageViews, Standing
from circulation.popularity.windows import (
    Ranking,
    Window,
    days_of_windows,
    hours_of,
    rank_by_section,
    sum_by_days,
    sum_by_hours,
)
from circulation.times import day_of, days_until
from tests.builders import NOW, TODAY

YESTERDAY = "2026-03-13"
MIDNIGHT = datetime(2026, 3, 14, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone


def standing(section: str = "city", *, hours: int = 1, views: int = 0) -> Standing:
    return Standing(
        section, NOW - timedelta(hours=hours), views, visitors=views, open_days=frozenset()
    )


def test_an_hour_is_the_running_one_and_the_whole_one_before() -> None:
    assert list(hours_of(Window.HOUR, TODAY, NOW)) == [14, 15]
    assert list(hours_of(Window.HOUR, YESTERDAY, NOW)) == []


def test_after_midnight_the_hour_before_is_yesterdays() -> None:
    assert list(hours_of(Window.HOUR, TODAY, MIDNIGHT)) == [0]
    assert list(hours_of(Window.HOUR, YESTERDAY, MIDNIGHT)) == [23]


def test_24_hours_are_the_running_one_and_the_24_before() -> None:
    assert list(hours_of(Window.DAY, TODAY, NOW)) == list(range(16))
    assert list(hours_of(Window.DAY, YESTERDAY, NOW)) == list(range(15, 24))
    assert list(hours_of(Window.DAY, YESTERDAY, MIDNIGHT)) == list(range(24))
    assert list(hours_of(Window.DAY, TODAY, MIDNIGHT)) == [0]


@given(now=moments, back=st.integers(0, 60))
def test_an_hour_is_in_a_window_exactly_when_it_began_at_most_that_long_before_the_running_one(
    now: datetime, back: int
) -> None:
    hour = (now - timedelta(hours=back)).replace(minute=0, second=0, microsecond=0)
    for window, number in ((Window.HOUR, 1), (Window.DAY, 24)):
        inside = hour.hour in hours_of(window, day_of(hour), now)
        assert inside is (back <= number)


@given(now=moments)
def test_today_and_yesterday_hold_every_hour_of_the_windows_of_hours(now: datetime) -> None:
    today, yesterday, before, *_ = days_of_windows(now)
    for window, number in ((Window.HOUR, 2), (Window.DAY, 25)):
        found = len(hours_of(window, today, now)) + len(hours_of(window, yesterday, now))
        assert found == number
        assert not hours_of(window, before, now)


def test_windows_of_days_are_the_running_day_and_the_whole_ones_before() -> None:
    days = days_of_windows(NOW)
    assert (days[0], days[-1], len(days)) == (TODAY, "2026-02-12", 31)
    # Each day has ten times the views of the one after it, so that a sum names its days.
    views = {day: {"a": 10**back} for back, day in enumerate(days)}
    sums = sum_by_days(views, NOW)
    assert str(sums[Window.WEEK]["a"]) == "1" * 8
    assert str(sums[Window.MONTH]["a"]) == "1" * 31


def by_hour(views: dict[int, int]) -> list[int]:
    return [views.get(hour, 0) for hour in range(24)]


def test_views_are_summed_over_the_hours_inside_the_window() -> None:
    pages = {
        TODAY: [PageViews("a", 9, 9, by_hour({13: 1, 14: 2, 15: 4}), sealed=False)],
        YESTERDAY: [
            PageViews("a", 9, 9, by_hour({14: 8, 15: 16, 23: 32}), sealed=True),
            PageViews("b", 9, 9, by_hour({14: 64}), sealed=True),
        ],
    }
    sums = sum_by_hours(pages, NOW)
    assert sums == {Window.HOUR: {"a": 6}, Window.DAY: {"a": 55}}


def test_most_views_come_first_then_the_newest_then_the_ids() -> None:
    views = {"a-old": 3, "b": 3, "a": 3, "most": 4}
    standings = {"a-old": standing(hours=9), "b": standing(), "a": standing(), "most": standing()}
    rankings = rank_by_section(Window.DAY, views, standings, NOW)
    assert rankings[None] == (("most", 4), ("a", 3), ("b", 3), ("a-old", 3))
    assert rankings["city"] == rankings[None]


def test_only_what_is_published_and_viewed_is_ranked() -> None:
    views = {"unviewed": 0, "future": 5, "unpublished": 5, "unknown": 5}
    standings = {"unviewed": standing(), "future": standing(hours=-1), "unpublished": None}
    assert rank_by_section(Window.DAY, views, standings, NOW) == {None: ()}


def test_an_article_is_ranked_from_the_second_it_is_published() -> None:
    assert rank_by_section(Window.DAY, {"a": 1}, {"a": standing(hours=0)}, NOW)["city"] == (
        ("a", 1),
    )


@pytest.mark.parametrize(
    ("window", "everywhere", "section"),
    [(Window.HOUR, 150, 150), (Window.MONTH, 150, 150), (Window.ALL, 500, 150)],
)
def test_a_ranking_has_its_length(window: Window, everywhere: int, section: int) -> None:
    views = {f"a{number}": number for number in range(1, 601)}
    rankings = rank_by_section(window, views, dict.fromkeys(views, standing()), NOW)
    assert [len(rankings[None]), len(rankings["city"])] == [everywhere, section]
    assert rankings["city"] == rankings[None][:section]
    assert rankings["city"][0] == ("a600", 600)


ids = st.sampled_from([f"a{number}" for number in range(12)])
days = st.dictionaries(ids, st.integers(0, 4))
standings = st.builds(
    Standing,
    section=st.sampled_from(["city", "sport"]),
    published=st.integers(-3, 6).map(lambda hours: NOW - timedelta(hours=hours)),
    views=st.integers(0, 9),
    open_days=st.just(frozenset()),
)


def naive(
    views: list[tuple[str, int]], told: dict[str, Standing | None]
) -> dict[str | None, Ranking]:
    """Rank by counting, for each article, those that go before it."""
    shown = [
        (article, number, entry)
        for article, number in views
        if (entry := told.get(article)) is not None
        and number > 0
        and entry.published <= NOW
        and not entry.is_unpublished
    ]
    rankings: dict[str | None, Ranking] = {}
    for section in {None, *(entry.section for _, _, entry in shown)}:
        group = [each for each in shown if section in (None, each[2].section)]
        places = {
            sum(
                other[1] > each[1]
                or (other[1] == each[1] and other[2].published > each[2].published)
                or (
                    other[1] == each[1]
                    and other[2].published == each[2].published
                    and other[0] < each[0]
                )
                for other in group
            ): (each[0], each[1])
            for each in group
        }
        rankings[section] = tuple(places[place] for place in sorted(places))
    return rankings


@given(
    views=st.lists(days, min_size=31, max_size=31),
    told=st.dictionaries(ids, st.none() | standings),
)
@example(views=[{}] * 31, told={})
def test_a_ranking_is_what_a_naive_count_says(
    views: list[dict[str, int]], told: dict[str, Standing | None]
) -> None:
    by_day = dict(zip(days_of_windows(NOW), views, strict=True))
    sums = sum_by_days(by_day, NOW)
    for window, length in ((Window.WEEK, 8), (Window.MONTH, 31)):
        inside = days_until(TODAY, length)
        expected = [
            (article, sum(by_day[day].get(article, 0) for day in inside))
            for article in {each for day in inside for each in by_day[day]}
        ]
        assert rank_by_section(window, sums[window], told, NOW) == naive(expected, told)
