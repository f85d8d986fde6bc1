"""The periods whose most read articles stay: UTC days, and months of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from circulation.times import LAST, end_of, parse_day, start_of

_LAST = LAST - timedelta(days=31)
_MONTH = re.compile(r"\d{4}-\d\d", flags=re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A UTC day, such as 2026-11-27, or a month of UTC days, such as 2026-11."""

    name: str

    def __str__(self) -> str:
        """Give the name, as a request and an answer have it."""
        return self.name

    @property
    def is_month(self) -> bool:
        """Whether it is a month and not a day."""
        return len(self.name) == len("2026-11")

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        if not self.is_month:
            return end_of(self.name)
        in_next_month = start_of(f"{self.name}-28") + timedelta(days=4)
        return in_next_month.replace(day=1)


def parse_period(text: str) -> Period:
    """Parse a UTC day or a month. Raises ValueError for any other text."""
    try:
        first = parse_day(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except ValueError as error:
        raise ValueError("not a day such as 2026-11-27 nor a month such as 2026-11") from error
    if start_of(first) > _LAST:
        raise ValueError("no period of the calendar")
    return Period(text)


def month_of(day: str) -> Period:
    """Give the month of a UTC day."""
    return Period(day[: len("2026-11")])


def days_of(month: Period) -> tuple[str, str]:
    """Give names between which the days of a month are in order, and no other period is."""
    return f"{month}-01", f"{month}-31"
