"""Counts: an article's lifetime views and visitors, its days, and totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from sys import intern
from typing import NamedTuple

from circulation.counting.view import Entry
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.times import day_of, end_of


@dataclass(frozen=True, slots=True)
class DayCount:
    """The views of one article on one UTC day."""

    views: int
    visitors: int
    hours: dict[int, int]
    """Views by hour of the UTC day, 0 to 23."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page of a day: the tallied numbers, or the final ones once it is sealed."""

    article: str
    day: str
    count: DayCount
    sealed: bool
    marks: tuple[str, ...]
    """The names of the attributes that guard against adding lines twice; none once it is sealed."""
    newest: datetime | None = None
    """The time of the newest tallied view; the end of the day once it is sealed."""
    drift: int = 0
    """The final views of a sealed page minus the tallied ones."""
    opened: bool = True
    """Whether the page exists."""


@dataclass(frozen=True, slots=True)
class Count:
    """The number shown of an article: an older counter's total, settled days and open days.

    Views are the sum of the older total, the corrections and what was counted, and never negative.
    as_of is the time of the newest view in it, or the end of the newest settled day; None before
    the first one. Days are UTC dates: 2026-01-31.
    """

    article: str
    views: int
    visitors: int
    as_of: datetime | None = None
    published: datetime | None = None
    """When the article appears; before that it cannot be viewed."""
    unpublished: datetime | None = None
    """When the article was unpublished; None if it was not."""
    section: str = ""
    """The article's section; of an unpublished article, its last one."""
    base: int = 0
    """The views that an older counter had counted: the highest total ever imported."""
    adjust: int = 0
    """The sum of the corrections; negative if they take views off."""
    counted: int = 0
    """The views that Circulation counted."""
    corrections: int = 0
    """How many corrections there are."""
    pages: Mapping[str, datetime | None] = field(default_factory=dict)
    """The days whose pages were read, each with the time of the newest view that is included."""
    open_days: frozenset[str] = frozenset()
    """The days that have tallied views and are not settled yet."""
    settled_days: frozenset[str] = frozenset()
    """The days after the horizon whose final numbers are included."""
    horizon: str = ""
    """The day up to which the final numbers of every day are included."""

    def check_public(self, now: datetime) -> None:
        """Check that the article can be read. Raises ArticleGone and ArticleNotFound.

        The latter if it appears later, or was unpublished before it appeared: then even its
        existence is not disclosed.
        """
        if self.published and self.published > (self.unpublished or now):
            raise ArticleNotFound(self.article)
        if self.unpublished:
            raise ArticleGone(self.article)

    def is_public(self, now: datetime) -> bool:
        """Tell whether the article can be read."""
        return not self.unpublished and not (self.published and self.published > now)

    def including(self, entry: Entry) -> "Count":
        """Give the count including a visitor's own view, whether or not that is tallied yet.

        A view is added if it was entered after this count was read, or is newer than any tallied
        view of its day; but never one of a sealed or settled day, all of whose views are included.
        An older view of a delayed shard may be missing; it is shown a moment later.
        """
        if not (entry.fresh or self._is_without(entry)):
            return self
        return replace(
            self,
            views=self.views + 1,
            visitors=self.visitors + entry.is_new_visitor,
            as_of=max(self.as_of or entry.at, entry.at),
        )

    def _is_without(self, entry: Entry) -> bool:
        day = day_of(entry.at)
        if day in self.settled_days or day <= self.horizon:
            return False
        newest = self.pages.get(day)
        return newest is None or newest < entry.at


MAX_LABEL_TITLE = 200
"""Characters of an article's title that stand on its counter."""


