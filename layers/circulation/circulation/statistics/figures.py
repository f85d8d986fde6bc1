"""What an editor is shown: the figures of a period, of an article, and of the last minutes.

They are what the page, the API in JSON and CSV, the command line and the reports have in common.
Local dates and hours are those of the publication's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from circulation.statistics.rollup import THE_SITE, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from circulation.articles.change import ChangeKind


class Unit(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


class Against(StrEnum):
    """What a period is compared with."""

    USUAL = "usual"
    """The last four periods of its kind: for a day the same weekdays."""
    PREVIOUS = "previous"
    """The period just before, as long."""
    YEAR = "year"
    """The same dates a year before."""
    WEEKDAYS = "weekdays"
    """The same weekdays 52 weeks before."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """A period of local dates, first and last included."""

    unit: Unit
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether a day is one of the period's."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Usual:
    """What the number of one point, or the sum of several, is compared with."""

    median: float
    lowest: int
    highest: int
    """Of a single period to compare with, all three are its number."""
    of: int = 4
    """How many periods are known."""


@dataclass(frozen=True, slots=True)
class Point:
    """One hour, day or month of a chart."""

    start: datetime
    """Local, with its offset."""
    views: int | None
    """None for a point that has not begun."""
    usual: Usual | None = None
    complete: bool = True
    """Whether it is over; the running one fills up."""
    settled: bool = True
    """Whether its numbers are final."""


@dataclass(frozen=True, slots=True)
class Change:
    """A number beside the one that it is compared with."""

    views: int
    before: float | None
    """None if nothing is known to compare with."""

    @property
    def percent(self) -> int | None:
        """The change in whole per cent: 18 for 18 % above; None if there is nothing before."""
        if not self.before:
            return None
        return round(100 * (self.views - self.before) / self.before)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of dimensions: a section, a source, a host or a country."""

    name: str
    views: int
    share: float
    """Of all views that told it, 0 to 1."""
    before: float | None = None
    """The views that it would have, had it its share of the compared periods (of several, the
    median) in as many views as these have: so a day that runs is compared with as much of the
    others. None where nothing is known."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A row of the list of articles."""

    article: str
    title: str
    section: str
    authors: tuple[str, ...]
    published: datetime
    views: int
    """In the period."""
    last_hour: Change
    """Views of the last complete hour beside those of the one before."""
    per_hour: float
    """Views per hour since publication, in the period."""
    sparkline: tuple[int, ...]
    """24 numbers, oldest first: the hours of a day or the last 24; of longer periods its days."""


@dataclass(frozen=True, slots=True)
class Mover:
    """An article that gains or loses readers now."""

    article: str
    title: str
    section: str
    views: int
    """Of the last five minutes."""
    before: float
    """Five minutes' worth of its own views in the half hour."""
    source: str | None
    """Where most came from (counting.traits.Source); None if that is unknown."""


@dataclass(frozen=True, slots=True)
class Now:
    """The last half hour: about right, and never in any other number."""

    views: int
    """Of the last five minutes."""
    minutes: tuple[tuple[datetime, int], ...]
    """30, oldest first: the start of the minute, and its views."""
    movers: tuple[Mover, ...]
    """At most twelve: by readers gained, then by readers lost."""
    as_of: datetime
    """The newest minute that was told."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the publication did, at a time: a mark on a chart."""

    at: datetime
    kinds: tuple[ChangeKind, ...]
    article: str
    """Of a digest, the most read one of those that are listed."""
    title: str
    others: int = 0
    """How many other listed articles the digest had."""


@dataclass(frozen=True, slots=True)
class FeedReaders:
    """The subscribers of a feed as a reader's own user agent tells them."""

    feed: str
    app: str
    subscribers: int


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """The figures of the site, or of one section, author or tag, in a period."""

    span: Span
    against: Against
    subject: Subject = THE_SITE
    views: Change = field(default_factory=lambda: Change(0, None))
    """Of the complete points alone, beside the same ones of what it is compared with."""
    usual: Usual | None = None
    """Of the same sum."""
    until: datetime | None = None
    """The local end of the last complete point, while the period runs; None once it is over."""
    all_views: int = 0
    """Also of the point that runs."""
    visitors: int = 0
    """The sum over the UTC days with the dates of the period, as of all tables below: visitors of
    local days are not known, and a reader of two articles is two."""
    articles: int = 0
    """Articles viewed, summed over those UTC days."""
    points: tuple[Point, ...] = ()
    events: tuple[Event, ...] = ()
    rows: tuple[ArticleRow, ...] = ()
    unlisted: int = 0
    """The most views that an article may have which is in no row."""
    sections: tuple[Row, ...] = ()
    authors: tuple[Row, ...] = ()
    tags: tuple[Row, ...] = ()
    sources: tuple[Row, ...] = ()
    hosts: tuple[Row, ...] = ()
    campaigns: tuple[Row, ...] = ()
    countries: tuple[Row, ...] = ()
    devices: tuple[Row, ...] = ()
    filtered: Mapping[str, int] = field(default_factory=dict)
    feed_readers: tuple[FeedReaders, ...] = ()
    open_days: tuple[str, ...] = ()
    """UTC days of the period that are over and not settled yet."""
    as_of: datetime | None = None
    """When the newest of the numbers was found; None if there are none."""


@dataclass(frozen=True, slots=True)
class Age:
    """An hour of an article's life."""

    hour: int
    """From 0: the hour after publication is the first."""
    views: int
    """In this hour."""
    total: int
    """Until its end."""
    median: float | None = None
    """Of the totals of its section's articles at that age; None if unknown."""
    low: float | None = None
    """A quarter of them had less."""
    high: float | None = None
    """A quarter of them had more."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article, and the views that were of it."""

    number: int
    since: datetime
    kinds: tuple[ChangeKind, ...]
    title: str | None
    """If it is new."""
    title_was: str | None
    views: int
    share: float
    hour_before: int = 0
    """Views of the full hour before, and of the one after, it was stored."""
    hour_after: int = 0


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """The figures of one article."""

    article: str
    title: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    url: str
    published: datetime
    views: int
    """Its lifetime number, as it is shown to readers."""
    today: int
    visitors: int
    """The sum over UTC days."""
    span: Span
    in_span: int
    ages: tuple[Age, ...] = ()
    """The first 72 hours, as far as they are over."""
    days: tuple[Point, ...] = ()
    """The local hours of a day, the days of a period, or its months if it has over 62 days."""
    versions: tuple[Version, ...] = ()
    mailings: Sequence[datetime] = ()
    sources: tuple[Row, ...] = ()
    hosts: tuple[Row, ...] = ()
    campaigns: tuple[Row, ...] = ()
    countries: tuple[Row, ...] = ()
    devices: tuple[Row, ...] = ()
    filtered: Mapping[str, int] = field(default_factory=dict)
    now: int = 0
    """Views of the last five minutes."""
    as_of: datetime | None = None
