"""Roll up the pages of open days as often as views pay for it, and closed days once and for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.popularity.pace import UNIT_BYTES, Pace
from circulation.popularity.periods import days_of, month_of
from circulation.statistics.article_months import note_missing_days
from circulation.statistics.curves import draw_curves
from circulation.statistics.rollup import (
    OLDEST,
    THE_SITE,
    Rollup,
    StoredRollup,
    Subject,
    SubjectKind,
)
from circulation.statistics.summing import choose_subjects, rollup_of, sum_days, sum_pages
from circulation.times import end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from circulation.counting.counts import Standing
    from circulation.counting.day_book import DayBook
    from circulation.popularity.ranking import Findings
    from circulation.statistics.rollups import Rollups
    from circulation.views.filtered import Filtered

PACES = {
    SubjectKind.SITE: Pace(OLDEST[SubjectKind.SITE], 60),
    SubjectKind.SECTION: Pace(OLDEST[SubjectKind.SECTION], 100),
    SubjectKind.AUTHOR: Pace(OLDEST[SubjectKind.AUTHOR], 100),
    SubjectKind.TAG: Pace(OLDEST[SubjectKind.TAG], 100),
}
"""How often the roll-up of an open day gives way to one that differs from it."""
FILTERED_EVERY = timedelta(hours=1)
"""How often filtered hits are summed up while their day is open."""


@dataclass(slots=True)
class OpenDay:
    """What is stored of a day that is not closed."""

    stored: dict[Subject, StoredRollup]
    """Of the site and of every subject that has a roll-up of the day."""
    filtered_at: datetime


@dataclass(slots=True)
class RollupMemory:
    """What a container remembers; an empty one costs the next run reads and changes no result."""

    open_days: dict[str, OpenDay] = field(default_factory=dict)
    closed: set[str] | None = None
    """The days whose roll-ups are final."""


@dataclass(frozen=True, slots=True)
class RollupSources:
    """What roll-ups are made from, and where they are kept."""

    rollups: Rollups
    day_book: DayBook
    filtered: Filtered


def roll_up(
    found: Findings,
    sources: RollupSources,
    memory: RollupMemory,
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Bring the roll-ups of the days that a run of the rankings found up to date.

    All of them are set from pages, so a run that dies, runs twice or runs beside a twin does no
    harm. The site's roll-up of a day is closed last: one that is not closed tells a later run that
    the others may not be either.
    """
    if memory.closed is None:
        days = sorted(found.days.views)
        stored = sources.rollups.days(THE_SITE, days[0], days[-1])
        memory.closed = {day for day, entry in stored.items() if entry.rollup.closed}
    for day in sorted(found.closed - memory.closed):
        if found.days.site[day].views:
            viewed = [article for article, views in found.days.views[day].items() if views]
            note_missing_days(viewed, day, sources.day_book, sources.rollups)
            close_day(day, sources, found.standings, now=now, clock=clock)
        elif month_of(day).end == end_of(day):
            close_month(day, sources.rollups, now=now, clock=clock)
        memory.closed.add(day)
        memory.open_days.pop(day, None)
    memory.closed &= found.days.views.keys()
    for day in sorted(found.days.wide - memory.closed):
        _roll_up_open(day, found, sources, memory, now=now, clock=clock)


