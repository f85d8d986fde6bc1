"""A curve: what a section's articles usually have by which hour of their age."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HOURS = 72
"""Of an article's age: the hour in which it was published is the first."""
SAMPLE = 40
"""Articles of a curve at most, the newest ones."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Total views until the end of each of the first 72 hours, of the articles of a section."""

    of: int
    """How many articles it is of."""
    low: tuple[int, ...]
    """A quarter of the articles had less."""
    median: tuple[int, ...]
    high: tuple[int, ...]
    """A quarter of them had more."""


def curve_of(articles: Sequence[Sequence[int]]) -> Curve | None:
    """Make the curve of articles by their views in each hour of age; None without articles."""
    if not articles:
        return None
    totals = [tuple(accumulate(hours)) for hours in articles]
    by_age = [sorted(at_age) for at_age in zip(*totals, strict=True)]
    low, median, high = (
        tuple(_quantile(ordered, quarters) for ordered in by_age) for quarters in (1, 2, 3)
    )
    return Curve(len(articles), low, median, high)


def _quantile(ordered: Sequence[int], quarters: int) -> int:
    """Give a quartile of numbers in order, between two of them in proportion, rounded."""
    place, part = divmod((len(ordered) - 1) * quarters, 4)
    if not part:
        return ordered[place]
    return round(ordered[place] + (ordered[place + 1] - ordered[place]) * part / 4)
