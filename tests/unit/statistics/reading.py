"""Stores of statistics in memory, which count the calls that they would make."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from circulation.articles.publication import Publication
from circulation.counting.breakdown import Breakdown
from circulation.counting.counts import Total
from circulation.popularity.periods import Period
from circulation.popularity.top import Top
from circulation.popularity.tops import StoredTop
from circulation.statistics.figure_stores import FigureStores
from circulation.statistics.rollup import THE_SITE, Rollup, StoredRollup, Subject
from circulation.statistics.rows import Glance

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
"""A Thursday."""


def publication(zone: str = "UTC", language: str = "en") -> Publication:
    return Publication("News", "https://news.example", "News", language, ZoneInfo(zone))


def stored(views: int = 0, *, as_of: datetime = NOW, **changes: Any) -> StoredRollup:
    rollup = Rollup(views, changes.pop("visitors", views), **changes)
    return StoredRollup(rollup, as_of)


def breakdown(**sums: Counter[str]) -> Breakdown:
    names = ("referrers", "countries", "form_factors", "sources", "campaigns")
    return Breakdown(*(sums.get(name, Counter()) for name in names))


def even_day(hourly: int, *, until: int = 24, **changes: Any) -> StoredRollup:
    """A day with as many views in every hour, up to one."""
    return stored(hourly * until, hours=dict.fromkeys(range(until), hourly), **changes)


@dataclass
class Shelf:
    """What stands in memory in place of the table, and the calls and items that were read."""

    rollups: dict[Subject, dict[str, StoredRollup]] = field(default_factory=dict)
    tops: dict[str, StoredTop] = field(default_factory=dict)
    glances: dict[str, Glance] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    wide: int = 0

    def put(self, subject: Subject = THE_SITE, **rollups: StoredRollup) -> None:
        """Names are days and months with underscores, such as d2026_11_26."""
        of_subject = self.rollups.setdefault(subject, {})
        of_subject |= {name[1:].replace("_", "-"): rollup for name, rollup in rollups.items()}

    def put_days(self, days: dict[str, StoredRollup], subject: Subject = THE_SITE) -> None:
        self.rollups.setdefault(subject, {}).update(days)

    def put_top(self, name: str, ranking: dict[str, int], unlisted: int = 0) -> None:
        top = Top(tuple(ranking.items()), rest=0, visitors=0, unlisted=unlisted)
        self.tops[name] = StoredTop(top, NOW)

    def stores(self) -> FigureStores:
        return FigureStores(
            cast("Any", _Rollups(self)),
            cast("Any", _Site(self)),
            cast("Any", _Tops(self)),
            cast("Any", _Glances(self)),
            cast("Any", None),
            cast("Any", None),
            cast("Any", None),
            cast("Any", None),
            cast("Any", _Readers(self)),
        )


@dataclass
class _Part:
    shelf: Shelf


class _Rollups(_Part):
    def days(self, subject: Subject, first: str, last: str) -> dict[str, StoredRollup]:
        return self._read(subject, first, last, len("2026-11-26"))

    def months(self, subject: Subject, first: str, last: str) -> dict[str, StoredRollup]:
        return self._read(subject, first, last, len("2026-11"))

    def named(self, subject: Subject, names: Iterable[str]) -> dict[str, StoredRollup]:
        self.shelf.calls["rollups"] += 1
        stored = self.shelf.rollups.get(subject, {})
        found = {name: stored[name] for name in names if name in stored}
        self.shelf.wide += len(found)
        return found

    def _read(self, subject: Subject, first: str, last: str, length: int) -> dict[str, Any]:
        self.shelf.calls["rollups"] += 1
        found = {
            name: rollup
            for name, rollup in self.shelf.rollups.get(subject, {}).items()
            if len(name) == length and first <= name <= last
        }
        self.shelf.wide += len(found)
        return found


class _Site(_Part):
    def first_day(self) -> str | None:
        self.shelf.calls["site"] += 1
        days = [name for name in self.shelf.rollups.get(THE_SITE, {}) if len(name) > len("2026-11")]
        return min(days, default=None)

    def by_day(self, first: str, last: str) -> dict[str, Total]:
        self.shelf.calls["site"] += 1
        return {
            name: Total(rollup.rollup.views, 0)
            for name, rollup in self.shelf.rollups.get(THE_SITE, {}).items()
            if first <= name <= last and len(name) == len("2026-11-26")
        }


class _Tops(_Part):
    def between(self, first: str, last: str) -> dict[str, StoredTop]:
        self.shelf.calls["tops"] += 1
        return {name: top for name, top in self.shelf.tops.items() if first <= name <= last}

    def of(self, periods: Iterable[Period]) -> dict[str, StoredTop]:
        self.shelf.calls["tops"] += 1
        names = {str(period) for period in periods}
        return {name: top for name, top in self.shelf.tops.items() if name in names}


class _Glances(_Part):
    def of(
        self, articles: Sequence[str], days: Sequence[str], *, mailings: bool = False
    ) -> dict[str, Glance]:
        keys = len(articles) * (1 + len(days) + mailings)
        self.shelf.calls["glances"] += -(-keys // 100)
        glances = self.shelf.glances
        return {article: glances[article] for article in articles if article in glances}


class _Readers(_Part):
    def all(self, *, now: datetime) -> tuple[Any, ...]:
        assert now == NOW
        self.shelf.calls["readers"] += 1
        return ()


def glance(
    title: str, hours: dict[datetime, int] | None = None, *, published: datetime | None = None
) -> Glance:
    labels = SimpleNamespace(
        title=title,
        section="city",
        authors=("Leyla",),
        tags=(),
        published=published or NOW - timedelta(days=40),
    )
    return Glance(cast("Any", labels), hours or {})
