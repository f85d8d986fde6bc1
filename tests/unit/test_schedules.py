from datetime import UTC, datetime

import pytest
from cronsim import CronSim

from circulation_cli.local_stack.schedules import cron_of
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
