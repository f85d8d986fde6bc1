from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from circulation_cli.local_stack.schedules import cron_of, following
from circulation_cli.local_stack.template import Template


def test_eventbridge_cron_becomes_five_fields() -> None:
    assert cron_of("cron(10 0 * * ? *)") == "10 0 * * *"
    assert cron_of("cron(0/5 8 ? * MON-FRI *)") == "0/5 8 * * MON-FRI"


@pytest.mark.parametrize(
    "schedule", ["rate(5 minutes)", "cron(0 0 ? * 2 *)", "cron(0 0 1 1 ? 2030)"]
)
def test_a_schedule_without_an_equal_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="local stack"):
        cron_of(schedule)


def test_a_schedule_of_every_five_minutes_fires_on_the_fives() -> None:
    start = datetime(2026, 3, 14, 23, 53, tzinfo=UTC)
    times = CronSim(cron_of("cron(0/5 * * * ? *)"), start)
    assert [next(times).strftime("%d %H:%M") for _ in range(3)] == [
        "14 23:55",
        "15 00:00",
        "15 00:05",
    ]


def test_the_local_stack_understands_every_schedule_of_the_template(template: Template) -> None:
    schedules = [event["Schedule"] for _, event in template.events("Schedule")]
    assert [cron_of(each) for each in schedules]


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Asia/Baku", "2026-11-27T00:00+00:00", "2026-11-27T03:00+00:00"),
        ("Europe/Berlin", "2026-07-01T00:00+00:00", "2026-07-01T05:00+00:00"),
        ("Europe/Berlin", "2026-12-01T00:00+00:00", "2026-12-01T06:00+00:00"),
    ],
)
def test_a_schedule_is_of_its_zone(zone: str, start: str, expected: str) -> None:
    after = following("0 7 * * *", ZoneInfo(zone), datetime.fromisoformat(start))
    assert after == datetime.fromisoformat(expected)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_an_hour_that_is_left_out_or_comes_twice_is_that_days(day: str) -> None:
    """At 02:30 in Berlin the clock goes to 3, or back to 2."""
    zone, now = ZoneInfo("Europe/Berlin"), datetime.fromisoformat(f"{day}T00:00+01:00")
    due = set()
    while now.astimezone(zone).date().isoformat() == day:
        now = following("30 * * * *", zone, now)
        if now.astimezone(zone).hour >= 2:
            due.add(now.astimezone(zone).date().isoformat())
    assert day in due
