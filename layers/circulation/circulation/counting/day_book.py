"""The day book: a page of counters for every article viewed on a day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.breakdown import MAX_COUNTRIES, OTHER, Readership, fit_hosts, keep_largest
from circulation.counting.counts import DayCount, PageViews
from circulation.counting.growth import growth_of, marks_of, refusal_of
from circulation.counting.keys import BUCKETS, CLOSED, TRAITS, page_key, page_partition
from circulation.counting.tally import Increment, Refusal

MAX_OPENED = 10_000
"""Pages that a container remembers."""

_REFERRER, *_ = _PREFIXES = tuple(f"{name}#" for name in TRAITS)
"""The prefixes of the attributes of a breakdown, by trait."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page of a day: the tallied numbers, or the final ones once it is sealed."""

    article: str
    day: str
    count: DayCount
    sealed: bool
    marks: tuple[str, ...]
    """The names of the attributes that guard against adding lines twice; none once it is sealed."""
    drift: int = 0
    """The final views of a sealed page minus the tallied ones."""
    opened: bool = True
    """Whether the page exists."""


class DayBook:
    """The pages in the library's table. Days are UTC dates: 2026-01-31."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._opened: set[tuple[str, str]] = set()
        self._hosts: dict[tuple[str, str], frozenset[str]] = {}

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

    def grow(self, increment: Increment) -> Refusal | None:
        """Add an increment to the article's page, unless its lines were added before.

        None if it was added. A page never loses a host, so the number of its hosts shows whether
        others were added since it was read. New hosts are written on condition that none were;
        otherwise the error has the page's item, to which the hosts are fitted. Each further round
        means that another shard added a host, so there are at most as many rounds as a page has
        hosts.
        """
        page = (increment.article, increment.day)
        known = self._hosts.get(page, frozenset())
        while True:
            referrers, new = fit_hosts(increment.breakdown.referrers, known)
            try:
                self._table.update(page_key(*page), _page_change(increment, referrers, known, new))
            except ConditionFailed as failed:
                known = _hosts_of(failed.item)
                refusal = refusal_of(failed.item, increment)
                if refusal.holds_against(increment):
                    self._remember(page, known)
                    return refusal
            else:
                self._remember(page, known | new)
                return None

    def page(self, article: str, day: str) -> Page:
        """Read one page; one that does not exist is empty, and not opened."""
        item = self._table.get(page_key(article, day), consistent=True)
        if item is None:
            return Page(article, day, DayCount(0, 0, {}), sealed=False, marks=(), opened=False)
        return _page_of(day, item)

    def pages(self, day: str) -> Iterator[Page]:
        """Read the page of every article viewed on the day, strongly consistent."""
        for bucket in BUCKETS:
            for item in self._table.query(page_partition(day, bucket), consistent=True):
                yield _page_of(day, item)

    def readership(self, article: str, days: Iterable[str]) -> Readership:
        """Sum an article's pages of several days, with their breakdowns."""
        readership = Readership()
        for page in self._table.get_many(page_key(article, day) for day in days):
            readership.views += page["views"]
            readership.visitors += page["visitors"]
            for sums, prefix in zip(readership.breakdown, _PREFIXES, strict=True):
                sums.update(_sums_of(page, prefix))
        return readership

    def read(self, day: str, *, hourly: bool) -> Iterator[PageViews]:
        """Read the numbers of every page of the day, also by hour if hourly."""
        only = ["sk", "views", "visitors", "sealed", *(_HOURS if hourly else ())]
        for bucket in BUCKETS:
            for page in self._table.query(page_partition(day, bucket), only=only):
                yield PageViews(
                    page["sk"],
                    page["views"],
                    page["visitors"],
                    _hours_of(page),
                    sealed=page.get("sealed", False),
                )

    def days(self, article: str, days: Iterable[str]) -> dict[str, DayCount]:
        """Read an article's numbers by day, of those days on which it has a page."""
        pages = self._table.get_many(page_key(article, day) for day in days)
        return {
            _day_of(page): DayCount(page["views"], page["visitors"], _hours_of(page))
            for page in pages
        }

    def correct(self, page: Page, true: DayCount) -> None:
        """Set an open page's numbers."""
        change = Change.setting(
            _numbers(true),
            condition="attribute_exists(pk) AND attribute_not_exists(#sealed)",
            names={"#sealed": "sealed"},
        )
        with suppress(ConditionFailed):  # sealed meanwhile
            self._table.update(page_key(page.article, page.day), change)

    def seal(self, page: Page, final: DayCount, *, complete: bool) -> Page:
        """Set a page's final numbers, which no later line changes; give the page after that.

        The drift is written with them. A page that was sealed meanwhile keeps its numbers. If the
        final numbers are not complete (lines of the ledger may have expired), so does a page that
        has grown since it was read: it is returned unsealed.
        """
        unchanged = "" if complete else " AND #views = :tallied"
        setting = Change.setting(
            _numbers(final) | {"sealed": True},
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
            return _page_of(page.day, failed.item)
        return replace(page, count=final, sealed=True, drift=changed["drift"])

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

    def _remember(self, page: tuple[str, str], hosts: frozenset[str]) -> None:
        if len(self._hosts) >= MAX_OPENED:
            self._hosts.clear()
        if hosts:
            self._hosts[page] = hosts


def _page_of(day: str, item: Item) -> Page:
    return Page(
        item["sk"],
        day,
        DayCount(item.get("views", 0), item.get("visitors", 0), _hours_of(item)),
        sealed=item.get("sealed", False),
        marks=marks_of(item, day),
        drift=item.get("drift", 0),
    )


def _numbers(count: DayCount) -> dict[str, int]:
    hours = {_hour_name(hour): count.hours.get(hour, 0) for hour in range(24)}
    return {"views": count.views, "visitors": count.visitors} | hours


def _page_change(
    increment: Increment, referrers: dict[str, int], known: frozenset[str], new: frozenset[str]
) -> Change:
    """Make the change that adds an increment to a page, with the referrers fitted to its hosts.

    If there are new hosts, it is on condition that the page has the known hosts and no others.
    """
    _, countries, form_factors = increment.breakdown
    breakdown = (referrers, keep_largest(countries, MAX_COUNTRIES), form_factors)
    sums = {
        "views": increment.views,
        "visitors": increment.visitors,
        **{_hour_name(hour): views for hour, views in increment.hours.items()},
        **{
            f"{prefix}{name}": views
            for prefix, by_name in zip(_PREFIXES, breakdown, strict=True)
            for name, views in by_name.items()
        },
    }
    unsealed = "attribute_not_exists(#sealed)"
    if not new:
        return growth_of(increment, sums, unsealed=unsealed)
    change = growth_of(increment, sums | {"hosts": len(new)}, unsealed=unsealed)
    unchanged = "#hosts = :known" if known else "attribute_not_exists(#hosts)"
    return replace(
        change,
        condition=f"{change.condition} AND {unchanged}",
        names={**change.names, "#hosts": "hosts"},
        values={**change.values, **({":known": len(known)} if known else {})},
    )


def _hosts_of(page: Item) -> frozenset[str]:
    """Give the referrer hosts that have a sum of their own on a page."""
    return frozenset(_sums_of(page, _REFERRER).keys() - {OTHER})


def _sums_of(page: Item, prefix: str) -> Counter[str]:
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
