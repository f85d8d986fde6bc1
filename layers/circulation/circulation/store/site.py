"""The whole site's numbers: one item for the lifetime and one for each day that had views."""

from datetime import UTC, datetime

from circulation.count import TOTAL, SiteCount
from circulation.store.keys import SITE, site_key
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.times import milliseconds


class Site:
    """The site's numbers in the library's table, as the last run that changed them wrote them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def total(self) -> SiteCount:
        """Read the lifetime numbers of all articles that stand in the library."""
        item = self._table.get(site_key(TOTAL))
        return _count(item) if item else SiteCount(0, 0)

    def days(self, first: str, last: str) -> SiteCount:
        """Sum the UTC days from first to last, both included; as_of is the newest of theirs."""
        if first > last:
            return SiteCount(0, 0)  # DynamoDB would refuse the range
        days = [_count(item) for item in self._table.query(SITE, between=(first, last))]
        return SiteCount(
            sum(day.views for day in days),
            sum(day.visitors for day in days),
            max((day.as_of for day in days if day.as_of), default=None),
        )

    def since(self, first: str) -> dict[str, SiteCount]:
        """Read the numbers of each day from the first on, and of the lifetime, by TOTAL."""
        found = self._table.query(SITE, between=(first, TOTAL))  # a letter follows every digit
        return {item["sk"]: _count(item) for item in found}

    def put(self, name: str, count: SiteCount, *, as_of: datetime) -> bool:
        """Write the numbers of a day or of TOTAL, unless a later run has; tell whether it did."""
        change = Change(
            update="SET #views = :views, #visitors = :visitors, #as_of = :as_of",
            condition="attribute_not_exists(pk) OR #as_of <= :as_of",
            names={"#views": "views", "#visitors": "visitors", "#as_of": "as_of"},
            values={
                ":views": count.views,
                ":visitors": count.visitors,
                ":as_of": milliseconds(as_of),
            },
        )
        try:
            self._table.update(site_key(name), change)
        except ConditionFailed:
            return False
        return True


def _count(item: Item) -> SiteCount:
    as_of = datetime.fromtimestamp(item["as_of"] / 1000, UTC)
    return SiteCount(item["views"], item["visitors"], as_of)
