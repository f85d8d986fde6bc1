"""Draw the curves of sections from pages, as often as enough articles were added to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.popularity.periods import month_of
from circulation.statistics.curve import HOURS, SAMPLE, curve_of
from circulation.times import day_of, end_of, hour_of, start_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from circulation.counting.counts import Standing
    from circulation.counting.day_book import DayBook
    from circulation.statistics.rollups import Rollups

GROWTH = 1.25
"""A curve is drawn anew when its sample would grow so many times."""
_SPAN = timedelta(hours=HOURS)
_DAYS = 4
"""UTC days that the first 72 hours of an article touch."""


def draw_curves(  # noqa: PLR0913  stores and time are arguments
    day: str,
    standings: Mapping[str, Standing | None],
    rollups: Rollups,
    day_book: DayBook,
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Draw the curves of the articles whose first 72 hours are over with a settled UTC day.

    They are of the months in which these articles were published.
    """
    since = min(rollups.first_day() or day, day)
    until = end_of(day)
    day_before = until - timedelta(days=1)
    months = {month_of(day_of(end - _SPAN)).name for end in (until, day_before)}
    for (section, month), published in _by_section(standings, months, since, until).items():
        if hour_of(max(published.values())) + _SPAN <= day_before:
            continue  # none was added by this day
        known = rollups.curves(section, month, month).get(month)
        if known is None or min(len(published), SAMPLE) >= GROWTH * known.of:
            _draw(section, month, published, rollups, day_book, now, clock)


def redraw_curves(  # noqa: PLR0913  stores and time are arguments
    month: str,
    day: str,
    standings: Mapping[str, Standing | None],
    rollups: Rollups,
    day_book: DayBook,
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Draw the curves of a month anew, with all that is settled up to a UTC day."""
    since, until = rollups.first_day() or day, end_of(day)
    for (section, _), published in _by_section(standings, {month}, since, until).items():
        _draw(section, month, published, rollups, day_book, now, clock)


def _draw(  # noqa: PLR0913, PLR0917  stores and time are arguments
    section: str,
    month: str,
    published: Mapping[str, datetime],
    rollups: Rollups,
    day_book: DayBook,
    now: datetime,
    clock: datetime,
) -> None:
    """Draw the curve of the newest articles of a section, by when each was published."""
    sample = sorted(published, key=lambda article: (published[article], article))[-SAMPLE:]
    starts = {article: hour_of(published[article]) for article in sample}
    viewed = day_book.hours(
        (article, day_of(start + timedelta(days=number)))
        for article, start in starts.items()
        for number in range(_DAYS)
    )
    curve = curve_of(
        [
            [viewed.get((article, day_of(at)), {}).get(at.hour, 0) for at in _hours_from(start)]
            for article, start in starts.items()
        ]
    )
    if curve:
        rollups.put_curve(section, month, curve, as_of=now, clock=clock)


def _by_section(
    standings: Mapping[str, Standing | None], months: Collection[str], since: str, until: datetime
) -> dict[tuple[str, str], dict[str, datetime]]:
    """Give when articles were published whose first 72 hours are over, by section and month.

    Of what was published before the UTC day since which views are counted, some hours are missing.
    """
    grouped: dict[tuple[str, str], dict[str, datetime]] = {}
    for article, standing in standings.items():
        if standing is None or standing.is_unpublished:
            continue
        month = month_of(day_of(standing.published)).name
        if (
            month in months
            and start_of(since) <= standing.published
            and hour_of(standing.published) + _SPAN <= until
        ):
            grouped.setdefault((standing.section, month), {})[article] = standing.published
    return grouped


def _hours_from(start: datetime) -> Iterator[datetime]:
    for number in range(HOURS):
        yield start + timedelta(hours=number)
