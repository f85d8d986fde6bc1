"""The ledger: who viewed what on which day; the only truth about recent views."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from circulation.count import DayCount
from circulation.store.keys import BUCKETS, ledger_key, ledger_partition
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.times import milliseconds, start_of
from circulation.view import Entry, View

KEEP = timedelta(days=4)
"""Lines of a day expire this long after its start: three days after it has ended."""


class Ledger:
    """The ledger's table: one line per visitor, article and day."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def enter(self, view: View, *, cutoff: datetime) -> Entry:
        """Enter a view unless the visitor's last one came after the cutoff: one conditional write.

        The nonce tells a retry of a hit that is already in from a second visit: the retry finds its
        own nonce in the line and is counted, once.
        """
        try:
            line = self._table.update(
                ledger_key(view.article, view.day, view.visitor),
                Change(
                    update=(
                        "SET #n = if_not_exists(#n, :none) + :one, #at = :now, #x = :nonce, "
                        "#ttl = :ttl"
                    ),
                    condition="attribute_not_exists(pk) OR (#at <= :cutoff AND #x <> :nonce)",
                    names={"#n": "n", "#at": "at", "#x": "x", "#ttl": "ttl"},
                    values={
                        ":none": 0,
                        ":one": 1,
                        ":now": milliseconds(view.at),
                        ":cutoff": milliseconds(cutoff),
                        ":nonce": view.nonce,
                        ":ttl": int((start_of(view.day) + KEEP).timestamp()),
                    },
                ),
            )
        except ConditionFailed as failed:
            return _entry(failed.item, counted=failed.item.get("x") == view.nonce, fresh=False)
        return _entry(line, counted=True, fresh=True)

    def recount(self, article: str, day: str) -> DayCount:
        """Count an article's day from its lines, strongly consistent.

        The hours are those of each visitor's last view: a line keeps no earlier one.
        """
        views, visitors = 0, 0
        hours: Counter[int] = Counter()
        for bucket in BUCKETS:
            for line in self._table.query(ledger_partition(article, day, bucket), consistent=True):
                views += line["n"]
                visitors += 1
                hours[_instant(line["at"]).hour] += line["n"]
        return DayCount(views, visitors, dict(hours))


def _entry(line: Item, *, counted: bool, fresh: bool) -> Entry:
    return Entry(counted=counted, fresh=fresh, at=_instant(line["at"]), views=line["n"])


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
