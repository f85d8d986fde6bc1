"""The day book: a page of counters for every article viewed on a day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from sys import intern

from circulation.aws.parallel import for_each, portions
from circulation.aws.table import MAX_KEYS, Change, ConditionFailed, Item, Key, Table
from circulation.counting.breakdown import OTHER, Breakdown, Gains, Names, Readership, fit
from circulation.counting.canary import belongs_to_site
from circulation.counting.counts import DayCount, Labels, Page, PageViews
from circulation.counting.keys import BUCKETS, CLOSED, TRAITS, page_key, page_partition
from circulation.counting.known_names import KnownNames
from circulation.counting.marks import (
    encoded_mark,
    mark_in,
    mark_name,
    marks_of,
    newest_of,
    number,
)
from circulation.counting.tally import Increment, Refusal
from circulation.errors import StoreUnavailable
from circulation.times import day_of, end_of, milliseconds

MAX_OPENED = 10_000
"""Pages that a container remembers."""

UNFOLDED = "(attribute_not_exists(#mark) OR #mark < :first) AND attribute_not_exists(#sealed)"
"""The condition of every fold: none of its lines was added before, and the page is not sealed."""

_PREFIXES = dict(zip(Breakdown._fields, (f"{name}#" for name in TRAITS), strict=True))
"""The prefixes of the attributes of a breakdown, by trait."""

_TRAIT_SIGNS = frozenset(_PREFIXES.values())

_NUMBERS = {"referrers": "hosts", "campaigns": "campaigns"}
"""The attributes with the number of names that a trait with room has, without OTHER."""


class DayBook:
    """The pages in the library's table. Days are UTC dates: 2026-01-31."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._opened: set[tuple[str, str]] = set()
        self._names = KnownNames()

    def open(self, article: str, day: str) -> None:
        """Create the article's page of the day if missing; one write per container and page."""
        if (article, day) in self._opened:
            return
        change = Change(
            update="SET #views = :none, #visitors = :none",
            condition="attribute_not_exists(pk)",
            names={"#views": "views", "#visitors": "visitors"},
            values={":none": 0},
        )
        with suppress(ConditionFailed):  # it exists
            self._table.update(page_key(article, day), change)
        if len(self._opened) >= MAX_OPENED:
            self._opened.clear()
        self._opened.add((article, day))

    def announce(self, article: str, *, now: datetime) -> None:
        """Note on the article's page of the day that its counter changes other than by views.

        The page is created if missing. It is noted before the change is made, so that whoever reads
        the pages, and the counters that are noted there, misses none.
        """
        change = Change(
            update="SET #announced = :now, #views = if_not_exists(#views, :none),"
            " #visitors = if_not_exists(#visitors, :none)",
            names={"#announced": "announced", "#views": "views", "#visitors": "visitors"},
            values={":now": milliseconds(now), ":none": 0},
        )
        self._table.update(page_key(article, day_of(now)), change)

    def grow(self, increment: Increment) -> int | Refusal:
        """Add an increment to the article's page, unless its lines were added before.

        Gives the views that the page has then, or why it was not added.

        A page never loses a name of a trait, so the number of its names shows whether others were
        added since it was read. New names are written on condition that none were; otherwise the
        error has the page's item, to which the names are fitted. Each further round means that
        another shard added a name, so there are at most as many rounds as a page has names.
        """
        page = (increment.article, increment.day)
        known, refused = self._names.of(page), False
        while True:
            gains, new = fit(increment.gains, known)
            try:
                grown = self._table.update(
                    page_key(*page), _page_change(increment, gains, known, new)
                )
            except ConditionFailed as failed:
                known, refused = _names_of(failed.item), True
                refusal = Refusal(
                    mark_in(failed.item, increment.shard), sealed="sealed" in failed.item
                )
                if refusal.holds_against(increment):
                    self._names.learn(page, known)
                    return refusal
            else:
                if any(new.values()) or refused:
                    self._names.learn(page, {trait: known[trait] | new[trait] for trait in known})
                return int(grown["views"])

    def learn_names(self, pages: Iterable[tuple[str, str]]) -> None:
        """Read which names pages (article, day) have, of those that this container has not seen.

        Eventually consistent, and only to save units: a read costs a tenth of a write unit or less,
        and a write that is refused, because the page has other names than were known, all units of
        the page. What cannot be read is left to the writes.
        """
        unknown = [page_key(*page) for page in pages if page not in self._names]

        def read(keys: list[Key]) -> None:
            with suppress(StoreUnavailable):
                for item in self._table.get_many(keys):
                    self._names.learn((item["sk"], _day_of(item)), _names_of(item))

        for_each(portions(unknown, MAX_KEYS), read)

    def page(self, article: str, day: str) -> Page:
        """Read one page; one that does not exist is empty, and not opened."""
        item = self._table.get(page_key(article, day), consistent=True)
        if item is None:
            return Page(article, day, DayCount(0, 0, {}), sealed=False, marks=(), opened=False)
        return page_of_item(item)

    def pages(self, day: str) -> Iterator[Page]:
        """Read the page of every article viewed on the day, strongly consistent."""
        for bucket in BUCKETS:
            for item in self._table.query(page_partition(day, bucket), consistent=True):
                yield page_of_item(item)

    def readership(self, article: str, days: Iterable[str]) -> Readership:
        """Sum an article's pages of several days, with their breakdowns."""
        readership = Readership()
        for page in self._table.get_many(page_key(article, day) for day in days):
            readership.views += page["views"]
            readership.visitors += page["visitors"]
            for sums, more in zip(readership.breakdown, breakdown_of_sums(page), strict=True):
                sums.update(more)
        return readership

    def read_wide(
        self, day: str, buckets: Iterable[str] = BUCKETS, *, consistent: bool = False
    ) -> Iterator[PageViews]:
        """Read the numbers of every page of the day, also by hour and trait, for the same units.

        The canary's is left out, also by read: what adds up pages reads them by these two.

        An article is in the same one of the buckets every day (keys.page_bucket).
        """
        for bucket in buckets:
            for page in self._table.query(page_partition(day, bucket), consistent=consistent):
                if not belongs_to_site(page["sk"]):
                    continue
                # One text for a name, however many pages it is on.
                sums = page.items()
                traits = {intern(name): sum_ for name, sum_ in sums if name[:2] in _TRAIT_SIGNS}
                labels = _labels_of(page) if "sealed" in page else None
                yield _views_of(page)._replace(traits=traits, labels=labels)

    def breakdowns(self, article: str, days: Iterable[str]) -> Iterator[tuple[Page, Breakdown]]:
        """Read those pages of an article that exist, each with its breakdown; consistently."""
        keys = (page_key(article, day) for day in days)
        for item in self._table.get_many(keys, consistent=True):
            yield page_of_item(item), breakdown_of_sums(item)

    def read(self, day: str, *, hourly: bool = False) -> Iterator[PageViews]:
        """Read the numbers of every page of the day, also by hour if hourly."""
        only = ["sk", "views", "visitors", "sealed", "announced", *(_HOURS if hourly else ())]
        for bucket in BUCKETS:
            for page in self._table.query(page_partition(day, bucket), only=only):
                if belongs_to_site(page["sk"]):
                    yield _views_of(page, hourly=hourly)

    def sealed_views(self, day: str) -> Iterator[tuple[str, int | None]]:
        """Read the articles of all pages of the day, with the final views of those that are sealed.

        Strongly consistent; the canary's page is one of them.
        """
        only = ["sk", "views", "sealed"]
        for bucket in BUCKETS:
            for page in self._table.query(page_partition(day, bucket), only=only, consistent=True):
                yield page["sk"], page["views"] if "sealed" in page else None

    def hours(self, pages: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Mapping[int, int]]:
        """Read the views by UTC hour of pages (article, day), of those that exist."""
        found = self._table.get_many(page_key(article, day) for article, day in pages)
        return {(page["sk"], _day_of(page)): _hours_of(page) for page in found}

    def days(self, article: str, days: Iterable[str]) -> dict[str, DayCount]:
        """Read an article's numbers by day, of those days on which it has a page."""
        pages = self._table.get_many(page_key(article, day) for day in days)
        return {
            _day_of(page): DayCount(page["views"], page["visitors"], _hours_of(page))
            for page in pages
        }

    def seal(self, page: Page, final: DayCount, *, complete: bool, labels: Labels) -> Page:
        """Set a page's final numbers, which no later line changes; give the page after that.

        Their section, authors and tags are those that they belong to for ever; none if there never
        was such an article.
        The drift is written with them. A page that was sealed meanwhile keeps its numbers. If the
        final numbers are not complete (lines of the ledger may have expired), so does a page that
        has grown since it was read: it is returned unsealed.
        """
        unchanged = "" if complete else " AND #views = :tallied"
        setting = Change.setting(
            _numbers(final) | {"sealed": True} | _belonging(labels),
            removing=page.marks,
            condition="attribute_exists(pk) AND attribute_not_exists(#sealed)" + unchanged,
            names={"#sealed": "sealed", "#views": "views", "#drift": "drift"},
            values={":final": final.views} | ({} if complete else {":tallied": page.count.views}),
        )
        change = replace(
            setting, update=setting.update.replace("SET ", "SET #drift = :final - #views, ", 1)
        )
        try:
            changed = self._table.update(page_key(page.article, page.day), change)
        except ConditionFailed as failed:
            return page_of_item(failed.item)
        return replace(
            page,
            count=final,
            sealed=True,
            marks=(),
            newest=end_of(page.day),
            drift=changed["drift"],
        )

    def closed_until(self) -> str | None:
        """Read the day up to which every page is sealed and settled; None before the first one."""
        item = self._table.get(CLOSED, consistent=True)
        return item["day"] if item else None

    def close(self, day: str) -> None:
        """Note that every page up to a day is sealed and settled; that is never undone."""
        change = Change(
            update="SET #day = :day",
            condition="attribute_not_exists(pk) OR #day < :day",
            names={"#day": "day"},
            values={":day": day},
        )
        with suppress(ConditionFailed):  # a later day is noted
            self._table.update(CLOSED, change)