def _roll_up_open(  # noqa: PLR0913  stores and time are arguments
    day: str,
    found: Findings,
    sources: RollupSources,
    memory: RollupMemory,
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Write those roll-ups of an open day that are due."""
    rollups, nothing = sources.rollups, StoredRollup(Rollup(), start_of(day))
    if day not in memory.open_days:
        subjects = {THE_SITE, *rollups.subjects(day)}
        known = dict.fromkeys(subjects, nothing) | rollups.of_day(subjects, day)
        memory.open_days[day] = OpenDay(known, known[THE_SITE].as_of)
    open_day = memory.open_days[day]
    sums = sum_pages(found.days.pages[day], found.standings)
    filtered = open_day.stored[THE_SITE].rollup.filtered
    chosen = choose_subjects(sums, open_day.stored.keys() - {THE_SITE})
    due: dict[Subject, Rollup] = {}
    for subject in (*open_day.stored, *chosen):
        before = open_day.stored.get(subject, nothing)
        rollup = rollup_of(subject, sums, filtered=filtered if subject == THE_SITE else None)
        if _is_due(PACES[subject.kind], before, rollup, now=now):
            due[subject] = rollup
    if THE_SITE in due and now - open_day.filtered_at >= FILTERED_EVERY:
        filtered, open_day.filtered_at = sources.filtered.of_site(day), now
        due[THE_SITE] = rollup_of(THE_SITE, sums, filtered=filtered)
    rollups.name_subjects(day, due.keys() - open_day.stored.keys())
    for subject, rollup in due.items():
        rollups.put(subject, day, rollup, as_of=now, clock=clock)
        # If a later run had written one, the next comparison is with this all the same.
        open_day.stored[subject] = StoredRollup(rollup, now)


def _is_due(pace: Pace, stored: StoredRollup, rollup: Rollup, *, now: datetime) -> bool:
    """Tell whether a roll-up is to be written in place of the stored one."""
    if stored.rollup == rollup:
        return False
    if not now - pace.oldest < stored.as_of <= now:
        return True  # it is too old, or from before the clock was set back
    moved = abs(rollup.views - stored.rollup.views)
    return moved >= pace.views_per_unit * _units(rollup)


def _units(rollup: Rollup) -> int:
    """Give the write units of a roll-up: its names, and five bytes for each number beside."""
    named = (*rollup.breakdown, rollup.sections, rollup.authors, rollup.tags, dict(rollup.top))
    return 1 + sum(len(name) + 5 for names in named for name in names) // UNIT_BYTES


def close_day(
    day: str,
    sources: RollupSources,
    standings: Mapping[str, Standing | None],
    *,
    now: datetime,
    clock: datetime,
) -> None:
    """Set the final roll-ups of a UTC day that is settled, and those of its month.

    Standings are for curves alone.
    """
    rollups = sources.rollups
    finals = finals_of(day, sources)
    for subject in finals.keys() - {THE_SITE}:
        rollups.put(subject, day, finals[subject], as_of=now, clock=clock)
    sum_month(day, finals, rollups, now=now, clock=clock)
    draw_curves(day, standings, rollups, sources.day_book, now=now, clock=clock)
    rollups.put(THE_SITE, day, finals[THE_SITE], as_of=now, clock=clock)


def finals_of(day: str, sources: RollupSources) -> dict[Subject, Rollup]:
    """Make the final roll-ups of a UTC day that is settled, and note which subjects have one.

    The pages say what their views belong to, so they are read consistently: one that is seen as it
    was before the seal would say nothing.
    """
    sums = sum_pages(sources.day_book.read_wide(day, consistent=True), {})
    known = sources.rollups.subjects(day)
    chosen = choose_subjects(sums, known)
    sources.rollups.name_subjects(day, chosen)
    finals = {subject: rollup_of(subject, sums, closed=True) for subject in (*known, *chosen)}
    filtered = sources.filtered.of_site(day)
    return finals | {THE_SITE: rollup_of(THE_SITE, sums, filtered=filtered, closed=True)}


def close_month(day: str, rollups: Rollups, *, now: datetime, clock: datetime) -> None:
    """Close the month of its last UTC day, which has no views, unless it is closed."""
    month = str(month_of(day))
    stored = rollups.months(THE_SITE, month, month).get(month)
    if stored and not stored.rollup.closed:
        sum_month(day, {}, rollups, now=now, clock=clock)


def sum_month(  # noqa: PLR0913  stores and time are arguments
    day: str,
    finals: Mapping[Subject, Rollup],
    rollups: Rollups,
    *,
    whole: bool = False,
    now: datetime,
    clock: datetime,
) -> None:
    """Set the months of the subjects that a day has final roll-ups of, which need not be stored.

    If the month is over, or the whole of it is wanted, also those of every other subject that has
    a day in it. Only closed days are in a month, up to the first one that is not: it names the last
    one, and a reader adds the later days.
    """
    month = month_of(day)
    first, last = days_of(month)
    of_site = rollups.days(THE_SITE, first, last, consistent=True)
    closed_days = {name for name, stored in of_site.items() if stored.rollup.closed} | {day}
    until = ""
    for name in sorted(of_site.keys() | {day}):
        if name not in closed_days:
            break
        until = name
    is_over = month.end <= now
    closed = is_over and closed_days >= of_site.keys()
    subjects = {THE_SITE, *finals}
    if is_over or whole:
        for name in of_site:
            subjects |= rollups.subjects(name)
    for subject in sorted(subjects):
        stored = (
            of_site if subject == THE_SITE else rollups.days(subject, first, last, consistent=True)
        )
        days = {
            name: entry.rollup
            for name, entry in stored.items()
            if entry.rollup.closed and name <= until
        }
        if subject in finals and day <= until:
            days[day] = finals[subject]
        rollup = sum_days(subject, days.values(), closed=closed, until=until)
        rollups.put(subject, str(month), rollup, as_of=now, clock=clock)
