from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from circulation.statistics.figures import Against, Span, Unit
from circulation.statistics.spans import (
    Calendar,
    NoSpan,
    compared,
    following,
    previous,
    range_of,
    span_of,
)

BAKU = Calendar(ZoneInfo("Asia/Baku"))
THURSDAY = date(2026, 11, 26)


def hours(zone: str, day: str) -> list[datetime]:
    return Calendar(ZoneInfo(zone)).hours(date.fromisoformat(day))


def test_a_local_day_has_the_utc_hours_that_begin_on_it() -> None:
    assert hours("Asia/Baku", "2026-11-26")[0] == datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert len(hours("Asia/Baku", "2026-11-26")) == 24


def test_a_day_in_a_zone_of_half_hours_begins_at_the_next_full_utc_hour() -> None:
    kolkata = hours("Asia/Kolkata", "2026-11-26")
    assert kolkata[0] == datetime(2026, 11, 25, 19, tzinfo=UTC)
    assert kolkata[0].astimezone(ZoneInfo("Asia/Kolkata")).strftime("%H:%M") == "00:30"
    assert len(kolkata) == 24


def test_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    assert len(hours("Europe/Berlin", "2026-03-29")) == 23
    assert len(hours("Europe/Berlin", "2026-10-25")) == 25


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    assert hours("Pacific/Apia", "2011-12-30") == []
    assert hours("Pacific/Apia", "2011-12-31")[0] == datetime(2011, 12, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"]
)
def test_every_utc_hour_of_a_year_is_in_one_local_day(zone: str) -> None:
    calendar = Calendar(ZoneInfo(zone))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    found = [hour for day in days for hour in calendar.hours(day)]
    assert found == [found[0] + timedelta(hours=number) for number in range(len(found))]


@pytest.mark.parametrize(
    ("unit", "weekday", "first", "last"),
    [
        (Unit.DAY, 0, "2026-11-26", "2026-11-26"),
        (Unit.WEEK, 0, "2026-11-23", "2026-11-29"),
        (Unit.WEEK, 6, "2026-11-22", "2026-11-28"),
        (Unit.MONTH, 0, "2026-11-01", "2026-11-30"),
        (Unit.YEAR, 0, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_has_whole_days_weeks_months_and_years(
    unit: Unit, weekday: int, first: str, last: str
) -> None:
    expected = Span(unit, date.fromisoformat(first), date.fromisoformat(last))
    assert span_of(unit, THURSDAY, first_weekday=weekday) == expected


@pytest.mark.parametrize("unit", [Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR])
def test_periods_follow_each_other_without_a_gap(unit: Unit) -> None:
    span = span_of(unit, date(2024, 2, 29))
    assert previous(span).last + timedelta(days=1) == span.first
    assert following(span).first - timedelta(days=1) == span.last
    assert previous(following(span)) == span


def firsts(span: Span, against: Against) -> list[str]:
    return [other.first.isoformat() for other in compared(span, against)]


def test_usual_are_the_last_four_same_weekdays_weeks_and_months() -> None:
    assert firsts(span_of(Unit.DAY, THURSDAY), Against.USUAL) == [
        "2026-11-19", "2026-11-12", "2026-11-05", "2026-10-29",
    ]  # fmt: skip
    assert firsts(span_of(Unit.WEEK, THURSDAY), Against.USUAL)[-1] == "2026-10-26"
    assert firsts(span_of(Unit.MONTH, THURSDAY), Against.USUAL) == [
        "2026-10-01", "2026-09-01", "2026-08-01", "2026-07-01",
    ]  # fmt: skip


def test_a_year_before_has_the_same_dates_and_weekdays_are_52_weeks_before() -> None:
    day = span_of(Unit.DAY, THURSDAY)
    assert firsts(day, Against.YEAR) == ["2025-11-26"]
    assert firsts(day, Against.WEEKDAYS) == ["2025-11-27"]
    assert firsts(span_of(Unit.DAY, date(2024, 2, 29)), Against.YEAR) == ["2023-02-28"]
    month = compared(span_of(Unit.MONTH, date(2025, 2, 3)), Against.YEAR)[0]
    assert (month.first, month.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert compared(day, Against.NONE) == ()


def test_a_long_range_is_of_whole_months_and_at_most_five_years() -> None:
    short = range_of(date(2026, 1, 5), date(2026, 3, 7))
    assert (short.first, short.last) == (date(2026, 1, 5), date(2026, 3, 7))
    long = range_of(date(2026, 1, 5), date(2026, 3, 8))
    assert (long.first, long.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (previous(long).first, previous(long).last) == (date(2025, 10, 1), date(2025, 12, 31))
    assert range_of(date(2021, 12, 3), date(2026, 11, 1)).first == date(2021, 12, 1)
    with pytest.raises(NoSpan, match="5 years"):
        range_of(date(2021, 11, 3), date(2026, 11, 1))
    with pytest.raises(NoSpan, match="after to"):
        range_of(THURSDAY, date(2026, 11, 25))


def test_today_is_the_day_that_has_the_running_hour() -> None:
    assert BAKU.date_of(datetime(2026, 11, 25, 20, 1, tzinfo=UTC)) == THURSDAY
    kolkata = Calendar(ZoneInfo("Asia/Kolkata"))
    assert kolkata.date_of(datetime(2026, 11, 25, 18, 45, tzinfo=UTC)) == date(2026, 11, 25)
    assert kolkata.date_of(datetime(2026, 11, 25, 19, 0, tzinfo=UTC)) == THURSDAY
