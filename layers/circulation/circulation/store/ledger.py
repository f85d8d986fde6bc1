"""The ledger: who viewed what on which day; the only truth about recent views."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from circulation.count import DayCount
from circulation.store.keys import BUCKETS, ledger_key, ledger_partition
from circulation.store.table import Change, ConditionFailed, Item, Table
from circulation.times import milliseconds, start_of
from circulation.view import Entry, View

KEEP = timedelta(days=4)
"""Lines of a day expire this long after its start: three days after it has ended."""


class Ledger:
    """The ledger's table: one line per visitor, article and day."""

    def __init__(self, table: Table, *, since: str = "") -> None:
        """Take the table, and the UTC day on which it began where the library is older than it."""
        self._table = table
        self._since = since

    def enter(self, view: View, *, repeat_window: timedelta) -> Entry:
        """Enter a view unless the visitor's last one is less than the window ago: one write.

        Without a window every load is a view, in whatever order they arrive.

        The nonce tells a retry of a hit that is already in from a second visit: the retry finds its
        own nonce in the line and is counted, once.
        """
        try:
            line = self._table.update(
                ledger_key(view.article, view.day, view.visitor), _entering(view, repeat_window)
            )
        except ConditionFailed as failed:
            return _entry(failed.item, counted=failed.item.get("x") == view.nonce, fresh=False)
        return _entry(line, counted=True, fresh=True)

    def find(self, view: View) -> Entry | None:
        """Give the line that a view would be entered in, counted if it is this very view's."""
        line = self._table.get(ledger_key(view.article, view.day, view.visitor), consistent=True)
        return _entry(line, counted=line["x"] == view.nonce, fresh=False) if line else None

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Tell whether the ledger has every line of a day: since it began, until they expire."""
        return day > self._since and now < start_of(day) + KEEP

    def recount(self, article: str, day: str) -> DayCount:
        """Count an article's day from its lines, strongly consistent.

        A line of nobody in particular is no visitor. The hours are those of each visitor's last
        view: a line keeps no earlier one.
        """
        views, visitors = 0, 0
        hours: Counter[int] = Counter()
        for bucket in BUCKETS:
            for line in self._table.query(ledger_partition(article, day, bucket), consistent=True):
                views += line["n"]
                visitors += "a" not in line
                hours[_instant(line["at"]).hour] += line["n"]
        return DayCount(views, visitors, dict(hours))


def _entering(view: View, repeat_window: timedelta) -> Change:
    """Lay out what a view writes. The line tells of the last view alone: the rest is taken off."""
    again = "#x <> :nonce" + (" AND #at <= :cutoff" if repeat_window else "")
    cutoff = {":cutoff": milliseconds(view.at - repeat_window)} if repeat_window else {}
    about: dict[str, Any] = {"#r": view.referrer, "#c": view.country, "#f": view.form_factor}
    told = {name: value for name, value in about.items() if value is not None}
    told |= {"#a": True} if view.anonymous else {}
    untold = [name for name in about if name not in told]
    return Change(
        update="SET #n = if_not_exists(#n, :none) + :one, #at = :now, #x = :nonce, #ttl = :ttl"
        + "".join(f", {name} = :{name[1:]}" for name in told)
        + (f" REMOVE {', '.join(untold)}" if untold else ""),
        condition=f"attribute_not_exists(pk) OR ({again})",
        names={name: name[1:] for name in ("#n", "#at", "#x", "#ttl", *told, *untold)},
        values={
            ":none": 0,
            ":one": 1,
            ":now": milliseconds(view.at),
            ":nonce": view.nonce,
            ":ttl": int((start_of(view.day) + KEEP).timestamp()),
            **cutoff,
            **{f":{name[1:]}": value for name, value in told.items()},
        },
    )


def _entry(line: Item, *, counted: bool, fresh: bool) -> Entry:
    return Entry(
        counted=counted,
        fresh=fresh,
        at=_instant(line["at"]),
        views=line["n"],
        anonymous="a" in line,
    )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
