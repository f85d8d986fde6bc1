"""The day book: a page of counters for every article viewed on a day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.breakdown import MAX_COUNTRIES, OTHER, Readership, kept_apart, with_room
from circulation.counting.counts import DayCount, PageViews
from circulation.counting.growth import growth, marks_of, refusal_of
from circulation.counting.keys import BUCKETS, CLOSED, TRAITS, page_key, page_partition
from circulation.counting.tally import Increment, Refusal

MAX_OPENED = 10_000

_REFERRER, *_ = _PREFIXES = tuple(f"{name}#" for name in TRAITS)
"""What the names of a breakdown's attributes begin with, by trait."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page of a day: what is tallied, or the final numbers once it is sealed."""

    article: str
    day: str
    count: DayCount
    sealed: bool
    marks: tuple[str, ...]
    """The attributes that guard it against lines it holds already; a sealed page takes no lines."""
    drift: int = 0
    """How many views more than were tallied a sealed page was given."""
    opened: bool = True
    """There is such a page."""


class DayBook:
    """The pages in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._opened: set[tuple[str, str]] = set()
        self._hosts: dict[tuple[str, str], frozenset[str]] = {}

    def open(self, article: str, day: str) -> None:
        """See to it that the article has a page of the day; one write per container and page."""
        if (article, day) in self._opened:
            return
        change = Change(
            update="SET #views = :none, #visitors = :none",
            condition="attribute_not_exists(pk)",
            names={"#views": "views", "#visitors": "visitors"},
            values={":none": 0},
        )
        with suppress(ConditionFailed):  # then it is open already
            self._table.update(page_key(article, day), change)
        if len(self._opened) >= MAX_OPENED:
            self._opened.clear()
        self._opened.add((article, day))

    def grow(self, increment: Increment) -> Refusal | None:
        """Fold an increment into the article's page, unless its lines are in already.

        A page never forgets a host, so the number of its hosts tells whether it is still the page
        that was last seen. New hosts are added on condition that it is; else the answer shows the
        page as it stands, and the hosts are fitted to that. Each round means that another shard's
        fold has added a host, so there are no more rounds than a page has hosts.
        """
        page = (increment.article, increment.day)
        known = self._hosts.get(page, frozenset())
        while True:
            referrers, new = with_room(increment.breakdown.referrers, known)
            try:
                self._table.update(page_key(*page), _growth(increment, referrers, known, new))
            except ConditionFailed as failed:
                known = _hosts(failed.item)
                refusal = refusal_of(failed.item, increment)
                if refusal.holds_against(increment):
                    self._remember(page, known)
                    return refusal
            else:
                self._remember(page, known | new)
                return None

    def page(self, article: str, day: str) -> Page:
        """Read one page; one that was never opened is empty."""
        item = self._table.get(page_key(article, day), consistent=True)
        if item is None:
            return Page(article, day, DayCount(0, 0, {}), sealed=False, marks=(), opened=False)
        return _page(day, item)

    def pages(self, day: str) -> Iterator[Page]:
        """Give the page of every article viewed on the day."""
        for bucket in BUCKETS:
            for item in self._table.query(page_partition(day, bucket), consistent=True):
                yield _page(day, item)

    def readership(self, article: str, days: Iterable[str]) -> Readership:
        """Sum an article's pages of some days, with their breakdowns."""
        readership = Readership()
        for page in self._table.get_many(page_key(article, day) for day in days):
            readership.views += page["views"]
            readership.visitors += page["visitors"]
            for sums, prefix in zip(readership.breakdown, _PREFIXES, strict=True):
                sums.update(_sums(page, prefix))
        return readership

    def read(self, day: str, *, hourly: bool) -> Iterator[PageViews]:
        """Give the numbers on every page of the day, by hour too where that is asked for."""
        only = ["sk", "views", "visitors", "sealed", *(_HOURS if hourly else ())]
        for bucket in BUCKETS:
            for page in self._table.query(page_partition(day, bucket), only=only):
                yield PageViews(
                    page["sk"],
                    page["views"],
                    page["visitors"],
                    _hours(page),
                    sealed=page.get("sealed", False),
                )

    def days(self, article: str, days: Iterable[str]) -> dict[str, DayCount]:
        """Give an article's numbers on those of the days on which it has a page."""
        pages = self._table.get_many(page_key(article, day) for day in days)
        return {
            _day(page): DayCount(page["views"], page["visitors"], _hours(page)) for page in pages
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
        """Set a page's final numbers, which no later line changes; answer with it as it stands.

        How far the tally was off is kept on the page, in the same write. A page that was sealed
        meanwhile keeps its numbers. So does one that has grown, where the final numbers are not
        complete, that is the ledger may have lost lines: it is answered unsealed.
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
            return _page(page.day, failed.item)
        return replace(page, count=final, sealed=True, drift=changed["drift"])

    def closed_until(self) -> str | None:
        """Name the last day up to which every page is sealed and settled; None before the first."""
        item = self._table.get(CLOSED, consistent=True)
        return item["day"] if item else None

    def close(self, day: str) -> None:
        """Note that every page up to a day is sealed and settled; it is never taken back."""
        change = Change(
            update="SET #day = :day",
            condition="attribute_not_exists(pk) OR #day < :day",
            names={"#day": "day"},
            values={":day": day},
        )
        with suppress(ConditionFailed):  # a later day is noted already
            self._table.update(CLOSED, change)

    def _remember(self, page: tuple[str, str], hosts: frozenset[str]) -> None:
        if len(self._hosts) >= MAX_OPENED:
            self._hosts.clear()
        if hosts:
            self._hosts[page] = hosts


def _page(day: str, item: Item) -> Page:
    return Page(
        item["sk"],
        day,
        DayCount(item.get("views", 0), item.get("visitors", 0), _hours(item)),
        sealed=item.get("sealed", False),
        marks=marks_of(item, day),
        drift=item.get("drift", 0),
    )


def _numbers(count: DayCount) -> dict[str, int]:
    hours = {_hour(hour): count.hours.get(hour, 0) for hour in range(24)}
    return {"views": count.views, "visitors": count.visitors} | hours


def _growth(
    increment: Increment, referrers: dict[str, int], known: frozenset[str], new: frozenset[str]
) -> Change:
    """Lay out what a page grows by; new hosts only if it has the known ones and no other."""
    _, countries, form_factors = increment.breakdown
    breakdown = (referrers, kept_apart(countries, MAX_COUNTRIES), form_factors)
    sums = {
        "views": increment.views,
        "visitors": increment.visitors,
        **{_hour(hour): views for hour, views in increment.hours.items()},
        **{
            f"{prefix}{name}": views
            for prefix, by_name in zip(_PREFIXES, breakdown, strict=True)
            for name, views in by_name.items()
        },
    }
    unsealed = "attribute_not_exists(#sealed)"
    if not new:
        return growth(increment, sums, unsealed=unsealed)
    change = growth(increment, sums | {"hosts": len(new)}, unsealed=unsealed)
    unchanged = "#hosts = :known" if known else "attribute_not_exists(#hosts)"
    return replace(
        change,
        condition=f"{change.condition} AND {unchanged}",
        names={**change.names, "#hosts": "hosts"},
        values={**change.values, **({":known": len(known)} if known else {})},
    )


def _hosts(page: Item) -> frozenset[str]:
    """Give the referrer hosts that a page keeps apart."""
    return frozenset(_sums(page, _REFERRER).keys() - {OTHER})


def _sums(page: Item, breakdown: str) -> Counter[str]:
    """Read the sums of a breakdown out of a page's item, by what was told."""
    return Counter(
        {name.removeprefix(breakdown): page[name] for name in page if name.startswith(breakdown)}
    )


def _hour(hour: int) -> str:
    """Name the attribute of an hour's views: h00 to h23."""
    return f"h{hour:02}"


_HOURS = {_hour(hour): hour for hour in range(24)}


def _hours(page: Item) -> dict[int, int]:
    """Read the views by hour of the day, of the hours that have any."""
    return {_HOURS[name]: number for name, number in page.items() if number and name in _HOURS}


def _day(page: Item) -> str:
    """Read the day out of a page's key."""
    return str(page["pk"].split("#")[1])
