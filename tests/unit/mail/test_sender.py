from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from circulation.mail.sender import WEEKDAYS, Plan, read_weekday
from circulation.mail.subscriber import Frequency

DAILY, WEEKLY = Frequency.DAILY, Frequency.WEEKLY


def due(zone: str, *moment: int, weekday: str = "FRI") -> list[tuple[Frequency, str]]:
    plan = Plan(7, read_weekday(weekday), ZoneInfo(zone))
    return plan.due(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]


def test_a_digest_has_the_local_date() -> None:
    assert due("Asia/Baku", 2026, 11, 25, 20, 30) == [(DAILY, "2026-11-26")]
    assert due("America/Los_Angeles", 2026, 11, 27, 3, 0) == [(DAILY, "2026-11-26")]


def test_on_its_day_there_is_a_weekly_digest_too() -> None:
    assert due("UTC", 2026, 11, 27, 7) == [(DAILY, "2026-11-27"), (WEEKLY, "2026-11-27")]


def test_an_hour_that_comes_twice_makes_one_digest() -> None:
    first, second = (
        due("Europe/Berlin", 2026, 10, 25, 0, 30),
        due("Europe/Berlin", 2026, 10, 25, 1, 30),
    )
    assert first == second == [(DAILY, "2026-10-25")]


def test_the_days_of_the_week_are_those_of_eventbridge() -> None:
    assert [read_weekday(name) for name in WEEKDAYS] == list(range(7))
    with pytest.raises(ValueError, match="must be one of MON"):
        read_weekday("friday")