class Labels(NamedTuple):
    """What an article's counter says of the article, so that lists need not read its text."""

    title: str = ""
    """Its first MAX_LABEL_TITLE characters; empty if the article is unpublished."""
    section: str = ""
    """Of an unpublished article, like authors and tags, the last one."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    """When the article appears; None if it was never published."""


@dataclass(frozen=True, slots=True)
class LifetimeCounter:
    """An article's counter: what was settled, and which days are not. Days are UTC dates."""

    article: str
    views: int
    """Of the settled days."""
    visitors: int
    base: int = 0
    adjust: int = 0
    corrections: int = 0
    labels: Labels = field(default_factory=Labels)
    unpublished: datetime | None = None
    open_days: frozenset[str] = frozenset()
    """The days that have tallied views and are not settled yet: their pages are to be added."""
    settled_days: frozenset[str] = frozenset()
    horizon: str = ""

    def standing(self, days: Collection[str]) -> "Standing | None":
        """Give what rankings and roll-ups need, also which of some days are settled.

        None if the article was never published.
        """
        labels = self.labels
        if labels.published is None:
            return None
        return Standing(
            intern(labels.section),
            labels.published,
            self.base + self.adjust + self.views,
            self.visitors,
            self.open_days,
            frozenset(
                day
                for day in days
                if day not in self.open_days and (day in self.settled_days or day <= self.horizon)
            ),
            # One text for a name, however many articles have it.
            tuple(map(intern, labels.authors)),
            tuple(map(intern, labels.tags)),
            is_unpublished=self.unpublished is not None,
        )

    def shown(self, pages: Mapping[str, Page]) -> Count:
        """Give the number shown, with the pages of the open days, by day.

        Only the counter says which days are added (docs/counting.md): not the calendar, as days may
        be settled late, nor the page, which is sealed before its day is settled. A page that is
        missing has not been seen yet by an eventually consistent read.
        """
        added = [page for day, page in pages.items() if day in self.open_days]
        counted = self.views + sum(page.count.views for page in added)
        settled_until = max(self.settled_days, default=self.horizon)
        times = [page.newest for page in added if page.newest]
        return Count(
            article=self.article,
            views=max(0, self.base + self.adjust + counted),
            visitors=self.visitors + sum(page.count.visitors for page in added),
            as_of=max([*times, end_of(settled_until)] if settled_until else times, default=None),
            published=self.labels.published,
            unpublished=self.unpublished,
            section=self.labels.section,
            base=self.base,
            adjust=self.adjust,
            counted=counted,
            corrections=self.corrections,
            pages={
                day: page.newest if day in self.open_days else None for day, page in pages.items()
            },
            open_days=self.open_days,
            settled_days=self.settled_days,
            horizon=self.horizon,
        )


TOTAL = "TOTAL"
"""Stands for the lifetime in place of a day of the whole site."""


@dataclass(frozen=True, slots=True)
class Total:
    """The views and visitors of an article or the whole site, over its lifetime or some days.

    A visitor is one article's on one day: who reads two articles is two of the site's visitors.
    as_of is when the numbers were found so, None where they were never written. Counts with the
    same numbers are equal.
    """

    views: int
    visitors: int
    as_of: datetime | None = field(default=None, compare=False)


class PageViews(NamedTuple):
    """An article's views on a UTC day, read from its page in the day book."""

    article: str
    views: int
    visitors: int
    hours: Sequence[int]
    """Views in each of the 24 hours of the UTC day; empty unless they were asked for."""
    sealed: bool
    announced: int | None = None
    """When the last change of the article's counter other than by views was announced, in ms."""
    traits: Mapping[str, int] | None = None
    """Views by trait, under the names that the page has (day_book.breakdown_of_sums); None unless
    they were asked for."""
    labels: Labels | None = None
    """What the views of a sealed page belong to; None unless traits were asked for."""


class Standing(NamedTuple):
    """What rankings and roll-ups need of an article's counter."""

    section: str
    published: datetime
    views: int
    """Lifetime views without those of the open days; negative if more were taken off."""
    visitors: int
    """Lifetime visitors without those of the open days."""
    open_days: frozenset[str]
    """The UTC days whose pages are to be added."""
    settled_days: frozenset[str] = frozenset()
    """Those of the days that were asked for that are settled."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_unpublished: bool = False
    """Then it is in no ranking, and its views stay where they were."""

    def lacks(self, day: str) -> bool:
        """Say whether the counter knows nothing of a day that was asked for."""
        return day not in self.open_days and day not in self.settled_days


def final_count(tallied: DayCount, recounted: DayCount, *, complete: bool) -> DayCount:
    """Choose a day's final numbers: those recounted from the ledger if it is complete.

    If lines may have expired, no number becomes lower than the tallied one. The tallied hours are
    kept if they add up, as the ledger has only the hour of each visitor's last view.
    """
    views, visitors = recounted.views, recounted.visitors
    if not complete:
        views, visitors = max(views, tallied.views), max(visitors, tallied.visitors)
    adds_up = sum(tallied.hours.values()) == views
    return DayCount(views, visitors, tallied.hours if adds_up else recounted.hours)
