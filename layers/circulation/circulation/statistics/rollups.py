"""The stored roll-ups, in the library's table: one item for each subject and UTC day or month."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from circulation.aws.table import Change, ConditionFailed
from circulation.counting.breakdown import Breakdown
from circulation.counting.keys import TRAITS
from circulation.statistics import keys
from circulation.statistics.article_month import ArticleMonth, with_day
from circulation.statistics.curve import Curve
from circulation.statistics.rollup import THE_SITE, Rollup, StoredRollup, Subject, SubjectKind
from circulation.times import moment_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from circulation.aws.table import Item, Table
    from circulation.statistics.article_month import ArticleDay

_NAMED = (SubjectKind.SECTION, SubjectKind.AUTHOR, SubjectKind.TAG)


class Rollups:
    """The roll-ups, the months of articles, and the curves of sections."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def days(
        self, subject: Subject, first: str, last: str, *, consistent: bool = False
    ) -> dict[str, StoredRollup]:
        """Read the roll-ups of the UTC days from first to last, both included, that have one."""
        if first > last:
            return {}  # DynamoDB would refuse the range
        items = self._table.query(
            keys.rollup_partition(subject), between=(first, last), consistent=consistent
        )
        return {
            item["sk"]: _stored_of_item(item) for item in items if len(item["sk"]) > len("2026-11")
        }

    def months(self, subject: Subject, first: str, last: str) -> dict[str, StoredRollup]:
        """Read the roll-ups of the months from first to last, both included, that have one."""
        return self.named(subject, months_between(first, last))

    def named(self, subject: Subject, names: Iterable[str]) -> dict[str, StoredRollup]:
        """Read the roll-ups of days and months that have one, up to 100 in a call."""
        items = self._table.get_many(keys.rollup_key(subject, name) for name in names)
        return {item["sk"]: _stored_of_item(item) for item in items}

    def first_day(self) -> str | None:
        """Read the first UTC day of which the site has a roll-up; None before there is one."""
        # A month's name stands before those of its days.
        items = self._table.query(keys.rollup_partition(THE_SITE), limit=2)
        return next((item["sk"] for item in items if len(item["sk"]) > len("2026-11")), None)

    def of_day(self, subjects: Iterable[Subject], day: str) -> dict[Subject, StoredRollup]:
        """Read the roll-ups of several subjects of a UTC day."""
        by_partition = {keys.rollup_partition(subject): subject for subject in subjects}
        items = self._table.get_many({"pk": partition, "sk": day} for partition in by_partition)
        return {by_partition[item["pk"]]: _stored_of_item(item) for item in items}

    def put(
        self, subject: Subject, name: str, rollup: Rollup, *, as_of: datetime, clock: datetime
    ) -> bool:
        """Write the roll-up of a day or a month unless a later run has; say whether it did.

        One that is not closed replaces none that is, even of a twin that was due at the same time.
        Clock is the current time: a stored roll-up of the future is not a later one.
        """
        return self._table.put_latest(
            keys.rollup_key(subject, name),
            _attributes_of(rollup),
            as_of=as_of,
            clock=clock,
            final=rollup.closed,
        )

    def subjects(self, day: str) -> set[Subject]:
        """Read which sections, authors and tags have a roll-up of a UTC day; consistently."""
        item = self._table.get(keys.subjects_key(day), consistent=True) or {}
        return {Subject(kind, name) for kind in _NAMED for name in item.get(kind, ())}

    def name_subjects(self, day: str, subjects: Collection[Subject]) -> None:
        """Note that subjects have a roll-up of a UTC day, before the first of it is written.

        So one that has no views any more, because its only article moved, is found again.
        """
        names = {
            kind: {subject.name for subject in subjects if subject.kind is kind} for kind in _NAMED
        }
        added = {str(kind): found for kind, found in names.items() if found}
        if added:
            change = Change(
                update="ADD " + ", ".join(f"#{kind} :{kind}" for kind in added),
                names={f"#{kind}": kind for kind in added},
                values={f":{kind}": found for kind, found in added.items()},
            )
            self._table.update(keys.subjects_key(day), change)

    def article_months(self, article: str) -> dict[str, ArticleMonth]:
        """Read all months of an article that have views, by name."""
        items = self._table.query(keys.article_partition(article))
        return {item["sk"]: _month_of_item(item) for item in items}

    def lacking_day(self, articles: Iterable[str], day: str) -> set[str]:
        """Read which articles do not have a UTC day in its month."""
        month, number = day[: len("2026-11")], day[-2:]
        keys_of = {keys.article_partition(article): article for article in articles}
        items = self._table.get_many({"pk": partition, "sk": month} for partition in keys_of)
        having = {keys_of[item["pk"]] for item in items if number in item["days"]}
        return set(keys_of.values()) - having

    def add_article_day(self, article: str, added: ArticleDay) -> bool:
        """Add a sealed day to an article's month, once; say whether it was missing."""
        month = added.day[: len("2026-11")]
        key = keys.article_month_key(article, month)
        while True:
            item = self._table.get(key, consistent=True)
            before = _month_of_item(item) if item else ArticleMonth()
            if added.day in before.days:
                return False
            attributes = _attributes_of_month(with_day(before, added))
            condition = "#days = :before" if item else "attribute_not_exists(pk)"
            change = Change.setting(
                attributes,
                condition=condition,
                names={"#days": "days"} if item else {},
                values={":before": item["days"]} if item else {},
            )
            with suppress(ConditionFailed):  # another day came in meanwhile, or this one
                self._table.update(key, change)
                return True

    def put_article_month(self, article: str, month: str, content: ArticleMonth) -> None:
        """Set a month of an article anew, whatever is stored."""
        change = Change.setting(_attributes_of_month(content))
        self._table.update(keys.article_month_key(article, month), change)

    def curves(self, section: str, first: str, last: str) -> dict[str, Curve]:
        """Read the curves of the articles of a section that were published in months, by month."""
        items = self._table.query(keys.curve_partition(section), between=(first, last))
        return {item["sk"]: _curve_of_item(item) for item in items}

    def put_curve(
        self, section: str, month: str, curve: Curve, *, as_of: datetime, clock: datetime
    ) -> bool:
        """Write a curve unless a later run has; say whether it did."""
        attributes = {
            "of": curve.of,
            "low": list(curve.low),
            "median": list(curve.median),
            "high": list(curve.high),
        }
        key = keys.curve_key(section, month)
        return self._table.put_latest(key, attributes, as_of=as_of, clock=clock)


