from datetime import UTC, datetime

import pytest

from circulation.times import (
    day_before,
    day_of,
    days_between,
    days_until,
    format_time,
    hour_of,
    hours_until,
    milliseconds,
    parse_day,
    parse_time,
    start_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-26T11:11:00+04:00",
        "2025-12-26T11:11+04:00",
        "2025-12-26t07:11:00z",
        "2025-12-26 07:11:00.999Z",
    ],
)
def test_rfc_3339_times_are_read_as_utc(text: str) -> None:
    assert format_time(parse_time(text)) == "2025-12-26T07:11:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-26",
        "2025-12-26T11:11:00",
        "2025-13-01T00:00:00Z",
        "2025-12-26T11:11:00+24:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59Z",
        "",
    ],
)
def test_a_time_without_an_offset_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"RFC 3339|no time of the calendar"):
        parse_time(text)


def test_the_day_is_the_utc_day() -> None:
    assert day_of(parse_time("2026-01-01T02:00:00+04:00")) == "2025-12-31"
    assert day_before("2026-03-01") == "2026-02-28"
    assert start_of("2026-01-01") == datetime(2026, 1, 1, tzinfo=UTC)


def test_days_and_hours_are_named_up_to_the_last() -> None:
    assert days_until("2026-03-01", 3) == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert days_between("2026-02-27", "2026-03-01") == 3
    assert days_between("2026-03-01", "2026-02-27") < 1
    last = hour_of(parse_time("2026-03-01T04:59:59+04:00"))
    assert [format_time(each) for each in hours_until(last, 2)] == [
        "2026-02-28T23:00:00Z",
        "2026-03-01T00:00:00Z",
    ]


def test_the_calendar_begins_with_its_first_day() -> None:
    assert days_until("0001-01-02", 30) == ["0001-01-01", "0001-01-02"]


@pytest.mark.parametrize("text", ["20260314", "2026-W11-6", "2026-02-30", "2026-3-1", "٢٠٢٦-03-14"])
def test_a_day_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        parse_day(text)


def test_milliseconds_count_from_1970() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)) == 1500


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1990-12-31T23:59:60Z", "1990-12-31T23:59:59Z"),  # RFC 3339, section 5.8
        ("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59Z"),
        ("2017-01-01T05:29:60.75+05:30", "2016-12-31T23:59:59Z"),
        ("2015-07-01t03:59:60,5+04:00", "2015-06-30T23:59:59Z"),
    ],
)
def test_a_leap_second_is_the_second_before_it(text: str, second: str) -> None:
    assert format_time(parse_time(text)) == second


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-30T23:59:60Z",
        "2016-12-31T23:58:60Z",
        "2016-12-31T23:59:60+04:00",
        "2016-12-31T23:59:61Z",
        "2016-12-31T12:60:60Z",
    ],
)
def test_a_leap_second_that_ends_no_month_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of the calendar"):
        parse_time(text)
