"""What is said of a period in a sentence or two: whether it is usual, and what makes it differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.counting.breakdown import OTHER
from circulation.statistics.figures import Against
from circulation.statistics.spans import USUAL_OF

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.statistics.figures import Row, SiteFigures, Span

AS_USUAL = 3
"""Per cent of a difference up to which a number is as usual."""
FACTOR_FROM = 100
"""Per cent above from which a number is said as a factor."""
STORY_SHARE = 0.15
"""The share of the views from which one article is said to make the difference."""
LEAST_SECTION_SHARE = 0.02
"""The usual share of the views below which a section is too small to be spoken of."""


class Direction(StrEnum):
    """How a number stands to what it is compared with."""

    AS_USUAL = "as_usual"
    ABOVE = "above"
    BELOW = "below"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Difference:
    """A number beside the one that it is compared with."""

    direction: Direction
    percent: int = 0
    """Above or below, without a sign; 0 for the others."""
    factor: float = 0.0
    """How many times as much, to a tenth; 0 for the others."""


class Extreme(StrEnum):
    """That a number is outside the range of the usual."""

    MOST = "most"
    FEWEST = "fewest"


@dataclass(frozen=True, slots=True)
class Story:
    """The article that makes the difference."""

    title: str
    views: int
    without: Difference | None
    """The period without it, beside the usual; None if nothing is known to compare with."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """The section that is furthest from its usual."""

    section: str
    difference: Difference
    others_as_usual: bool
    """Whether all other sections are as usual."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of a period."""

    span: Span
    against: Against
    views: int
    until: datetime | None
    """The local end of the last complete point, if the period runs and one is complete."""
    started: bool
    """Whether any point is complete."""
    difference: Difference | None = None
    """None if too little is known to compare with."""
    extreme: Extreme | None = None
    known: int | None = None
    """How many of the usual periods are known, if too few are."""
    story: Story | None = None
    outlier: Outlier | None = None


def difference_of(views: float, before: float | None) -> Difference | None:
    """Compare a number with the one before; None if there is nothing to compare with."""
    if not before:
        return None
    percent = round(100 * (views - before) / before)
    if abs(percent) <= AS_USUAL:
        return Difference(Direction.AS_USUAL)
    if percent >= FACTOR_FROM:
        return Difference(Direction.TIMES, factor=round(views / before, 1))
    return Difference(Direction.ABOVE if percent > 0 else Direction.BELOW, abs(percent))


def say(figures: SiteFigures) -> Sentence:
    """Find what is to be said of a period's figures."""
    change, usual = figures.views, figures.usual
    any_complete = any(point.complete for point in figures.points)
    views = change.views if any_complete else figures.all_views
    is_compared = any_complete and figures.against is not Against.NONE
    difference = difference_of(views, change.before) if is_compared else None
    extreme = known = None
    if figures.against is Against.USUAL and usual and any_complete:
        if usual.of < USUAL_OF:
            known = usual.of
        elif difference and difference.direction is not Direction.AS_USUAL:
            extreme = _extreme_of(views, usual.lowest, usual.highest)
    story = _story_of(figures) if any_complete else None
    return Sentence(
        figures.span,
        figures.against,
        views,
        figures.until if any_complete else None,
        started=any_complete or figures.until is None,
        difference=difference,
        extreme=extreme,
        known=known,
        story=story,
        outlier=_outlier_of(figures) if difference and not story else None,
    )


def _extreme_of(views: int, lowest: int, highest: int) -> Extreme | None:
    if views > highest:
        return Extreme.MOST
    return Extreme.FEWEST if views < lowest else None


def _story_of(figures: SiteFigures) -> Story | None:
    """Find the article with so many of the views that it makes the difference."""
    if not figures.rows or not figures.all_views:
        return None
    first = max(figures.rows, key=lambda row: row.views)
    if first.views < STORY_SHARE * figures.all_views:
        return None
    if first.views > figures.views.views:  # by the running point, which the sentence leaves out
        return None
    # Its views of the running point are in no number that is compared.
    rest = figures.views.views * (1 - first.views / figures.all_views)
    return Story(first.title, first.views, difference_of(rest, figures.views.before))


def _outlier_of(figures: SiteFigures) -> Outlier | None:
    """Find the section furthest from its usual by views, if any is not as usual."""
    total = sum(row.before or 0 for row in figures.sections)
    rows = [
        row
        for row in figures.sections
        if row.name != OTHER and row.before and row.before >= LEAST_SECTION_SHARE * total
    ]
    found = [(row, difference) for row in rows if (difference := _unusual(row))]
    if not found:
        return None
    row, difference = max(found, key=lambda pair: abs(pair[0].views - (pair[0].before or 0)))
    # What was hardly there before is in no difference, and not as usual either.
    seen = sum(row.views for row in figures.sections)
    new = [row for row in figures.sections if row.views >= LEAST_SECTION_SHARE * seen]
    any_new = any(row.name != OTHER and row not in rows for row in new)
    return Outlier(row.name, difference, others_as_usual=len(found) == 1 and not any_new)


def _unusual(row: Row) -> Difference | None:
    difference = difference_of(row.views, row.before)
    return None if difference and difference.direction is Direction.AS_USUAL else difference
