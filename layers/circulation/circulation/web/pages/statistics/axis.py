"""What a chart of a period goes by, hours, days or months, and how its points are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.statistics.spans import is_monthly, is_single_day
from circulation.statistics.wording import write_hour
from circulation.web.pages.statistics.plots import Tick
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from circulation.statistics.figures import Span

_EVERY, _EVERY_SMALL = 3, 4
"""Hours from word to word below a chart, and below a small one."""
_MOST, _MOST_SMALL = 8, 4
"""Words below the days or months of a chart, about."""
_WEEK, _YEAR = 7, 12
"""Points up to which days have their weekday, and months no year."""


class Step(StrEnum):
    """What one point is; the words of a chart have its name in their keys."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


def step_of(span: Span) -> Step:
    """Say what a period's points are."""
    if is_single_day(span):
        return Step.HOUR
    return Step.MONTH if is_monthly(span) else Step.DAY


@dataclass(frozen=True, slots=True)
class Axis:
    """The points of a period in a language (BCP 47). Every start is local."""

    step: Step
    language: str

    def name(self, start: datetime) -> str:
        """Name a point: 14:00 to 15:00; Thursday, 26 November; November 2026."""
        words = words_in(self.language)
        if self.step is Step.MONTH:
            return f"{words.name_month(start.month)} {start.year}"
        if self.step is Step.DAY:
            date = f"{start.day} {words.name_month(start.month)}"
            return words("statistics.weekday", weekday=words.name_weekday(start), date=date)
        first, last = (
            write_hour(moment, words, self.language)
            for moment in (start, start + timedelta(hours=1))
        )
        return words("statistics.hours", first=first, last=last)

    def ticks(self, starts: Sequence[datetime], *, is_small: bool = False) -> tuple[Tick, ...]:
        """Give the words below the points; those of hours stand where the hour begins.

        A narrow window does without every other one.
        """
        count = max(1, len(starts))
        if self.step is Step.HOUR:
            every, middle, first = _EVERY_SMALL if is_small else _EVERY, 0.0, 1
        else:
            every = max(1, round(count / (_MOST_SMALL if is_small else _MOST)))
            middle, first = 0.5, 0
        return tuple(
            Tick(
                round(100 * (number + middle) / count),
                self._shorten(start, count),
                bool(number // every % 2),
            )
            for number, start in enumerate(starts)
            if number % every == 0 and number >= first
        )

    def _shorten(self, start: datetime, count: int) -> str:
        words = words_in(self.language)
        if self.step is Step.HOUR:
            return write_hour(start, words, self.language)
        if self.step is Step.MONTH:
            month = words.shorten_month(start.month)
            return month if count <= _YEAR else f"{month} {start.year}"
        return f"{words.shorten_weekday(start)} {start.day}" if count <= _WEEK else str(start.day)
