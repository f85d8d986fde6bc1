"""The ledger: who viewed what on which day; the only truth about recent views."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.counts import DayCount
from circulation.counting.keys import BUCKETS, TRAITS, ledger_key, ledger_partition
from circulation.counting.view import Entry, View
from circulation.times import milliseconds, start_of

KEEP = timedelta(days=4)
"""Lines of a day expire this long after its start: three days after it has ended."""
EXPIRY_MARGIN = timedelta(hours=1)
"""Longer than the recount of an article takes: none that began in time ends without its lines."""
MAX_NONCES = 64
"""Nonces that a line remembers; of a visitor's later views that day it knows the last one's."""

NONCE_BYTES = 8


class Ledger:
    """The ledger's table: one line per visitor, article and day."""

    def __init__(self, table: Table, *, since: str = "") -> None:
        """Take the table, and the UTC day on which it began where the library is older than it."""
        self._table = table
        self._since = since

    def time(self) -> datetime:
        """Read the clock by which lines expire."""
        return self._table.time()

    def enter(self, view: View, *, repeat_window: timedelta) -> Entry:
        """Enter a view unless the visitor's last one is less than the window ago: one write.

        Without a window every load is a view, in whatever order they arrive.

        The nonce tells a retry of a hit that is already in from a second visit: the retry finds its
        own nonce in the line, whatever else was entered since, and is counted, once. A line that
        remembers MAX_NONCES takes a second write, and the newest nonce alone.
        """
        key = ledger_key(view.article, view.day, view.visitor)
        try:
            line = self._table.update(key, _entering(view, repeat_window, remembered=True))
        except ConditionFailed as failed:
            if _is_in(failed.item, view) or len(failed.item["xs"]) < MAX_NONCES:
                return _entry(failed.item, counted=_is_in(failed.item, view), fresh=False)
        else:
            return _entry(line, counted=True, fresh=True)
        try:
            line = self._table.update(key, _entering(view, repeat_window, remembered=False))
        except ConditionFailed as failed:
            return _entry(failed.item, counted=_is_in(failed.item, view), fresh=False)
        return _entry(line, counted=True, fresh=True)

    def find(self, view: View) -> Entry | None:
        """Give the line that a view would be entered in, counted if it is this very view's."""
        line = self._table.get(ledger_key(view.article, view.day, view.visitor), consistent=True)
        return _entry(line, counted=_is_in(line, view), fresh=False) if line else None

    def is_complete(self, day: str, *, now: datetime) -> bool:
        """Tell whether the ledger keeps every line of a day, for as long as a recount may take.

        It has no line of before it began, and each line expires.
        """
        return day > self._since and now + EXPIRY_MARGIN < start_of(day) + KEEP

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


def nonce_digest(nonce: str) -> bytes:
    """Shorten a nonce to the 8 bytes by which a ledger line remembers it."""
    return hashlib.blake2b(nonce.encode(errors="surrogatepass"), digest_size=NONCE_BYTES).digest()


def _entering(view: View, repeat_window: timedelta, *, remembered: bool) -> Change:
    """Lay out what a view writes. Its traits replace those of the last view.

    A nonce is remembered with those of the day's earlier views while there is room, and else as the
    last one alone. The room never comes back: a set that began anew would forget.
    """
    again = "#x <> :nonce AND NOT contains(#xs, :digest)"
    again += " AND size(#xs) < :most" if remembered else ""
    again += " AND #at <= :cutoff" if repeat_window else ""
    cutoff = {":cutoff": milliseconds(view.at - repeat_window)} if repeat_window else {}
    digest = nonce_digest(view.nonce)
    room = {":most": MAX_NONCES, ":digests": {digest}} if remembered else {}
    traits = {f"#{name}": value for name, value in zip(TRAITS, view.traits, strict=True)}
    written: dict[str, Any] = {name: value for name, value in traits.items() if value is not None}
    written |= {"#a": True} if view.anonymous else {}
    removed = [name for name in traits if name not in written]
    return Change(
        update="SET #n = if_not_exists(#n, :none) + :one, #at = :now, #x = :nonce, #ttl = :ttl"
        + "".join(f", {name} = :{name[1:]}" for name in written)
        + (f" REMOVE {', '.join(removed)}" if removed else "")
        + (" ADD #xs :digests" if remembered else ""),
        condition=f"attribute_not_exists(pk) OR ({again})",
        names={name: name[1:] for name in ("#n", "#at", "#x", "#xs", "#ttl", *written, *removed)},
        values={
            ":none": 0,
            ":one": 1,
            ":now": milliseconds(view.at),
            ":nonce": view.nonce,
            ":digest": digest,
            ":ttl": int((start_of(view.day) + KEEP).timestamp()),
            **room,
            **cutoff,
            **{f":{name[1:]}": value for name, value in written.items()},
        },
    )


def _is_in(line: Item, view: View) -> bool:
    """Tell whether a line holds a view already, by its nonce."""
    return line["x"] == view.nonce or nonce_digest(view.nonce) in line["xs"]


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