def page_of_item(item: Item) -> Page:
    """Read a page's item."""
    day, sealed = _day_of(item), "sealed" in item
    return Page(
        item["sk"],
        day,
        DayCount(item["views"], item["visitors"], _hours_of(item)),
        sealed=sealed,
        marks=marks_of(item),
        newest=end_of(day) if sealed else newest_of(item),
        drift=item.get("drift", 0),
    )


def _views_of(page: Item, *, hourly: bool = True) -> PageViews:
    return PageViews(
        intern(page["sk"]),
        page["views"],
        page["visitors"],
        tuple(page.get(name, 0) for name in _HOURS) if hourly else (),
        sealed=page.get("sealed", False),
        announced=page.get("announced"),
    )


def breakdown_of_sums(sums: Mapping[str, int]) -> Breakdown:
    """Sort sums by trait that are named as on a page."""
    return Breakdown(*(_sums_of(sums, prefix) for prefix in _PREFIXES.values()))


def _labels_of(page: Item) -> Labels:
    """Read what a sealed page's views belong to."""
    return Labels(
        section=page.get("section", ""),
        authors=tuple(page.get("authors", ())),
        tags=tuple(page.get("tags", ())),
    )


def _numbers(count: DayCount) -> dict[str, int]:
    hours = {_hour_name(hour): count.hours.get(hour, 0) for hour in range(24)}
    return {"views": count.views, "visitors": count.visitors} | hours


