"""The lifetime counters: one COUNT item beside each article, never inside it."""

from contextlib import suppress

from circulation.count import Count, DayCount
from circulation.errors import ArticleNotFound
from circulation.store.growth import grow
from circulation.store.items import count_of_item
from circulation.store.keys import count_key
from circulation.store.table import Change, ConditionFailed, Table
from circulation.tally import Increment, Refusal


class Counters:
    """The counters in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, article: str, *, consistent: bool = False) -> Count:
        """Read an article's count. Raises ArticleNotFound."""
        item = self._table.get(count_key(article), consistent=consistent)
        if item is None:
            raise ArticleNotFound(article)
        return count_of_item(item)

    def grow(self, increment: Increment) -> Refusal | None:
        """Fold an increment into the lifetime numbers, unless its lines are in already."""
        return grow(
            self._table,
            count_key(increment.article),
            increment,
            {
                f"views#{increment.day}": increment.views,
                f"visitors#{increment.day}": increment.visitors,
            },
            unsealed="NOT contains(#sealed, :day)",
        )

    def raise_base(self, article: str, total: int) -> None:
        """Raise what an older counter had counted; a smaller total changes nothing."""
        change = Change(
            update="SET #base = :total",
            condition="attribute_exists(pk) AND #base < :total",
            names={"#base": "base"},
            values={":total": total},
        )
        with suppress(ConditionFailed):
            self._table.update(count_key(article), change)

    def open_views(self, article: str, day: str) -> int:
        """Read how many views of an open day are tallied."""
        item = self._table.get(count_key(article), consistent=True)
        return int(item.get(f"views#{day}", 0)) if item else 0

    def correct(self, article: str, day: str, true: DayCount) -> None:
        """Set an open day's numbers."""
        change = Change(
            update="SET #views = :views, #visitors = :visitors",
            names={"#views": f"views#{day}", "#visitors": f"visitors#{day}"},
            values={":views": true.views, ":visitors": true.visitors},
        )
        self._table.update(count_key(article), change)
