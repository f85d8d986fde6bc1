"""What stands below a chart and what its points are called."""

from datetime import datetime, timedelta

import pytest

from circulation.web.pages.statistics.axis import Axis, Step
from tests.unit.web.pages.statistics.figuring import BAKU

MONDAY = datetime(2026, 11, 23, tzinfo=BAKU)


def days(number: int) -> list[datetime]:
    return [MONDAY + timedelta(days=day) for day in range(number)]


def months(number: int) -> list[datetime]:
    return [datetime(2025 + at // 12, at % 12 + 1, 1, tzinfo=BAKU) for at in range(number)]


def texts(axis: Axis, starts: list[datetime], *, is_small: bool = False) -> list[str]:
    return [tick.text for tick in axis.ticks(starts, is_small=is_small)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"]),
        ("az", ["B.E. 23", "Ç.A. 24", "Ç. 25", "C.A. 26", "C. 27", "Ş. 28", "B. 29"]),
    ],
)
def test_the_days_of_a_week_have_their_weekdays(language: str, words: list[str]) -> None:
    assert texts(Axis(Step.DAY, language), days(7)) == words


def test_the_days_of_a_month_have_their_numbers() -> None:
    assert texts(Axis(Step.DAY, "en"), days(8))[:2] == ["23", "24"]
    assert texts(Axis(Step.DAY, "en"), days(31))[:2] == ["23", "27"]
    assert len(texts(Axis(Step.DAY, "en"), days(31), is_small=True)) == 4


def test_months_that_begin_alike_differ_and_those_of_several_years_have_theirs() -> None:
    words = texts(Axis(Step.MONTH, "az"), months(12))
    assert len(set(words)) == len(words)
    assert texts(Axis(Step.MONTH, "az"), months(8))[5:7] == ["iyn", "iyl"]
    assert texts(Axis(Step.MONTH, "en"), months(16))[:2] == ["Jan 2025", "Mar 2025"]


def test_an_hour_stands_where_it_begins_and_the_first_one_has_no_word() -> None:
    hours = [MONDAY + timedelta(hours=hour) for hour in range(24)]
    ticks = Axis(Step.HOUR, "en-US").ticks(hours)
    assert [(tick.at, tick.text) for tick in ticks][:2] == [(12, "3 AM"), (25, "6 AM")]
    assert [tick.is_minor for tick in ticks][:2] == [True, False]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (Step.HOUR, "00:00\N{EN DASH}01:00"),
        (Step.DAY, "Monday, 23 November"),
        (Step.MONTH, "November 2026"),
    ],
)
def test_a_point_has_a_name(step: Step, name: str) -> None:
    assert Axis(step, "az" if step is Step.HOUR else "en").name(MONDAY) == name