def _belonging(labels: Labels) -> dict[str, object]:
    """Give the attributes that say for ever what a sealed page's views belong to."""
    attributes = {
        "section": labels.section,
        "authors": list(labels.authors),
        "tags": list(labels.tags),
    }
    return {name: value for name, value in attributes.items() if value}


def _page_change(increment: Increment, gains: Gains, known: Names, new: Names) -> Change:
    """Make the change that adds an increment to a page, with the gains fitted to its names.

    It sets the mark of the increment's shard, on condition that no line was added before and the
    page is not sealed. If a trait has new names, it is on condition that the page has its known
    names and no others, too.
    """
    sums = {"views": increment.views, "visitors": increment.visitors}
    for hour, views in increment.hours.items():
        sums[_hour_name(hour)] = views
    for prefix, by_name in zip(_PREFIXES.values(), gains, strict=True):
        for name, views in by_name.items():
            sums[prefix + name] = views
    condition = UNFOLDED
    others: dict[str, str] = {"#mark": mark_name(increment.shard), "#sealed": "sealed"}
    values: dict[str, object] = {
        ":first": number(increment.first),
        ":mark": encoded_mark(increment),
    }
    for trait, names in new.items():
        if names:
            size_name, size = _NUMBERS[trait], len(known[trait])
            sums[size_name] = len(names)
            others[f"#{size_name}"] = size_name
            if size:
                condition += f" AND #{size_name} = :{size_name}"
                values[f":{size_name}"] = size
            else:
                condition += f" AND attribute_not_exists(#{size_name})"
    update, for_names, for_values = _additions(len(sums))
    others.update(zip(for_names, sums, strict=True))
    values.update(zip(for_values, sums.values(), strict=True))
    return Change(update, condition, others, values)


@lru_cache(maxsize=512)
def _additions(sums: int) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Write the expression that adds so many sums and sets a mark; give it and its placeholders.

    They are short: an expression has at most 4 KB, and an increment up to 270 sums.
    """
    names = tuple(f"#s{place}" for place in range(sums))
    values = tuple(f":s{place}" for place in range(sums))
    adds = ", ".join(map(" ".join, zip(names, values, strict=True)))
    return f"ADD {adds} SET #mark = :mark", names, values


def _names_of(page: Item) -> Names:
    """Give the names that have a sum of their own on a page, by the trait that has room."""
    return {
        trait: frozenset(_sums_of(page, _PREFIXES[trait]).keys() - {OTHER}) for trait in _NUMBERS
    }


def _sums_of(page: Mapping[str, int], prefix: str) -> Counter[str]:
    """Read the views by the values of one trait from a page's item; prefix is its attributes'."""
    return Counter(
        {name.removeprefix(prefix): page[name] for name in page if name.startswith(prefix)}
    )


def _hour_name(hour: int) -> str:
    """Name the attribute of an hour's views: h00 to h23."""
    return f"h{hour:02}"


_HOURS = {_hour_name(hour): hour for hour in range(24)}


def _hours_of(page: Item) -> dict[int, int]:
    """Read the views by hour of the day from a page's item, of the hours that have any."""
    return {_HOURS[name]: number for name, number in page.items() if number and name in _HOURS}


def _day_of(page: Item) -> str:
    """Read the day out of a page's key."""
    return str(page["pk"].split("#")[1])
