"""The whole site's numbers: one item for the lifetime, and one for each day that had views."""

from datetime import datetime

from circulation.aws.table import Item, Table
from circulation.counting.counts import TOTAL, Total
from circulation.popularity.keys import SITE, site_key
from circulation.times import moment_of


class Site:
    """The site's numbers in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def total(self) -> Total:
        """Read the lifetime numbers of all articles in the library."""
        item = self._table.get(site_key(TOTAL))
        return _total_of_item(item) if item else Total(0, 0)

    def days(self, first: str, last: str) -> Total:
        """Sum the UTC days from first to last, both included; as_of is the newest of theirs."""
        if first > last:
            return Total(0, 0)  # DynamoDB would refuse the range
        days = [_total_of_item(item) for item in self._table.query(SITE, between=(first, last))]
        return Total(
            sum(day.views for day in days),
            sum(day.visitors for day in days),
            max((day.as_of for day in days if day.as_of), default=None),
        )

    def first_day(self) -> str | None:
        """Give the first UTC day that has any views; None if none has."""
        first = next(self._table.query(SITE, limit=1), None)  # a digit comes before every letter
        return first["sk"] if first and first["sk"] != TOTAL else None

    def by_day(self, first: str, last: str) -> dict[str, Total]:
        """Read the numbers of each of the UTC days from first to last, of those that have any."""
        items = self._table.query(SITE, between=(first, last))
        return {item["sk"]: _total_of_item(item) for item in items}

    def since(self, first: str) -> dict[str, Total]:
        """Read the numbers of each day from first on, and of the lifetime, by day or TOTAL."""
        items = self._table.query(SITE, between=(first, TOTAL))  # a letter follows every digit
        return {item["sk"]: _total_of_item(item) for item in items}

    def put(self, name: str, count: Total, *, as_of: datetime, clock: datetime) -> bool:
        """Write the numbers of a day or of TOTAL unless a later run has; say whether it did.

        Clock is the current time: stored numbers of the future are not later ones.
        """
        numbers = {"views": count.views, "visitors": count.visitors}
        return self._table.put_latest(site_key(name), numbers, as_of=as_of, clock=clock)


def _total_of_item(item: Item) -> Total:
    as_of = moment_of(item["as_of"])
    return Total(item["views"], item["visitors"], as_of)