def months_between(first: str, last: str) -> list[str]:
    """Give the months from first to last, both included."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _attributes_of(rollup: Rollup) -> Item:
    """Give the attributes of a roll-up; those without content have none, to keep it small."""
    return {
        "views": rollup.views,
        "visitors": rollup.visitors,
        "hours": [rollup.hours.get(hour, 0) for hour in range(24)] if rollup.hours else [],
        "filtered": dict(rollup.filtered),
        "articles": rollup.articles,
        "top": [article for article, _ in rollup.top],
        "top_views": [views for _, views in rollup.top],
        "unlisted": rollup.unlisted,
        "sections": dict(rollup.sections),
        "authors": dict(rollup.authors),
        "tags": dict(rollup.tags),
        "until": rollup.until,
        **_traits_of(rollup.breakdown),
    }


def _traits_of(breakdown: Breakdown) -> Item:
    return {name: dict(sums) for name, sums in zip(TRAITS, breakdown, strict=True)}


def _breakdown_of(item: Item) -> Breakdown:
    return Breakdown(*(Counter(item[name]) for name in TRAITS))


def _stored_of_item(item: Item) -> StoredRollup:
    rollup = Rollup(
        item["views"],
        item["visitors"],
        {hour: views for hour, views in enumerate(item["hours"]) if views},
        _breakdown_of(item),
        item["filtered"],
        item["articles"],
        tuple(zip(item["top"], item["top_views"], strict=True)),
        item["sections"],
        item["authors"],
        item["tags"],
        item["unlisted"],
        item["until"],
        closed=item["closed"],
    )
    return StoredRollup(rollup, moment_of(item["as_of"]))


def _attributes_of_month(month: ArticleMonth) -> Item:
    days = {day[-2:]: list(numbers) for day, numbers in sorted(month.days.items())}
    return {"days": days} | _traits_of(month.breakdown)


def _month_of_item(item: Item) -> ArticleMonth:
    days: Mapping[str, list[int]] = item["days"]
    return ArticleMonth(
        {f"{item['sk']}-{day}": (views, visitors) for day, (views, visitors) in days.items()},
        _breakdown_of(item),
    )


def _curve_of_item(item: Item) -> Curve:
    return Curve(item["of"], tuple(item["low"]), tuple(item["median"]), tuple(item["high"]))
