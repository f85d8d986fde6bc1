from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.popularity.periods import Period, days_of, month_of, parse_period


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-11-27", datetime(2026, 11, 28, tzinfo=UTC)),
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2028-02", datetime(2028, 3, 1, tzinfo=UTC)),
        ("0001-01", datetime(1, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_period_is_a_day_or_a_month(text: str, end: datetime) -> None:
    period = parse_period(text)
    assert (str(period), period.end) == (text, end)


@pytest.mark.parametrize(
    "text",
    [
        "", "24h", "2026", "2026-1", "2026-13", "2026-00", "2026-02-30", "2026-11-27T00:00:00Z",
        "٢٠٢٦-11", "2026-11-", "9999-12", "9999-12-31", "0000-01", "2026-11-27 ",
    ],
)  # fmt: skip
def test_nothing_else_is_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|day such as"):
        parse_period(text)


@given(st.dates(min_value=datetime(1, 1, 3).date()))  # noqa: DTZ001
def test_the_days_of_a_month_are_between_their_bounds_and_no_month_is(day: object) -> None:
    month = month_of(str(day))
    first, last = days_of(month)
    assert first <= str(day) <= last
    assert not first <= month.name <= last
    assert Period(str(day)).is_month is False
    assert month.is_month
