"""An article's life: its hours since publication, and what its readers read of its versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.articles.change import ChangeKind
from circulation.statistics.curve import HOURS
from circulation.statistics.figures import Age, Version
from circulation.times import day_of, hour_of, start_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from circulation.articles.change import Alteration
    from circulation.statistics.curve import Curve

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Life:
    """An article's views since its publication."""

    hours: Mapping[datetime, int] = field(default_factory=dict)
    """By UTC hour, of the days whose pages were read."""
    days: Mapping[str, int] = field(default_factory=dict)
    """By UTC day, of all other days."""

    @property
    def views(self) -> int:
        """All of them."""
        return sum(self.hours.values()) + sum(self.days.values())


def ages_of(
    hours: Mapping[datetime, int], published: datetime, curve: Curve | None, *, until: datetime
) -> tuple[Age, ...]:
    """Give the first 72 hours as far as they are over, beside the section's.

    The first is the UTC hour in which the article appeared.
    """
    first = hour_of(published)
    ages: list[Age] = []
    total = 0
    for number in range(HOURS):
        start = first + number * _HOUR
        if start + _HOUR > until:
            break
        views = hours.get(start, 0)
        total += views
        ages.append(
            Age(
                number,
                views,
                total,
                float(curve.median[number]) if curve else None,
                float(curve.low[number]) if curve else None,
                float(curve.high[number]) if curve else None,
            )
        )
    return tuple(ages)


def versions_of(history: Sequence[Alteration], life: Life) -> tuple[Version, ...]:
    """Give an article's versions, the oldest first, each with the views that were of it.

    A view of an hour belongs to the version that stood at its start, and so does a day of which
    only the sum is known. What is older than the first noted version is the first one's.
    """
    changes = [change for change in history if change.version is not None and change.kinds]
    views = [0] * len(changes)
    pieces = [*life.hours.items(), *((start_of(day), sum_) for day, sum_ in life.days.items())]
    for start, number in pieces:
        place = sum(change.at <= start for change in changes) - 1
        if changes:
            views[max(0, place)] += number
    total = sum(views)
    return tuple(
        Version(
            change.version or 0,
            change.at,
            change.kinds,
            change.title,
            change.title_was,
            number,
            number / total if total else 0.0,
            life.hours.get(hour_of(change.at) - _HOUR, 0),
            life.hours.get(hour_of(change.at) + _HOUR, 0),
        )
        for change, number in zip(changes, views, strict=True)
    )


def mailings_of(history: Sequence[Alteration]) -> list[datetime]:
    """Give when digests that had the article were frozen."""
    return [change.at for change in history if ChangeKind.MAILED in change.kinds]


def days_of_changes(history: Sequence[Alteration], most: int) -> list[str]:
    """Give the UTC days of an article's newest changes and the ones around, the newest first.

    The days around have the hours before and after a change near midnight.
    """
    days: dict[str, None] = {}
    for change in reversed(history):
        if change.version is not None:
            around = (change.at, change.at - 2 * _HOUR, change.at + 2 * _HOUR)
            days |= dict.fromkeys(map(day_of, around))
    return list(days)[:most]
