"""The day book: a page of counters for every article viewed on a day."""

from collections.abc import Iterator
from contextlib import suppress

from circulation.count import DayCount
from circulation.store.growth import grow
from circulation.store.keys import BUCKETS, page_key, page_partition
from circulation.store.table import Change, ConditionFailed, Table
from circulation.tally import Increment, Refusal

MAX_OPENED = 10_000


class DayBook:
    """The pages in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._opened: set[tuple[str, str]] = set()

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
        """Fold an increment into the article's page, unless its lines are in already."""
        hours = {_hour(hour): views for hour, views in increment.hours.items()}
        return grow(
            self._table,
            page_key(increment.article, increment.day),
            increment,
            {"views": increment.views, "visitors": increment.visitors} | hours,
            unsealed="attribute_not_exists(#sealed)",
        )

    def pages(self, day: str) -> Iterator[tuple[str, int]]:
        """Give every article viewed on the day and how many of its views are tallied."""
        for bucket in BUCKETS:
            for page in self._table.query(page_partition(day, bucket), consistent=True):
                yield page["sk"], page["views"]

    def correct(self, article: str, day: str, true: DayCount) -> None:
        """Set an open page's numbers."""
        sums = {"views": true.views, "visitors": true.visitors} | {
            _hour(hour): true.hours.get(hour, 0) for hour in range(24)
        }
        change = Change(
            update="SET " + ", ".join(f"#{name} = :{name}" for name in sums),
            names={f"#{name}": name for name in sums},
            values={f":{name}": number for name, number in sums.items()},
        )
        self._table.update(page_key(article, day), change)


def _hour(hour: int) -> str:
    """Name the attribute of an hour's views: h00 to h23."""
    return f"h{hour:02}"
