"""A roll-up: the sums over the pages of a day or month, of the site, a section, author or tag."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from circulation.counting.breakdown import Breakdown, empty_breakdown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class SubjectKind(StrEnum):
    """What has roll-ups of its own."""

    SITE = "site"
    SECTION = "section"
    AUTHOR = "author"
    TAG = "tag"


class Subject(NamedTuple):
    """The whole site, or one section, author or tag."""

    kind: SubjectKind
    name: str = ""
    """Empty for the site."""


THE_SITE = Subject(SubjectKind.SITE)


OLDEST = {
    SubjectKind.SITE: timedelta(hours=1),
    SubjectKind.SECTION: timedelta(hours=3),
    SubjectKind.AUTHOR: timedelta(hours=6),
    SubjectKind.TAG: timedelta(hours=6),
}
"""After which the roll-up of an open day gives way to one that differs, however few views came."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """The sums of a subject's pages of one UTC day, or of the days of a month."""

    views: int = 0
    visitors: int = 0
    hours: Mapping[int, int] = field(default_factory=dict)
    """Views by hour of the UTC day, 0 to 23; empty for a month."""
    breakdown: Breakdown = field(default_factory=empty_breakdown)
    """Views by trait, each within its bound; the rest is under OTHER."""
    filtered: Mapping[str, int] = field(default_factory=dict)
    """Hits that did not count, by reason; approximate."""
    articles: int = 0
    """Articles that were viewed; of a month, the sum over its days."""
    top: tuple[tuple[str, int], ...] = ()
    """The most read articles and their views, most first."""
    sections: Mapping[str, int] = field(default_factory=dict)
    """Of the site alone, like authors and tags: the views of the largest, the rest under OTHER."""
    authors: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    unlisted: int = 0
    """The most views that an article may have which is not in top."""
    until: str = ""
    """Of a month that runs: the last UTC day that is in it, as are all before; else empty."""
    closed: bool = False
    """Whether the day or month is over and settled, so that the numbers are final."""


@dataclass(frozen=True, slots=True)
class StoredRollup:
    """A stored roll-up, and the time that it is as of."""

    rollup: Rollup
    as_of: datetime
